import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ByteSink } from "../bytes/byte-sink.ts";
import { bitsOf, writeHybrid } from "./hybrid-runs.ts";

/** A slow reader of the hybrid, bit by bit. */
function read(bytes: Uint8Array, bits: number, count: number): number[] {
  const values: number[] = [];
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const readBits = (first: number): number => {
    let value = 0;
    for (let bit = 0; bit < bits; bit++)
      value += (((bytes[at + ((first + bit) >> 3)] ?? 0) >> ((first + bit) & 7)) & 1) * 2 ** bit;
    return value;
  };
  while (at < bytes.length) {
    const head = readVarint();
    const length = head % 2 === 1 ? (head >> 1) * 8 : head >> 1;
    for (let index = 0; index < length; index++) values.push(readBits(head % 2 === 1 ? index * bits : 0));
    at += head % 2 === 1 ? (length * bits) / 8 : Math.ceil(bits / 8);
  }
  expect(values.length - count).toBeLessThan(8);
  return values.slice(0, count);
}

const runs = fc.array(fc.tuple(fc.nat(0xffffff), fc.oneof(fc.nat(3), fc.nat(40))), { maxLength: 20 });

test("writeHybrid writes what a reader of runs and packed values gives back, of any number of bits", () => {
  fc.assert(
    fc.property(runs, fc.integer({ min: 1, max: 24 }), fc.nat(5), (parts, bits, start) => {
      const values = Int32Array.from(
        parts.flatMap(([value, length]) => Array.from({ length }, () => value % 2 ** bits)),
      );
      const from = Math.min(start, values.length);
      const sink = new ByteSink(1);
      writeHybrid(sink, values, { start: from, end: values.length, bits });
      expect(read(sink.written(), bits, values.length - from)).toEqual([...values.subarray(from)]);
    }),
    { numRuns: 150 },
  );
});

test.each([
  [0, 0],
  [1, 1],
  [2, 2],
  [3, 2],
  [255, 8],
  [256, 9],
])("bitsOf %i is %i", (largest, bits) => {
  expect(bitsOf(largest)).toBe(bits);
});
