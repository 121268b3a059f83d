import { isUtf8 } from "node:buffer";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findNotUtf8 } from "./find-not-utf8.ts";

function find(text: Uint8Array): number {
  const padded = new Uint8Array(text.length + 64);
  padded.set(text);
  return findNotUtf8(padded, text.length);
}

/** Long stretches of ASCII, bytes of all kinds, and characters of all lengths. */
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 3 }),
  fc.string({ unit: "binary", maxLength: 4 }).map((text) => new Uint8Array(Buffer.from(text))),
  fc.nat(40).map((length) => new Uint8Array(length).fill(0x41)),
);

test("findNotUtf8 accepts what Node's isUtf8 does", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const text = Buffer.concat(pieces);
      expect(find(text) < 0).toBe(isUtf8(text));
    }),
    { numRuns: 1000 },
  );
});

test("findNotUtf8 says where, behind what is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const before = Buffer.from(text);
      expect(find(Buffer.concat([before, Buffer.from([0xff, 0x41])]))).toBe(before.length);
    }),
  );
});

test.each([
  ["overlong", [0xc0, 0x80]],
  ["overlong, of three bytes", [0xe0, 0x9f, 0xbf]],
  ["overlong, of four bytes", [0xf0, 0x8f, 0xbf, 0xbf]],
  ["a surrogate", [0xed, 0xa0, 0x80]],
  ["above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
  ["cut", [0xf0, 0x9f, 0x98]],
  ["a lone continuation", [0x80]],
])("findNotUtf8 finds what is %s", (_, bytes) => {
  expect(find(Uint8Array.from([0x41, ...bytes]))).toBe(1);
});
