import { ByteStrings } from "../bytes/byte-strings.ts";
import type { Text } from "../bytes/text.ts";
import { BACKSLASH } from "./json-bytes.ts";
import type { JsonReader } from "./json-reader.ts";
import { parseJsonString } from "./json-string.ts";
import type { FieldShape } from "./record-shape.ts";

const encoder = new TextEncoder();
/** In bytes: a field's name is shorter, with each letter escaped too. */
const LONGEST_KEY = 1024;

/** Which field of a struct a key names; it reads one object after the other, never one within another of its kind. */
export class FieldNames {
  private readonly spellings: readonly string[];
  /** By field. */
  private readonly names = new ByteStrings();
  /** Fields by the number of bytes of their names. */
  private readonly byLength: (number[] | undefined)[] = [];
  /** By 1 + a field, 0 for the beginning: the field that came after it last, since records of a kind have one order. */
  private readonly following: Int32Array;
  /** By field: the object that it was last met in. */
  private readonly metIn: Int32Array;
  private object = 0;
  private previous = 0;

  constructor(fields: readonly FieldShape[]) {
    this.spellings = fields.map(({ name }) => name);
    for (const [field, name] of this.spellings.entries()) {
      const bytes = encoder.encode(name);
      this.names.append(bytes, 0, bytes.length);
      (this.byLength[bytes.length] ??= []).push(field);
    }
    const last = fields.length - 1;
    this.following = Int32Array.from({ length: fields.length + 1 }, (_, field) => Math.min(field, last));
    this.metIn = new Int32Array(fields.length);
  }

  /** A new object begins. */
  begin(): void {
    this.object++;
    this.previous = 0;
  }

  /**
   * Reads a key and its colon.
   * @returns its field; -1 where no field has that name, or the object had it before
   */
  read(reader: JsonReader): number {
    const guess = this.following[this.previous]!;
    const field = reader.skipKeyIf(this.names, guess) ? guess : this.search(reader);
    if (field < 0 || this.metIn[field] === this.object) return -1;
    this.metIn[field] = this.object;
    this.previous = field + 1;
    return field;
  }

  private search(reader: JsonReader): number {
    const start = reader.at + 1;
    const end = reader.skipKey() - 1;
    const field = this.find(reader.text, start, end);
    if (field >= 0) this.following[this.previous] = field;
    return field;
  }

  private find(text: Text, start: number, end: number): number {
    const candidates = this.byLength[end - start];
    if (candidates !== undefined)
      for (let index = 0; index < candidates.length; index++)
        if (this.names.isAt(candidates[index]!, text, start)) return candidates[index]!;
    if (end - start > LONGEST_KEY || !text.bytes.subarray(start, end).includes(BACKSLASH)) return -1;
    return this.spellings.indexOf(parseJsonString(text.bytes, start - 1, end + 1));
  }
}
