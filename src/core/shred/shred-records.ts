import { findNotUtf8 } from "../bytes/find-not-utf8.ts";
import type { Text } from "../bytes/text.ts";
import { makeText } from "../bytes/text.ts";
import { CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT } from "./json-bytes.ts";
import { JsonReader } from "./json-reader.ts";
import { parseJsonString } from "./json-string.ts";
import { NotALog } from "./not-a-log.ts";
import { RecordColumns } from "./record-columns.ts";
import { RecordReader } from "./record-reader.ts";
import { Unexpected } from "./unexpected.ts";

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/** Takes the texts of log files apart into columns; each file's records follow those of the file before. */
export class Shredder {
  readonly columns = new RecordColumns();
  private readonly reader = new JsonReader();
  private readonly records = new RecordReader(this.reader, this.columns);

  /**
   * Adds all records of a file's text, or none.
   * @returns how many
   * @throws NotALog for what is not UTF-8, not strict JSON, or no list of objects "Records"
   */
  shred(text: Uint8Array, region: string): number {
    const { columns, reader } = this;
    const before = columns.rows;
    columns.mark();
    reader.load(text);
    try {
      this.readDocuments(makeText(new TextEncoder().encode(region)));
    } catch (error) {
      columns.cut();
      throw error instanceof Unexpected ? new NotALog(error, reader) : error;
    }
    return columns.rows - before;
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
      if (parseJsonString(reader.bytes, key, end) !== "Records") reader.skipValue();
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
    let number = 0;
    for (let more = reader.enter(CLOSE_ARRAY); more; more = reader.next(CLOSE_ARRAY)) {
      number++;
      if (reader.bytes[reader.at] !== OPEN_OBJECT)
        throw new Unexpected(`an object as record ${number}`, reader.at);
      this.readRecord(region);
    }
  }

  private readRecord(region: Text): void {
    const { columns } = this;
    const row = columns.rows;
    columns.reserveRow();
    this.records.read(row);
    const leaf = columns.leaves[columns.shape.region.index]!;
    leaf.put(row, leaf.values.add(region, 0, region.bytes.length));
    columns.rows++;
  }
}
