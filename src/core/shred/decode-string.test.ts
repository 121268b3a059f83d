import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteSink } from "../bytes/byte-sink.ts";
import { decodeString } from "./decode-string.ts";

function decode(json: string): { readonly text: string; readonly isWellFormed: boolean } {
  const sink = new ByteSink(1);
  const bytes = Buffer.from(json);
  const isWellFormed = decodeString(sink, bytes, { start: 1, end: bytes.length - 1 });
  return {
    text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(sink.written()),
    isWellFormed,
  };
}

describe("decodeString", () => {
  test.each([
    String.raw`""`,
    String.raw`"plain"`,
    String.raw`"\"\\\/\b\f\n\r\t"`,
    String.raw`"\u0000\u007f\u0080\u07ff\u0800\ufffd\uFFFF\uaBcD"`,
    String.raw`"\ud83d\ude00 \uD83D\uDE00 \ud800\udc00\udbff\udfff"`,
    String.raw`"é \u00e9 😀"`,
  ])("reads %s as JSON.parse does", (json) => {
    expect(decode(json)).toEqual({ text: JSON.parse(json), isWellFormed: true });
  });

  test.each([
    String.raw`"\ud83d"`,
    String.raw`"\ude00"`,
    String.raw`"a\ud83db"`,
    String.raw`"\ud83d\ud83d\ude00"`,
    String.raw`"\ude00\ud83d"`,
    String.raw`"\ud83d\n\ude00"`,
    String.raw`"\ud83d\u0041"`,
  ])("tells that %s has half a pair", (json) => {
    expect(decode(json)).toEqual({
      text: Buffer.from(JSON.parse(json) as string).toString(),
      isWellFormed: false,
    });
  });

  test("reads any escapes as JSON.parse does", () => {
    const unit = fc
      .constantFrom("d83d", "DE00", "0041", "00e9", "20ac", "dbff", "dc00")
      .map((hex) => `\\u${hex}`);
    const piece = fc.oneof(unit, fc.constantFrom("a", "é", "😀", "\\n", "\\\\", '\\"', "u", "\\/"));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const json = `"${pieces.join("")}"`;
        const wanted = JSON.parse(json) as string;
        const text = Buffer.from(wanted).toString();
        expect(decode(json)).toEqual({ text, isWellFormed: text === wanted });
      }),
    );
  });
});
