import { enlarge } from "../bytes/enlarge.ts";

const FEWEST_CELLS = 1024;

/** A leaf's cells in the order of the file, with Parquet's levels; one object serves one leaf after the other. */
export class LeafCells {
  count = 0;
  definitions = new Int32Array(FEWEST_CELLS);
  /** The definition level of all cells, where it is known to be one. */
  level: number | undefined;
  repetitions = new Int32Array(FEWEST_CELLS);
  /** Of the cells that have a value, in order: its id. */
  ids = new Int32Array(FEWEST_CELLS);
  values = 0;

  /** Empties it, with room for that many. */
  clear(capacity: number): void {
    this.count = 0;
    this.values = 0;
    this.level = undefined;
    this.reserve(capacity);
  }

  /** @param id of its value + 1, 0 for none */
  add(id: number, repetition: number, definition: number): void {
    this.repetitions[this.count] = repetition;
    this.definitions[this.count++] = definition;
    if (id > 0) this.ids[this.values++] = id - 1;
  }

  private reserve(capacity: number): void {
    if (capacity <= this.ids.length) return;
    this.ids = enlarge(this.ids, capacity);
    this.definitions = enlarge(this.definitions, capacity);
    this.repetitions = enlarge(this.repetitions, capacity);
  }
}
