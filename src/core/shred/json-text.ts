import {
  BACKSLASH,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  ENDS_RUN,
  IS_ESCAPE,
  IS_HEX,
  IS_SPACE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from "./json-bytes.ts";
import { skipScalar } from "./json-scalar.ts";
import { Unexpected } from "./unexpected.ts";

const U = 0x75;

export function skipSpace(bytes: Uint8Array, at: number): number {
  while (IS_SPACE[bytes[at]!] === 1) at++;
  return at;
}

/** @returns the next byte that does not stand for itself in a string */
export function skipPlain(bytes: Uint8Array, at: number): number {
  while (ENDS_RUN[bytes[at]!] === 0) at++;
  return at;
}

/**
 * @param at after the opening quote
 * @returns after the closing one
 */
export function skipString(bytes: Uint8Array, at: number): number {
  for (;;) {
    while (ENDS_RUN[bytes[at]!] === 0) at++;
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) throw new Unexpected("a string's closing quote", at);
    at = skipEscape(bytes, at);
  }
}

/** @param at of the backslash */
function skipEscape(bytes: Uint8Array, at: number): number {
  const byte = bytes[at + 1]!;
  if (IS_ESCAPE[byte] !== 1) throw new Unexpected("an escape", at);
  if (byte !== U) return at + 2;
  for (let hex = at + 2; hex < at + 6; hex++)
    if (IS_HEX[bytes[hex]!] !== 1) throw new Unexpected("four hexadecimal digits", hex);
  return at + 6;
}

/** The colon after a key, with the white space around it. */
export function skipColon(bytes: Uint8Array, at: number): number {
  at = skipSpace(bytes, at);
  if (bytes[at] !== COLON) throw new Unexpected("a colon", at);
  return skipSpace(bytes, at + 1);
}

/** By depth: the bracket that closes what is open. Shared, and grown to the deepest text: nothing here is re-entrant. */
const closings: number[] = [];
let depth = 0;

/**
 * Any JSON value, checked as strictly as JSON.parse does, without recursion, so that no nesting is too deep.
 * @param at of its first byte, after white space
 * @returns after its last byte
 */
export function skipValue(bytes: Uint8Array, at: number): number {
  depth = 0;
  do at = skipUp(bytes, skipDown(bytes, at));
  while (depth > 0);
  return at;
}

/** Into containers, until a value that has no others in it is past. */
function skipDown(bytes: Uint8Array, at: number): number {
  for (;;) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return skipString(bytes, at + 1);
    if (byte !== OPEN_OBJECT && byte !== OPEN_ARRAY) return skipScalar(bytes, at);
    // In ASCII, the closing bracket of both kinds comes two after the opening one.
    const closing = byte + 2;
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === closing) return at + 1;
    closings[depth++] = closing;
    if (byte === OPEN_OBJECT) at = skipKey(bytes, at);
  }
}

/** Out of containers, until the next value comes or the outermost one is past. */
function skipUp(bytes: Uint8Array, at: number): number {
  while (depth > 0) {
    const closing = closings[depth - 1]!;
    at = skipSpace(bytes, at);
    const byte = bytes[at];
    if (byte === COMMA) {
      at = skipSpace(bytes, at + 1);
      return closing === CLOSE_OBJECT ? skipKey(bytes, at) : at;
    }
    if (byte !== closing) throw new Unexpected("a comma or a closing bracket", at);
    at++;
    depth--;
  }
  return at;
}

/** A member's key, its colon and the white space around it. */
function skipKey(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) throw new Unexpected("a key", at);
  return skipColon(bytes, skipString(bytes, at + 1));
}
