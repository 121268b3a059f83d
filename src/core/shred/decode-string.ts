import type { ByteSink } from "../bytes/byte-sink.ts";
import { BACKSLASH } from "./json-bytes.ts";
import { skipPlain } from "./json-text.ts";

/** By what follows a backslash: the byte that it stands for. */
const ESCAPED = new Map(
  (
    [
      ['"', 0x22],
      ["\\", BACKSLASH],
      ["/", 0x2f],
      ["b", 8],
      ["f", 0xc],
      ["n", 0xa],
      ["r", 0xd],
      ["t", 9],
    ] as const
  ).map(([letter, byte]) => [letter.charCodeAt(0), byte]),
);
const U = 0x75;
const REPLACEMENT = 0xfffd;

/**
 * Replaces what a sink has by what a JSON string spells, as UTF-8: by way of a string of the engine's, long ones would take
 * several times their room. Half a surrogate pair has no UTF-8: U+FFFD stands for it.
 * @param start after the opening quote
 * @param end before the closing quote of a string that is known to be sound
 * @returns whether there was no half pair
 */
export function decodeString(
  sink: ByteSink,
  bytes: Uint8Array,
  range: { readonly start: number; readonly end: number },
): boolean {
  let isWellFormed = true;
  sink.length = 0;
  for (let at = range.start; at < range.end;) {
    const next = skipPlain(bytes, at);
    sink.append(bytes, at, next);
    at = next;
    if (at >= range.end) break;
    const byte = ESCAPED.get(bytes[at + 1]!);
    if (byte === undefined) {
      const point = readPoint(bytes, at);
      if (isSurrogate(point)) isWellFormed = false;
      writePoint(sink, isSurrogate(point) ? REPLACEMENT : point);
      at += point > 0xffff ? 12 : 6;
    } else {
      sink.byte(byte);
      at += 2;
    }
  }
  return isWellFormed;
}

/** The code point of an escape `\uXXXX`, or of two that are a surrogate pair. */
function readPoint(bytes: Uint8Array, at: number): number {
  const first = readHex(bytes, at + 2);
  if (first < 0xd800 || first > 0xdbff || bytes[at + 6] !== BACKSLASH || bytes[at + 7] !== U) return first;
  const second = readHex(bytes, at + 8);
  return isSurrogate(second) && second >= 0xdc00
    ? 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
    : first;
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}

/** Four digits. */
function readHex(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let index = at; index < at + 4; index++) {
    const byte = bytes[index]!;
    // Letters have bit 6, and their last four bits begin with 1.
    value = value * 16 + (byte & 0xf) + (byte > 0x40 ? 9 : 0);
  }
  return value;
}

function writePoint(sink: ByteSink, point: number): void {
  if (point < 0x80) {
    sink.byte(point);
    return;
  }
  const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  sink.byte(((0xff00 >> (more + 1)) & 0xff) | (point >> (6 * more)));
  for (let shift = 6 * (more - 1); shift >= 0; shift -= 6) sink.byte(0x80 | ((point >> shift) & 0x3f));
}
