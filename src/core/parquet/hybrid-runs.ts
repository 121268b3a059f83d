import type { ByteSink } from "../bytes/byte-sink.ts";

/** Fewer equal values than this are packed, not counted. */
const SHORTEST_RUN = 8;

/** Values of that many bits, at most 24, from `start` to before `end`. */
export interface HybridRange {
  readonly start: number;
  readonly end: number;
  readonly bits: number;
}

/** The hybrid of run lengths and bit-packed values that levels and indexes are written in (Encodings.md, "RLE"). */
export function writeHybrid(sink: ByteSink, values: Int32Array, range: HybridRange): void {
  const { start, end, bits } = range;
  let packed = start;
  let at = start;
  while (at < end) {
    const next = findRunEnd(values, at, end);
    // Packed values come in eights, so a run may have to lend some to the packed ones before it.
    const lent = at === packed ? 0 : Math.min(next - at, (8 - ((at - packed) & 7)) & 7);
    if (next - at - lent >= SHORTEST_RUN) {
      writePacked(sink, values, { start: packed, end: at + lent, bits });
      writeRun(sink, values[at]!, { start: at + lent, end: next, bits });
      packed = next;
    }
    at = next;
  }
  writePacked(sink, values, { start: packed, end, bits });
}

/** The same for values that are all one. */
export function writeHybridOf(sink: ByteSink, value: number, range: HybridRange): void {
  const { start, end } = range;
  if (end - start >= SHORTEST_RUN) writeRun(sink, value, range);
  else writeHybrid(sink, new Int32Array(end - start).fill(value), { ...range, start: 0, end: end - start });
}

/** How many bits the values up to this one need. */
export function bitsOf(largest: number): number {
  return 32 - Math.clz32(largest);
}

function findRunEnd(values: Int32Array, start: number, end: number): number {
  const value = values[start]!;
  let next = start + 1;
  while (next < end && values[next] === value) next++;
  return next;
}

function writeRun(sink: ByteSink, value: number, { start, end, bits }: HybridRange): void {
  sink.varint((end - start) * 2);
  for (let shift = 0; shift < bits; shift += 8) sink.byte((value >>> shift) & 0xff);
}

function writePacked(sink: ByteSink, values: Int32Array, { start, end, bits }: HybridRange): void {
  if (start === end) return;
  const groups = Math.ceil((end - start) / 8);
  sink.varint(groups * 2 + 1);
  sink.reserve(groups * bits);
  packBits(sink, values, { start, end, bits });
}

/** In eights, the last of them filled up with zeros. */
function packBits(sink: ByteSink, values: Int32Array, { start, end, bits }: HybridRange): void {
  const { bytes } = sink;
  const last = start + Math.ceil((end - start) / 8) * 8;
  let at = sink.length;
  let held = 0;
  let count = 0;
  for (let index = start; index < last; index++) {
    // Up to 7 bits are held, so that 24 more fit.
    held |= (index < end ? values[index]! : 0) << count;
    for (count += bits; count >= 8; count -= 8) {
      bytes[at++] = held & 0xff;
      held >>>= 8;
    }
  }
  sink.length = at;
}
