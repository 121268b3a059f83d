import type { LeafColumn } from "../shred/leaf-column.ts";

/** "2026-11-22T18:30:00Z" */
const LENGTH = 20;
const DIGITS = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18] as const;
const SIGNS = [
  [4, "-"],
  [7, "-"],
  [10, "T"],
  [13, ":"],
  [16, ":"],
  [19, "Z"],
] as const;
const SIGN_CODES = SIGNS.map(([at, sign]) => [at, sign.charCodeAt(0)] as const);

/** A row's time as a number of 14 digits, 20261122183000; -1 where it is not written as CloudTrail writes times. */
export function readEventTime({ ids, values }: LeafColumn, row: number): number {
  const id = ids[row]! - 1;
  if (id < 0 || values.lengthOf(id) !== LENGTH) return -1;
  const start = values.starts[id]!;
  const { bytes } = values.sink;
  for (const [at, code] of SIGN_CODES) if (bytes[start + at] !== code) return -1;
  let time = 0;
  for (const at of DIGITS) {
    const digit = bytes[start + at]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    time = time * 10 + digit;
  }
  return time;
}
