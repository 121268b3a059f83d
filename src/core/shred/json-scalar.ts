import { IS_DIGIT, NULL } from "./json-bytes.ts";
import { Unexpected } from "./unexpected.ts";

const TRUE = 0x74;
const FALSE = 0x66;
const MINUS = 0x2d;
const PLUS = 0x2b;
const ZERO = 0x30;
const POINT = 0x2e;
const SMALL_E = 0x65;
const LARGE_E = 0x45;

/**
 * A number, true, false or null.
 * @returns after it; what follows is for the caller to judge
 */
export function skipScalar(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === NULL) return skipWord(bytes, at, "null");
  if (byte === TRUE) return skipWord(bytes, at, "true");
  if (byte === FALSE) return skipWord(bytes, at, "false");
  return skipNumber(bytes, at);
}

function skipWord(bytes: Uint8Array, at: number, word: string): number {
  for (let index = 0; index < word.length; index++)
    if (bytes[at + index] !== word.charCodeAt(index)) throw new Unexpected("a value", at);
  return at + word.length;
}

function skipNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  if (bytes[at] === ZERO) at++;
  else at = skipDigits(bytes, at);
  if (bytes[at] === POINT) at = skipDigits(bytes, at + 1);
  if (bytes[at] === SMALL_E || bytes[at] === LARGE_E) {
    const sign = bytes[at + 1];
    at = skipDigits(bytes, sign === PLUS || sign === MINUS ? at + 2 : at + 1);
  }
  return at;
}

/** At least one. */
function skipDigits(bytes: Uint8Array, at: number): number {
  if (IS_DIGIT[bytes[at]!] !== 1) throw new Unexpected("a value", at);
  while (IS_DIGIT[bytes[at]!] === 1) at++;
  return at;
}
