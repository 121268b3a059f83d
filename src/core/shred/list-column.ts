import { enlarge } from "../bytes/enlarge.ts";
import type { Container } from "./record-shape.ts";

/** Where a list or a map is there, and which elements are its own. */
export class ListColumn {
  readonly container: Container;
  /** By row: 0 where there is none, else its first element's number + 1. */
  firsts = new Int32Array(0);
  /** By row: how many elements. */
  lengths = new Int32Array(0);
  elements = 0;
  /** Elements for which its columns have room. */
  capacity = 0;
  private marked = 0;

  constructor(container: Container) {
    this.container = container;
  }

  /** An empty list in this row. */
  begin(row: number): void {
    this.firsts[row] = this.elements + 1;
  }

  /** Whether its columns have no room for another element. */
  isFull(): boolean {
    return this.elements === this.capacity;
  }

  /**
   * One element more in this row, the last one begun.
   * @returns its number
   */
  add(row: number): number {
    this.lengths[row]!++;
    return this.elements++;
  }

  growRows(capacity: number): void {
    this.firsts = enlarge(this.firsts, capacity);
    this.lengths = enlarge(this.lengths, capacity);
  }

  mark(): void {
    this.marked = this.elements;
  }

  /** Forgets the rows from this one on. */
  cut(row: number): void {
    this.firsts.fill(0, row);
    this.lengths.fill(0, row);
    this.elements = this.marked;
  }
}
