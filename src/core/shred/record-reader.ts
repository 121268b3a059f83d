import { makeText } from "../bytes/text.ts";
import { FieldNames } from "./field-names.ts";
import { CLOSE_ARRAY, CLOSE_OBJECT, NULL, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from "./json-bytes.ts";
import type { JsonReader } from "./json-reader.ts";
import { makeWellFormed, parseJsonString } from "./json-string.ts";
import { skipPlain, skipString } from "./json-text.ts";
import type { LeafColumn } from "./leaf-column.ts";
import { OtherFields } from "./other-fields.ts";
import type { RecordColumns } from "./record-columns.ts";
import type { ListShape, MapShape, Shape, StructShape } from "./record-shape.ts";

const encoder = new TextEncoder();

/** Takes one record apart into the cells of its columns, without making an object of it. */
export class RecordReader {
  // `private` and not `#private`, which cost 8-19 % here on Node 20.
  private readonly reader: JsonReader;
  private readonly columns: RecordColumns;
  /** By a struct's index. */
  private readonly names: FieldNames[] = [];
  private readonly others = new OtherFields();
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
    const { reader, columns } = this;
    const list = columns.lists[container.index]!;
    list.begin(row);
    for (let more = reader.enter(CLOSE_ARRAY); more; more = reader.next(CLOSE_ARRAY))
      this.readValue(element, columns.addElement(list, row));
  }

  /** Of a key that comes twice, the first value stands. */
  private readMap({ container, key, value }: MapShape, row: number): void {
    const { reader, columns } = this;
    const list = columns.lists[container.index]!;
    const met = new Set<string>();
    list.begin(row);
    for (let more = reader.enter(CLOSE_OBJECT); more; more = reader.next(CLOSE_OBJECT)) {
      const name = this.readKey();
      if (met.has(name)) this.skipUnknown();
      else {
        met.add(name);
        const element = columns.addElement(list, row);
        this.putDecoded(columns.leaves[key.index]!, element, name);
        this.readText(columns.leaves[value.index]!, element);
      }
    }
  }

  private readKey(): string {
    const start = this.reader.at;
    const end = this.reader.skipKey();
    return parseJsonString(this.reader.bytes, start, end);
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
    this.putDecoded(column, cell, parseJsonString(reader.bytes, start - 1, reader.at));
  }

  private putDecoded(column: LeafColumn, cell: number, decoded: string): void {
    const wellFormed = makeWellFormed(decoded);
    if (wellFormed !== decoded) this.partial = true;
    const text = makeText(encoder.encode(wellFormed));
    column.put(cell, column.values.add(text, 0, text.bytes.length));
  }

  /** The bytes that it has in the text, nothing for null. */
  private readJson(column: LeafColumn, cell: number): void {
    const { reader } = this;
    const start = reader.at;
    reader.skipValue();
    if (reader.bytes[start] !== NULL) column.put(cell, column.values.add(reader.text, start, reader.at));
  }
}
