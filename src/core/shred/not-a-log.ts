import type { JsonReader } from "./json-reader.ts";
import type { Unexpected } from "./unexpected.ts";

const LONGEST_EXCERPT = 12;

/** A text that is not that of a log file: `found` stands at byte `at`, where `wanted` had to stand. */
export class NotALog extends Error {
  readonly wanted: string;
  readonly found: string;
  readonly at: number;

  constructor({ wanted, at }: Unexpected, reader: JsonReader) {
    const found = printFound(reader, at);
    super(`expected ${wanted} at byte ${at}, found ${found}`);
    this.wanted = wanted;
    this.found = found;
    this.at = at;
  }
}

/** A few characters as JSON writes them, so that no terminal acts on them; a byte that is no character as its number. */
function printFound({ bytes, length }: JsonReader, at: number): string {
  if (at >= length) return "the end";
  const byte = bytes[at]!;
  if (byte < 0x20 || byte >= 0x7f) return `byte 0x${byte.toString(16).padStart(2, "0")}`;
  const excerpt = bytes.subarray(at, Math.min(at + LONGEST_EXCERPT, length));
  const end = excerpt.findIndex((next) => next < 0x20 || next >= 0x7f);
  return JSON.stringify(String.fromCharCode(...(end < 0 ? excerpt : excerpt.subarray(0, end))));
}
