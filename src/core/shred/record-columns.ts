import { enlarge } from "../bytes/enlarge.ts";
import { LeafColumn } from "./leaf-column.ts";
import { ListColumn } from "./list-column.ts";
import { makeRecordShape } from "./make-record-shape.ts";
import type { Container, RecordShape } from "./record-shape.ts";

const FEWEST_CELLS = 1024;

/** Where a struct is there: 1 by cell. */
export interface StructColumn {
  readonly container: Container;
  readonly list: ListColumn | undefined;
  present: Uint8Array;
}

/**
 * Records by column. A row that nothing was put in is NULL. Parquet's levels are derived only when they are written:
 * filling those of all leaves for each record took as long as finding the fields.
 */
export class RecordColumns {
  readonly shape: RecordShape;
  readonly leaves: readonly LeafColumn[];
  /** By a container's index; undefined where it is of the other kind. */
  readonly structs: readonly (StructColumn | undefined)[];
  readonly lists: readonly (ListColumn | undefined)[];
  rows = 0;
  private capacity = 0;
  private marked = 0;

  constructor(shape: RecordShape = makeRecordShape()) {
    this.shape = shape;
    this.lists = shape.containers.map((it) => (it.kind === "struct" ? undefined : new ListColumn(it)));
    this.leaves = shape.leaves.map((leaf) => new LeafColumn(leaf, this.findList(leaf.within)));
    this.structs = shape.containers.map((container) => {
      if (container.kind !== "struct") return undefined;
      return { container, list: this.findList(container.within), present: new Uint8Array(0) };
    });
  }

  /** Rows and elements of lists: what memory is taken for whether or not they have values. */
  get cells(): number {
    return this.lists.reduce((sum, list) => sum + (list?.elements ?? 0), this.rows);
  }

  /** Room for one row more. */
  reserveRow(): void {
    if (this.rows < this.capacity) return;
    this.capacity = Math.max(FEWEST_CELLS, this.capacity * 2);
    this.growCells(undefined, this.capacity);
    for (const list of this.lists) list?.growRows(this.capacity);
  }

  /**
   * One element more of the list in this row.
   * @returns its cell in the columns below the list
   */
  addElement(list: ListColumn, row: number): number {
    if (list.isFull()) {
      list.capacity = Math.max(FEWEST_CELLS, list.capacity * 2);
      this.growCells(list, list.capacity);
    }
    return list.add(row);
  }

  /** Becomes empty, and keeps its room. */
  clear(): void {
    for (const leaf of this.leaves) leaf.clear(this.endOf(leaf.list));
    for (const struct of this.structs) struct?.present.fill(0, 0, this.endOf(struct.list));
    for (const list of this.lists) list?.clear(this.endOf(undefined));
    this.rows = 0;
  }

  /** Remembers what is there, to come back to. */
  mark(): void {
    this.marked = this.rows;
    for (const leaf of this.leaves) leaf.mark();
    for (const list of this.lists) list?.mark();
  }

  /** Becomes what it was when last marked. */
  cut(): void {
    const row = this.marked;
    for (const leaf of this.leaves) leaf.cut(leaf.list?.marked ?? row, this.endOf(leaf.list));
    for (const struct of this.structs)
      struct?.present.fill(0, struct.list?.marked ?? row, this.endOf(struct.list));
    for (const list of this.lists) list?.cut(row, this.endOf(undefined));
    this.rows = row;
  }

  /** After the last cell in use, of rows or of a list's elements: that of a row which is being read, too. */
  private endOf(list: ListColumn | undefined): number {
    return list === undefined ? this.rows + 1 : list.elements;
  }

  private findList(within: readonly Container[]): ListColumn | undefined {
    return within.map(({ index }) => this.lists[index]).find((list) => list !== undefined);
  }

  private growCells(inside: ListColumn | undefined, capacity: number): void {
    for (const column of this.leaves) if (column.list === inside) column.ids = enlarge(column.ids, capacity);
    for (const column of this.structs)
      if (column !== undefined && column.list === inside) column.present = enlarge(column.present, capacity);
  }
}
