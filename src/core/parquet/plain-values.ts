import type { ByteSink } from "../bytes/byte-sink.ts";
import type { ByteStrings } from "../bytes/byte-strings.ts";

/** A value's length is written in so many bytes before it. */
export const LENGTH_BYTES = 4;

/** The values one after the other, each behind its length (Encodings.md, "Plain"). */
export function writePlain(sink: ByteSink, values: ByteStrings, ids: Int32Array): void {
  const { starts } = values;
  const { bytes } = values.sink;
  for (let index = 0; index < ids.length; index++) {
    const start = starts[ids[index]!]!;
    const end = starts[ids[index]! + 1]!;
    sink.uint32(end - start);
    sink.append(bytes, start, end);
  }
}

/** How many bytes that takes. */
export function measurePlain(values: ByteStrings, ids: Int32Array): number {
  let size = ids.length * LENGTH_BYTES;
  for (let index = 0; index < ids.length; index++) size += values.lengthOf(ids[index]!);
  return size;
}
