import type { Text } from "../bytes/text.ts";
import { Values } from "../bytes/values.ts";
import { QUOTE } from "./json-bytes.ts";
import type { ListColumn } from "./list-column.ts";
import type { Leaf } from "./record-shape.ts";

/** The cells of a leaf: one a row, or below a list or a map one an element. */
export class LeafColumn {
  readonly leaf: Leaf;
  readonly values = new Values();
  /** The list or map that it is in. */
  readonly list: ListColumn | undefined;
  /** By cell: 0 where there is no value, else its id + 1. */
  ids = new Int32Array(0);

  /** The value put last, where it was a string without escapes and may come again; -1 for none. */
  private last = -1;

  constructor(leaf: Leaf, list: ListColumn | undefined) {
    this.leaf = leaf;
    this.list = list;
  }

  /** @param id what `values` gave for it */
  put(cell: number, id: number): void {
    this.ids[cell] = id + 1;
    this.last = -1;
  }

  /** The same for the inside of a JSON string that has no escapes. */
  putPlain(cell: number, id: number): void {
    this.ids[cell] = id + 1;
    this.last = this.values.repeating ? id : -1;
  }

  /**
   * Puts the value put last again, if that is what comes: neither its end is sought nor its hash computed.
   * @returns after the closing quote, or 0
   */
  putAgain(cell: number, text: Text, start: number): number {
    const id = this.last;
    if (id < 0) return 0;
    const end = start + this.values.lengthOf(id);
    // A read past the end of the array would slow down all that follow: see json-reader.ts.
    if (end >= text.bytes.length || text.bytes[end] !== QUOTE || !this.values.isAt(id, text, start)) return 0;
    this.ids[cell] = id + 1;
    return end + 1;
  }

  /** Negative where the first cell comes before the second, by their bytes; one without a value comes before all others. */
  compare(a: number, b: number): number {
    const first = this.ids[a]! - 1;
    const second = this.ids[b]! - 1;
    if (first === second) return 0;
    return first < 0 || second < 0 ? first - second : this.values.compare(first, second);
  }

  /**
   * Forgets everything, and keeps its room.
   * @param end after the last cell in use: to write beyond would take memory
   */
  clear(end: number): void {
    this.ids.fill(0, 0, end);
    this.values.clear();
    this.last = -1;
  }

  mark(): void {
    this.values.mark();
  }

  /** Forgets the cells from this one on to the last in use, and the values that came since `mark`. */
  cut(cell: number, end: number): void {
    this.ids.fill(0, cell, end);
    this.values.cut();
    this.last = -1;
  }
}
