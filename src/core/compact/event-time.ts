import type { LeafColumn } from "../shred/leaf-column.ts";

/** What stands at the places of digits is no sign. */
const FORM = Uint8Array.from(Array.from("0000-00-00T00:00:00Z"), (sign) =>
  sign === "0" ? 0 : sign.charCodeAt(0),
);

/** A row's time as a number of 14 digits, 20261122183000; -1 where it is not written as CloudTrail writes times. */
export function readEventTime({ ids, values }: LeafColumn, row: number): number {
  const id = ids[row]! - 1;
  if (id < 0 || values.lengthOf(id) !== FORM.length) return -1;
  const start = values.starts[id]!;
  const { bytes } = values.sink;
  let time = 0;
  for (let at = 0; at < FORM.length; at++) {
    const byte = bytes[start + at]!;
    const sign = FORM[at]!;
    if (sign === 0) {
      if (byte < 0x30 || byte > 0x39) return -1;
      time = time * 10 + byte - 0x30;
    } else if (byte !== sign) return -1;
  }
  return time;
}
