import { findNotUtf8 } from "../bytes/find-not-utf8.ts";
import type { Text } from "../bytes/text.ts";
import { makeText } from "../bytes/text.ts";
import { CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT } from "./json-bytes.ts";
import { JsonReader, TEXT_PADDING } from "./json-reader.ts";
import { parseJsonString } from "./json-string.ts";
import { NotALog } from "./not-a-log.ts";
import { RecordColumns } from "./record-columns.ts";
import { RecordReader } from "./record-reader.ts";
import type { RecordShape } from "./record-shape.ts";
import { Unexpected } from "./unexpected.ts";

/** Three times as many as fit 50 MB, the most that CloudTrail puts into a file: empty ones would fill the memory. */
const MOST_RECORDS = 500_000;
/** Of a key that can be "Records": with each letter escaped. */
const LONGEST_KEY = 2 + 6 * "Records".length;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/** Takes the texts of log files apart into columns; each file's records follow those of the file before. */
export class Shredder {
  readonly columns: RecordColumns;
  private readonly reader = new JsonReader();
  private readonly records: RecordReader;
  /** Rows that the files before have. */
  private before = 0;

  /** @param shape of all records unless it is given: see makeRecordShape */
  constructor(shape?: RecordShape) {
    this.columns = new RecordColumns(shape);
    this.records = new RecordReader(this.reader, this.columns);
  }

  /**
   * Adds all records of a file's text, or none.
   * @returns how many
   * @throws NotALog for what is not UTF-8, not strict JSON, no list of objects "Records", or has too many of them
   */
  shred(text: Uint8Array, region: string): number {
    const padded = new Uint8Array(text.length + TEXT_PADDING);
    padded.set(text);
    return this.shredPadded(padded, region);
  }

  /**
   * The same, without a copy of the text.
   * @param padded the text, from where a word of 4 bytes begins, and TEXT_PADDING bytes more, which are overwritten
   */
  shredPadded(padded: Uint8Array, region: string): number {
    const { columns, reader } = this;
    this.before = columns.rows;
    columns.mark();
    reader.load(padded);
    try {
      this.readDocuments(makeText(new TextEncoder().encode(region)));
    } catch (error) {
      columns.cut();
      throw error instanceof Unexpected ? new NotALog(error, reader) : error;
    }
    return columns.rows - this.before;
  }

  /** Forgets all records, and keeps the room that they took. */
  clear(): void {
    this.columns.clear();
  }

  /** Lets go of the text that it read last. */
  forgetText(): void {
    this.reader.load(new Uint8Array(TEXT_PADDING));
  }

  /** One object, or several one after the other, as DuckDB reads them too. */
  private readDocuments(region: Text): void {
    const { reader } = this;
    const broken = findNotUtf8(reader.bytes, reader.length);
    if (broken >= 0) throw new Unexpected("UTF-8", broken);
    if (BYTE_ORDER_MARK.every((byte, index) => reader.bytes[index] === byte))
      reader.at = BYTE_ORDER_MARK.length;
    reader.skipSpace();
    do {
      this.readDocument(region);
      reader.skipSpace();
    } while (reader.at < reader.length);
  }

  private readDocument(region: Text): void {
    const { reader } = this;
    const start = reader.at;
    if (reader.bytes[start] !== OPEN_OBJECT) throw new Unexpected('an object with a list "Records"', start);
    let found = false;
    for (let more = reader.enter(CLOSE_OBJECT); more; more = reader.next(CLOSE_OBJECT)) {
      const key = reader.at;
      const end = reader.skipKey();
      if (!isRecords(reader.bytes, key, end)) reader.skipValue();
      else {
        if (found) throw new Unexpected('no second "Records"', key);
        found = true;
        this.readRecords(region);
      }
    }
    if (!found) throw new Unexpected('a list "Records" in the object', start);
  }

  private readRecords(region: Text): void {
    const { reader } = this;
    if (reader.bytes[reader.at] !== OPEN_ARRAY) throw new Unexpected('a list as "Records"', reader.at);
    for (let more = reader.enter(CLOSE_ARRAY); more; more = reader.next(CLOSE_ARRAY)) this.readRecord(region);
  }

  private readRecord(region: Text): void {
    const { columns } = this;
    const row = columns.rows;
    if (row - this.before >= MOST_RECORDS)
      throw new Unexpected(`at most ${MOST_RECORDS} records`, this.reader.at);
    columns.reserveRow();
    if (this.reader.bytes[this.reader.at] === OPEN_OBJECT) this.records.read(row);
    else this.records.readOdd(row);
    const leaf = columns.leaves[columns.shape.region.index]!;
    leaf.put(row, leaf.values.add(region, 0, region.bytes.length));
    columns.rows++;
  }
}

/** @param start of the opening quote */
function isRecords(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start <= LONGEST_KEY && parseJsonString(bytes, start, end) === "Records";
}
