import { ByteSink } from "../bytes/byte-sink.ts";
import { CLOSE_OBJECT, COMMA, OPEN_OBJECT } from "./json-bytes.ts";
import type { LeafColumn } from "./leaf-column.ts";

/** A record's members that its columns do not hold in full, as an object with the bytes that they have in the text. */
export class OtherFields {
  private readonly object = new ByteSink();

  clear(): void {
    this.object.length = 0;
  }

  /** A member, from its key's quote at `start` to the end of its value. */
  add(bytes: Uint8Array, start: number, end: number): void {
    this.object.byte(this.object.length === 0 ? OPEN_OBJECT : COMMA);
    this.object.append(bytes, start, end);
  }

  /** Puts them into a cell, or nothing where there are none. */
  put(column: LeafColumn, cell: number): void {
    if (this.object.length === 0) return;
    this.object.byte(CLOSE_OBJECT);
    column.put(cell, column.values.add(this.object, 0, this.object.length));
  }
}
