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
  /** How many there were when last marked. */
  marked = 0;

  constructor(container: Container) {
    this.container = container;
  }

  /** An empty list in this row. */
  begin(row: number): void {
    this.firsts[row] = this.elements + 1;
  }

  /** Those that came since `mark`. */
  get elementsOfFile(): number {
    return this.elements - this.marked;
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

  /** Forgets everything, and keeps its room. */
  clear(rows: number): void {
    this.marked = 0;
    this.cut(0, rows);
  }

  mark(): void {
    this.marked = this.elements;
  }

  /** Forgets the rows from this one on to the last in use, and the elements that came since `mark`. */
  cut(row: number, end: number): void {
    this.firsts.fill(0, row, end);
    this.lengths.fill(0, row, end);
    this.elements = this.marked;
  }
}
