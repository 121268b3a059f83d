import type { ByteStrings } from "../bytes/byte-strings.ts";
import { hashText } from "../bytes/hash-text.ts";
import type { LeafColumn } from "../shred/leaf-column.ts";
import type { RecordColumns } from "../shred/record-columns.ts";
import { findColumn } from "./find-column.ts";

/** More than any row. */
const BUCKET = 2 ** 31;

/** Records that an earlier one is the same as. */
export interface Duplicates {
  /** By row: 1 where it is one. */
  readonly dropped: Uint8Array;
  readonly count: number;
}

/**
 * Finds the rows whose eventID and recipientAccountId (or its absence) an earlier row has; rows without an eventID are none.
 * Rows are sorted by a hash and those of one hash by their bytes: eventIDs made to collide cost n log n, and never merge.
 */
export function findDuplicates(columns: RecordColumns): Duplicates {
  const event = findColumn(columns, "eventid");
  const account = findColumn(columns, "recipientaccountid");
  const dropped = new Uint8Array(columns.rows);
  const compare = (a: number, b: number): number => event.compare(a, b) || account.compare(a, b);
  let count = 0;
  for (const alike of groupByHash(event, columns.rows)) {
    const rows = alike.toSorted((a, b) => compare(a, b) || a - b);
    for (let index = 1; index < rows.length; index++) {
      if (compare(rows[index - 1]!, rows[index]!) !== 0) continue;
      dropped[rows[index]!] = 1;
      count++;
    }
  }
  return { dropped, count };
}

/** The rows that share a bucket with others, bucket by bucket. */
function* groupByHash(column: LeafColumn, rows: number): Generator<Int32Array> {
  const keys = sortByHash(column, rows);
  for (let start = 0, end: number; start < keys.length; start = end) {
    const bucket = Math.floor(keys[start]! / BUCKET);
    end = start + 1;
    while (end < keys.length && keys[end]! < (bucket + 1) * BUCKET) end++;
    if (end > start + 1) yield Int32Array.from(keys.subarray(start, end), (key) => key % BUCKET);
  }
}

/** The rows that have a value, by its hash: numbers, which are sorted without a call of ours. */
function sortByHash({ ids, values }: LeafColumn, rows: number): Float64Array {
  const keys = new Float64Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const id = ids[row]! - 1;
    if (id >= 0) keys[count++] = hashValue(values, id) * BUCKET + row;
  }
  return keys.subarray(0, count).toSorted();
}

/** As many bits as a double has beside those of a row. */
function hashValue({ sink, starts }: ByteStrings, id: number): number {
  return hashText(sink, starts[id]!, starts[id + 1]!) >>> 10;
}
