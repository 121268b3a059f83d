import { hash } from "node:crypto";
import type { Source } from "../core/lake/source-list.ts";
import { TEXT_PADDING } from "../core/shred/json-reader.ts";
import { gunzipPadded, LARGEST_STORED_BYTES, NotGzip } from "./gunzip-log.ts";
import { gunzipTogether } from "./gunzip-together.ts";

/** A log file's text with TEXT_PADDING bytes behind it, or why there is none. */
export type LogText =
  | { readonly kind: "text"; readonly padded: Uint8Array; readonly sha256: string }
  | { readonly kind: "set-aside"; readonly reason: string };

export const TOO_LARGE: LogText = {
  kind: "set-aside",
  reason: `more than ${Math.round(LARGEST_STORED_BYTES / 2 ** 20)} MiB of gzip`,
};

/** Whether a file is not even read: its text would be too large. */
export function isTooLarge({ size }: Source): boolean {
  return size > LARGEST_STORED_BYTES;
}

export function readLogText(bytes: Uint8Array): LogText {
  try {
    return toLogText(gunzipPadded(bytes));
  } catch (error) {
    if (error instanceof NotGzip) return { kind: "set-aside", reason: error.message };
    throw error;
  }
}

/** The same for several small files, in a third of the time. */
export function readLogTexts(files: readonly Uint8Array[]): LogText[] {
  const together = files.length > 1 ? gunzipTogether(files) : undefined;
  return together?.map(toLogText) ?? files.map(readLogText);
}

function toLogText(padded: Uint8Array): LogText {
  const text = padded.subarray(0, padded.length - TEXT_PADDING);
  return { kind: "text", padded, sha256: hash("sha256", text) };
}
