import { UserError } from "./user-error.ts";

/** Powers of 1,000, as AWS counts in its limits. */
const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"];

/**
 * "1.5TB" as bytes, in powers of 1,000.
 * @param option what the text was given as, for the error: "--max-scan"
 * @param example of a size that is usual there
 * @throws UserError for anything but a number above 0 with its unit
 */
export function parseBytes(text: string, option: string, example = "100GB"): number {
  const [, figure, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([KMGTP]?B)\s*$/i.exec(text) ?? [];
  const bytes = Math.round(Number(figure) * 1000 ** UNITS.indexOf(unit.toUpperCase()));
  if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  throw new UserError(`${option} "${text}" is not a number of bytes`, {
    hint: `write it with its unit, e.g. ${option} ${example} (B, KB, MB, GB or TB)`,
  });
}

/** Bytes in the unit that leaves few digits: "1.5 MB" (powers of 1,000). */
export function printBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.round(value) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1);
  return `${digits} ${UNITS[unit] === "KB" ? "kB" : UNITS[unit]}`;
}
