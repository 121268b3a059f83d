import type { LeafColumn } from "../shred/leaf-column.ts";
import type { RecordColumns } from "../shred/record-columns.ts";
import { readEventTime } from "./event-time.ts";
import { findColumn } from "./find-column.ts";

/** Times are numbers of 14 digits, and fewer Regions than this in front of them still fit a double exactly. */
const MOST_REGIONS = 90;
const TIME_SCALE = 1e14;

/** The rows by Region, then event time as text, then file and place in it; those of `dropped` left out. */
export function orderRecords(columns: RecordColumns, dropped: Uint8Array): Int32Array {
  const order = listKept(columns.rows, dropped);
  const region = columns.leaves[columns.shape.region.index]!;
  const time = findColumn(columns, "eventtime");
  const ranks = rankRows(region, columns.rows);
  const keys = readKeys(order, ranks, time);
  if (keys !== undefined) return order.toSorted((a, b) => keys[a]! - keys[b]! || a - b);
  return order.toSorted((a, b) => ranks[a]! - ranks[b]! || time.compare(a, b) || a - b);
}

function listKept(rows: number, dropped: Uint8Array): Int32Array {
  const kept = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (dropped[row] === 0) kept[count++] = row;
  return kept.subarray(0, count);
}

/** By row: a number that sorts as its Region and time do; undefined where some row's time is of another form. */
function readKeys(rows: Int32Array, ranks: Int32Array, time: LeafColumn): Float64Array | undefined {
  const keys = new Float64Array(ranks.length);
  for (const row of rows) {
    const digits = readEventTime(time, row);
    if (digits < 0 || ranks[row]! >= MOST_REGIONS) return undefined;
    keys[row] = ranks[row]! * TIME_SCALE + digits;
  }
  return keys;
}

/** By row: the place of its value among all distinct ones, in the order of their bytes. */
function rankRows({ ids, values }: LeafColumn, rows: number): Int32Array {
  const sorted = Array.from({ length: values.count }, (_, id) => id).toSorted((a, b) => values.compare(a, b));
  const ranks = new Int32Array(values.count);
  let rank = 0;
  for (const [index, id] of sorted.entries()) {
    if (index > 0 && values.compare(sorted[index - 1]!, id) !== 0) rank++;
    ranks[id] = rank;
  }
  return Int32Array.from({ length: rows }, (_, row) => ranks[ids[row]! - 1]!);
}
