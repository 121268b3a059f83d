import type { RecordColumns } from "../shred/record-columns.ts";
import type { Container, Leaf } from "../shred/record-shape.ts";

/** The rows of a row group, and how far structs are there in them: worked out once for all leaves of a struct. */
export class GroupRows {
  readonly columns: RecordColumns;
  /** Rows in the order of the file. */
  readonly order: Int32Array;
  /** By a struct's index. */
  private readonly levels: (Int32Array | undefined)[] = [];

  constructor(columns: RecordColumns, order: Int32Array) {
    this.columns = columns;
    this.order = order;
  }

  /**
   * By place in the order: the definition level of the innermost struct around the leaf that is there, of those outside of any list.
   * Undefined where the leaf is in none.
   */
  levelsAround({ within }: Leaf): Int32Array | undefined {
    const list = within.findIndex(({ kind }) => kind !== "struct");
    return this.levelsIn(within[(list < 0 ? within.length : list) - 1]);
  }

  private levelsIn(struct: Container | undefined): Int32Array | undefined {
    return struct && (this.levels[struct.index] ??= this.measureLevels(struct));
  }

  private measureLevels({ index, level, within }: Container): Int32Array {
    const { order } = this;
    const { present } = this.columns.structs[index]!;
    const levels = this.levelsIn(within.at(-1))?.slice() ?? new Int32Array(order.length);
    for (let at = 0; at < order.length; at++) if (present[order[at]!] === 1) levels[at] = level;
    return levels;
  }
}
