import { ByteSink } from "../bytes/byte-sink.ts";
import { decodeString } from "./decode-string.ts";
import { FieldNames } from "./field-names.ts";
import { CLOSE_ARRAY, CLOSE_OBJECT, NULL, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from "./json-bytes.ts";
import type { JsonReader } from "./json-reader.ts";
import { parseJsonString } from "./json-string.ts";
import { skipPlain, skipString } from "./json-text.ts";
import type { LeafColumn } from "./leaf-column.ts";
import { OtherFields } from "./other-fields.ts";
import type { RecordColumns } from "./record-columns.ts";
import type { ListColumn } from "./list-column.ts";
import type { ListShape, MapShape, Shape, StructShape } from "./record-shape.ts";
import { Unexpected } from "./unexpected.ts";

/** In lists or maps of one column in one file: more than any real one has, and empty ones would fill the memory. */
const MOST_ELEMENTS = 500_000;
/** In bytes: a map leaves longer keys out. */
const LONGEST_KEY = 1 << 16;

/** Takes one record apart into the cells of its columns, without making an object of it. */
export class RecordReader {
  // `private` and not `#private`, which cost 8-19 % here on Node 20.
  private readonly reader: JsonReader;
  private readonly columns: RecordColumns;
  /** By a struct's index. */
  private readonly names: FieldNames[] = [];
  private readonly others = new OtherFields();
  private readonly decoded = new ByteSink();
  /** Whether the member being read has anything that its columns cannot hold. */
  private partial = false;

  constructor(reader: JsonReader, columns: RecordColumns) {
    this.reader = reader;
    this.columns = columns;
    for (const { container, fields } of columns.shape.structs)
      this.names[container.index] = new FieldNames(fields);
  }

  /** Reads the object at the reader's place into a row that there is room for. */
  read(row: number): void {
    const { reader, others } = this;
    const { root, otherFields } = this.columns.shape;
    const names = this.names[root.container.index]!;
    names.begin();
    others.clear();
    for (let more = reader.enter(CLOSE_OBJECT); more; more = reader.next(CLOSE_OBJECT)) {
      const start = reader.at;
      const field = names.read(reader);
      this.partial = false;
      if (field < 0) this.skipUnknown();
      else this.readValue(root.fields[field]!.shape, row);
      if (this.partial) others.add(reader.bytes, start, reader.at);
    }
    others.put(this.columns.leaves[otherFields.index]!, row);
  }

  /** The same for what is no object: a row without a column but `otherfields`, as the reader of raw logs has one of NULLs. */
  readOdd(row: number): void {
    this.readJson(this.columns.leaves[this.columns.shape.otherFields.index]!, row);
  }

  private skipUnknown(): void {
    this.reader.skipValue();
    this.partial = true;
  }

  /** @param cell the row's number, or the element's below a list */
  private readValue(shape: Shape, cell: number): void {
    switch (shape.kind) {
      case "leaf":
        if (shape.isFreeForm) this.readJson(this.columns.leaves[shape.leaf.index]!, cell);
        else this.readText(this.columns.leaves[shape.leaf.index]!, cell);
        return;
      case "struct":
        if (this.isContainer(OPEN_OBJECT)) this.readStruct(shape, cell);
        return;
      case "list":
        if (this.isContainer(OPEN_ARRAY)) this.readList(shape, cell);
        return;
      case "map":
        if (this.isContainer(OPEN_OBJECT)) this.readMap(shape, cell);
    }
  }

  /** Anything else is read past, and makes the member partial unless it is null. */
  private isContainer(opening: number): boolean {
    const byte = this.reader.bytes[this.reader.at];
    if (byte === opening) return true;
    this.reader.skipValue();
    if (byte !== NULL) this.partial = true;
    return false;
  }

  private readStruct({ container, fields }: StructShape, cell: number): void {
    const { reader } = this;
    const names = this.names[container.index]!;
    this.columns.structs[container.index]!.present[cell] = 1;
    names.begin();
    for (let more = reader.enter(CLOSE_OBJECT); more; more = reader.next(CLOSE_OBJECT)) {
      const field = names.read(reader);
      if (field < 0) this.skipUnknown();
      else this.readValue(fields[field]!.shape, cell);
    }
  }

  private readList({ container, element }: ListShape, row: number): void {
    const { reader } = this;
    const list = this.columns.lists[container.index]!;
    list.begin(row);
    for (let more = reader.enter(CLOSE_ARRAY); more; more = reader.next(CLOSE_ARRAY))
      this.readValue(element, this.addElement(list, row));
  }

  /** Of a key that comes twice, the first value stands. */
  private readMap({ container, key, value }: MapShape, row: number): void {
    const { reader, columns } = this;
    const list = columns.lists[container.index]!;
    const met = new Set<string>();
    list.begin(row);
    for (let more = reader.enter(CLOSE_OBJECT); more; more = reader.next(CLOSE_OBJECT)) {
      const start = reader.at;
      const end = reader.skipKey();
      const name = end - start > LONGEST_KEY ? undefined : parseJsonString(reader.bytes, start, end);
      if (name === undefined || met.has(name)) this.skipUnknown();
      else {
        met.add(name);
        const element = this.addElement(list, row);
        this.putDecoded(columns.leaves[key.index]!, element, { start: start + 1, end: end - 1 });
        this.readText(columns.leaves[value.index]!, element);
      }
    }
  }

  private addElement(list: ListColumn, row: number): number {
    if (list.elementsOfFile >= MOST_ELEMENTS)
      throw new Unexpected(`at most ${MOST_ELEMENTS} elements of lists`, this.reader.at);
    return this.columns.addElement(list, row);
  }

  /** A string without its quotes and escapes, of anything else the JSON, nothing for null. */
  private readText(column: LeafColumn, cell: number): void {
    const { reader } = this;
    if (reader.bytes[reader.at] !== QUOTE) {
      this.readJson(column, cell);
      return;
    }
    const start = reader.at + 1;
    const after = column.putAgain(cell, reader.text, start);
    if (after > 0) reader.at = after;
    else this.readString(column, cell, start);
  }

  private readString(column: LeafColumn, cell: number, start: number): void {
    const { reader } = this;
    const end = skipPlain(reader.bytes, start);
    if (reader.bytes[end] === QUOTE) {
      reader.at = end + 1;
      column.putPlain(cell, column.values.add(reader.text, start, end));
      return;
    }
    reader.at = skipString(reader.bytes, end);
    this.putDecoded(column, cell, { start, end: reader.at - 1 });
  }

  private putDecoded(
    column: LeafColumn,
    cell: number,
    range: { readonly start: number; readonly end: number },
  ): void {
    const { decoded } = this;
    if (!decodeString(decoded, this.reader.bytes, range)) this.partial = true;
    column.put(cell, column.values.add(decoded, 0, decoded.length));
  }

  /** The bytes that it has in the text, nothing for null. */
  private readJson(column: LeafColumn, cell: number): void {
    const { reader } = this;
    const start = reader.at;
    reader.skipValue();
    if (reader.bytes[start] !== NULL) column.put(cell, column.values.add(reader.text, start, reader.at));
  }
}
