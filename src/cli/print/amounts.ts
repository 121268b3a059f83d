/** 1234567 as "1,234,567". */
export function printCount(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 file", "2 files". */
export function printNumber(count: number, noun: string): string {
  return `${printCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Bytes in the unit that leaves few digits: "1.5 MB" (powers of 1,000). */
export function printBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (Math.round(value) >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
