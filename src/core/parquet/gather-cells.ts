import type { LeafColumn } from "../shred/leaf-column.ts";
import type { ListColumn } from "../shred/list-column.ts";
import type { GroupRows } from "./group-rows.ts";
import type { LeafCells } from "./leaf-cells.ts";

/** Fills in a leaf's cells with their levels, which count how much of its path is there (Dremel's, as in Parquet's README). */
export function gatherCells(cells: LeafCells, rows: GroupRows, leaf: LeafColumn): void {
  const around = rows.levelsAround(leaf.leaf);
  cells.clear(rows.order.length + (leaf.list === undefined ? 0 : countElements(leaf.list, rows.order)));
  if (leaf.list !== undefined) gatherRepeated(cells, rows, { leaf, list: leaf.list, around });
  else {
    if (around === undefined) cells.definitions.fill(0, 0, rows.order.length);
    else cells.definitions.set(around);
    if (leaf.values.count > 0) gatherFlat(cells, leaf, rows.order);
    cells.count = rows.order.length;
    if (cells.values === cells.count) cells.level = leaf.leaf.maxDefinition;
    else if (cells.values === 0 && around === undefined) cells.level = 0;
  }
}

/** Where the leaf has a value: `definitions` has the levels of all cells without one. */
function gatherFlat(cells: LeafCells, { ids, leaf }: LeafColumn, order: Int32Array): void {
  const { definitions, ids: out } = cells;
  const level = leaf.maxDefinition;
  let values = 0;
  for (let at = 0; at < order.length; at++) {
    const id = ids[order[at]!]!;
    if (id === 0) continue;
    definitions[at] = level;
    out[values++] = id - 1;
  }
  cells.values = values;
}

function countElements({ lengths }: ListColumn, order: Int32Array): number {
  let count = 0;
  for (let at = 0; at < order.length; at++) count += lengths[order[at]!]!;
  return count;
}

interface ListLeaf {
  readonly leaf: LeafColumn;
  readonly list: ListColumn;
  /** By place in the order: the level where there is no list. */
  readonly around: Int32Array | undefined;
}

function gatherRepeated(
  cells: LeafCells,
  { columns, order }: GroupRows,
  { leaf, list, around }: ListLeaf,
): void {
  const { firsts, lengths } = list;
  const { level } = list.container;
  const { maxDefinition, within } = leaf.leaf;
  const element = columns.structs[within.at(-1)!.index];
  for (let at = 0; at < order.length; at++) {
    const row = order[at]!;
    const first = firsts[row]! - 1;
    const end = first + lengths[row]!;
    if (first < 0) cells.add(0, 0, around === undefined ? 0 : around[at]!);
    else if (first === end) cells.add(0, 0, level);
    for (let cell = first; cell < end; cell++) {
      const id = leaf.ids[cell]!;
      const missing = element?.present[cell] === 1 ? element.container.level : level + 1;
      cells.add(id, cell === first ? 0 : 1, id > 0 ? maxDefinition : missing);
    }
  }
}
