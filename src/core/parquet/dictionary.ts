import type { Values } from "../bytes/values.ts";
import { bitsOf } from "./hybrid-runs.ts";
import type { LeafCells } from "./leaf-cells.ts";
import { measurePlain } from "./plain-values.ts";

const LARGEST_DICTIONARY = 1 << 20;
/** A dictionary must save this much: with compression, repeated values cost little anyway. */
const LARGEST_SHARE = 0.8;

/** The distinct values of a row group's cells, each written once, and where each cell's stands among them. */
export interface Dictionary {
  /** By index: the value's id. In the order of first use, so that it depends on the file's rows only. */
  readonly used: Int32Array;
  /** By place among the values: the index. */
  readonly indexes: Int32Array;
  readonly bits: number;
}

/** Undefined where one would save little. */
export function chooseDictionary(values: Values, cells: LeafCells): Dictionary | undefined {
  if (!values.repeating || cells.values === 0) return undefined;
  const { used, indexes } = numberValues(values, cells);
  const bits = bitsOf(used.length - 1);
  const size = measurePlain(values, used);
  const plain = measurePlain(values, cells.ids.subarray(0, cells.values));
  const isLarge = size > LARGEST_DICTIONARY || size + (indexes.length * bits) / 8 > plain * LARGEST_SHARE;
  return isLarge ? undefined : { used, indexes, bits };
}

function numberValues(values: Values, cells: LeafCells): Omit<Dictionary, "bits"> {
  const { ids, values: count } = cells;
  const numbers = new Int32Array(values.count);
  const used = new Int32Array(Math.min(count, values.count));
  const indexes = new Int32Array(count);
  let distinct = 0;
  for (let at = 0; at < count; at++) {
    const id = ids[at]!;
    if (numbers[id] === 0) {
      used[distinct] = id;
      numbers[id] = ++distinct;
    }
    indexes[at] = numbers[id]! - 1;
  }
  return { used: used.subarray(0, distinct), indexes };
}
