import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TEXT_PADDING } from "../core/shred/json-reader.ts";
import { gunzipTogether } from "./gunzip-together.ts";

const TEXTS = ["one", "", "three".repeat(1000), "é"];
const FILES = TEXTS.map((text) => gzipSync(text));

function unpad(padded: readonly Uint8Array[] | undefined): string[] | undefined {
  return padded?.map((each) => Buffer.from(each.subarray(0, each.length - TEXT_PADDING)).toString());
}

describe("gunzipTogether", () => {
  test("unpacks each file's own text, with zeros behind it", () => {
    const padded = gunzipTogether(FILES);
    expect(unpad(padded)).toEqual(TEXTS);
    for (const each of padded ?? [])
      expect([...each.subarray(-TEXT_PADDING)].every((byte) => byte === 0)).toBe(true);
  });

  const [one = Buffer.alloc(0), , three = Buffer.alloc(0)] = FILES;
  test.each([
    ["is cut", three.subarray(0, -4)],
    ["has zeros behind it", Buffer.concat([three, Buffer.alloc(16)])],
    ["has text behind it", Buffer.concat([three, Buffer.from("and more than eight bytes")])],
    ["has two members", Buffer.concat([three, one])],
    ["is no gzip", Buffer.from("this is no gzip at all")],
    ["is empty", Buffer.alloc(0)],
    ["has a wrong checksum", Buffer.concat([three.subarray(0, -8), Buffer.alloc(4), three.subarray(-4)])],
    ["says that it is large", Buffer.concat([three.subarray(0, -4), Buffer.from([255, 255, 255, 127])])],
  ])("gives nothing where one %s", (_, odd) => {
    expect(gunzipTogether([one, odd, one])).toBeUndefined();
  });

  test("gives nothing where two files are one member", () => {
    expect(gunzipTogether([three.subarray(0, 30), three.subarray(30)])).toBeUndefined();
  });

  test("gives the texts or nothing, whatever byte is another", () => {
    const all = Buffer.concat(FILES);
    fc.assert(
      fc.property(fc.nat({ max: all.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        let start = 0;
        const files = FILES.map((file) => {
          const copy = Buffer.from(file);
          if (at >= start && at < start + file.length) copy[at - start]! ^= change;
          start += file.length;
          return copy;
        });
        expect([undefined, TEXTS]).toContainEqual(unpad(gunzipTogether(files)));
      }),
      { numRuns: 300 },
    );
  });
});
