import type { ByteStrings } from "../bytes/byte-strings.ts";
import type { Text } from "../bytes/text.ts";
import { makeText } from "../bytes/text.ts";
import { COLON, COMMA, QUOTE } from "./json-bytes.ts";
import { skipColon, skipSpace, skipString, skipValue } from "./json-text.ts";
import { Unexpected } from "./unexpected.ts";

/**
 * More than any reader looks ahead. Were it to look past the end of its array once, in one truncated file, V8 would run
 * every later file through code that is ten times slower.
 */
export const TEXT_PADDING = 64;

/** A place in a text that goes from value to value; it reads one text after the other. */
export class JsonReader {
  /** The text and zeros after it: no reader goes past a zero, so that none looks for the end. */
  text: Text = makeText(new Uint8Array(TEXT_PADDING));
  bytes: Uint8Array = this.text.bytes;
  length = 0;
  at = 0;

  /** @param padded a text and TEXT_PADDING bytes, which are overwritten */
  load(padded: Uint8Array): void {
    this.text = makeText(padded);
    this.bytes = padded;
    this.length = padded.length - TEXT_PADDING;
    this.at = 0;
    padded.fill(0, this.length);
  }

  skipSpace(): void {
    this.at = skipSpace(this.bytes, this.at);
  }

  skipValue(): void {
    this.at = skipValue(this.bytes, this.at);
  }

  /**
   * Goes past a key and its colon.
   * @returns after the key's closing quote
   */
  skipKey(): number {
    if (this.bytes[this.at] !== QUOTE) throw new Unexpected("a key", this.at);
    const end = skipString(this.bytes, this.at + 1);
    this.at = skipColon(this.bytes, end);
    return end;
  }

  /** Goes past a key and its colon if the key has just these bytes: shorter than TEXT_PADDING, and no escape. */
  skipKeyIf(names: ByteStrings, id: number): boolean {
    const { bytes, at } = this;
    const end = at + 1 + names.lengthOf(id);
    if (bytes[at] !== QUOTE || bytes[end] !== QUOTE || !names.isAt(id, this.text, at + 1)) return false;
    if (bytes[end + 1] === COLON && bytes[end + 2]! > 0x20) this.at = end + 2;
    else this.at = skipColon(bytes, end + 1);
    return true;
  }

  /** Goes into an object or a list, and tells whether it has anything. */
  enter(closing: number): boolean {
    const at = skipSpace(this.bytes, this.at + 1);
    const more = this.bytes[at] !== closing;
    this.at = more ? at : at + 1;
    return more;
  }

  /** Goes on in an object or a list, or out of it, and tells whether it has anything more. */
  next(closing: number): boolean {
    const at = skipSpace(this.bytes, this.at);
    const byte = this.bytes[at];
    if (byte === COMMA) {
      this.at = skipSpace(this.bytes, at + 1);
      return true;
    }
    if (byte !== closing) throw new Unexpected("a comma or a closing bracket", at);
    this.at = at + 1;
    return false;
  }
}
