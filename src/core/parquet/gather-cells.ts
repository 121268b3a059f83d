import type { LeafColumn } from "../shred/leaf-column.ts";
import type { ListColumn } from "../shred/list-column.ts";
import type { RecordColumns, StructColumn } from "../shred/record-columns.ts";
import type { LeafCells } from "./leaf-cells.ts";

/** Which leaf of which rows, in the order of the file. */
export interface LeafRows {
  readonly columns: RecordColumns;
  readonly leaf: LeafColumn;
  readonly order: Int32Array;
}

/** Fills in a leaf's cells with their levels, which count how much of its path is there (Dremel's, as in Parquet's README). */
export function gatherCells(cells: LeafCells, rows: LeafRows): void {
  cells.clear(rows.order.length);
  const around = structsAround(rows);
  if (rows.leaf.list !== undefined) gatherRepeated(cells, rows, rows.leaf.list);
  else if (rows.leaf.values.count === 0 && around.length === 0) gatherNone(cells, rows);
  else gatherFlat(cells, rows, around);
}

/** Of a leaf that no row has, as many are. */
function gatherNone(cells: LeafCells, { order }: LeafRows): void {
  cells.count = order.length;
  cells.definitions.fill(0, 0, order.length);
}

function gatherFlat(cells: LeafCells, { leaf, order }: LeafRows, around: readonly StructColumn[]): void {
  const { definitions, ids: out } = cells;
  const { ids } = leaf;
  const { maxDefinition } = leaf.leaf;
  let values = 0;
  for (let index = 0; index < order.length; index++) {
    const row = order[index]!;
    const id = ids[row]!;
    if (id === 0) definitions[index] = around.length === 0 ? 0 : missingLevel(around, row);
    else {
      definitions[index] = maxDefinition;
      out[values++] = id - 1;
    }
  }
  cells.count = order.length;
  cells.values = values;
}

function gatherRepeated(cells: LeafCells, rows: LeafRows, list: ListColumn): void {
  const around = structsAround(rows);
  const levelOf = levelInside(rows, list);
  for (const row of rows.order) {
    const first = list.firsts[row]! - 1;
    const length = list.lengths[row]!;
    if (first < 0) cells.add(0, 0, missingLevel(around, row));
    else if (length === 0) cells.add(0, 0, list.container.level);
    for (let cell = first; cell < first + length; cell++)
      cells.add(rows.leaf.ids[cell]!, cell === first ? 0 : 1, levelOf(cell));
  }
}

/** By element: how far its cell of the leaf is there. */
function levelInside({ columns, leaf }: LeafRows, list: ListColumn): (cell: number) => number {
  const { maxDefinition, within } = leaf.leaf;
  const element = columns.structs[within.at(-1)?.index ?? 0];
  const elementLevel = list.container.level + 1;
  return (cell) => {
    if (leaf.ids[cell]! > 0) return maxDefinition;
    return element?.present[cell] === 1 ? element.container.level : elementLevel;
  };
}

/** The level of the innermost struct that is there. */
function missingLevel(around: readonly StructColumn[], row: number): number {
  let level = 0;
  for (let index = 0; index < around.length; index++) {
    const struct = around[index]!;
    if (struct.present[row] === 0) break;
    level = struct.container.level;
  }
  return level;
}

/** Those outside of any list, outermost first. */
function structsAround({ columns, leaf }: LeafRows): StructColumn[] {
  const { within } = leaf.leaf;
  const list = within.findIndex(({ kind }) => kind !== "struct");
  return within
    .slice(0, list < 0 ? undefined : list)
    .map(({ index }) => columns.structs[index])
    .filter((column) => column !== undefined);
}
