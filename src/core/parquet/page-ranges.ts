import type { LeafColumn } from "../shred/leaf-column.ts";
import type { LeafCells } from "./leaf-cells.ts";
import { LENGTH_BYTES } from "./plain-values.ts";

/** A page is closed once it has that many bytes of values. */
const PAGE_BYTES = 1 << 20;

/** What one page holds: cells, and those of them that have values. */
export interface PageRange {
  readonly start: number;
  readonly end: number;
  readonly firstValue: number;
  readonly endValue: number;
}

/** Pages of about 1 MB before compression, which begin where rows do. */
export function planPages({ values, leaf, list }: LeafColumn, cells: LeafCells): PageRange[] {
  const pages: PageRange[] = [];
  const { count, definitions, repetitions, ids } = cells;
  let start = 0;
  let firstValue = 0;
  let value = 0;
  let size = 0;
  for (let cell = 0; cells.values > 0 && cell < count; cell++) {
    if (size >= PAGE_BYTES && (list === undefined || repetitions[cell] === 0)) {
      pages.push({ start, end: cell, firstValue, endValue: value });
      start = cell;
      firstValue = value;
      size = 0;
    }
    if (definitions[cell] === leaf.maxDefinition) size += LENGTH_BYTES + values.lengthOf(ids[value++]!);
  }
  pages.push({ start, end: count, firstValue, endValue: value });
  return pages;
}
