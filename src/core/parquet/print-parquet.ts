import { ByteSink } from "../bytes/byte-sink.ts";
import type { RecordColumns } from "../shred/record-columns.ts";
import { printChunk } from "./column-chunk.ts";
import { printFooter } from "./footer.ts";
import type { Compression } from "./format.ts";
import { MAGIC } from "./format.ts";
import { gatherCells } from "./gather-cells.ts";
import { GroupRows } from "./group-rows.ts";
import { LeafCells } from "./leaf-cells.ts";
import type { Thrift } from "./thrift.ts";
import { i64, list, struct } from "./thrift.ts";

/** Groups of 122,880 leave little to read in parallel, and made a search for one record twice as long in DuckDB. */
export const ROW_GROUP_ROWS = 51_200;

export interface ParquetOptions extends Compression {
  /** ROW_GROUP_ROWS where it is left out. */
  readonly rowGroupRows?: number;
}

/**
 * The bytes of a Parquet file, piece by piece; the same for the same columns, order and options.
 * @param order the columns' rows in the order of the file
 */
export function* printParquet(
  columns: RecordColumns,
  order: Int32Array,
  { rowGroupRows = ROW_GROUP_ROWS, ...compression }: ParquetOptions,
): Generator<Uint8Array, void> {
  const groups: Thrift[] = [];
  const writer: GroupWriter = { columns, compression, cells: new LeafCells(), scratch: new ByteSink() };
  let offset = MAGIC.length;
  yield MAGIC;
  for (let start = 0; start < order.length; start += rowGroupRows) {
    const group = yield* printRowGroup(writer, order.subarray(start, start + rowGroupRows), offset);
    offset = group.end;
    groups.push(group.metadata);
  }
  yield printFooter(columns.shape, groups, order.length);
}

/** What all row groups share. */
interface GroupWriter {
  readonly columns: RecordColumns;
  readonly compression: Compression;
  readonly cells: LeafCells;
  readonly scratch: ByteSink;
}

interface RowGroup {
  /** Where in the file the next one begins. */
  readonly end: number;
  readonly metadata: Thrift;
}

/** RowGroup of parquet.thrift: a chunk a leaf. */
function* printRowGroup(
  { columns, cells, ...writer }: GroupWriter,
  order: Int32Array,
  start: number,
): Generator<Uint8Array, RowGroup> {
  const chunks: Thrift[] = [];
  let offset = start;
  let size = 0;
  const rows = new GroupRows(columns, order);
  for (const leaf of columns.leaves) {
    gatherCells(cells, rows, leaf);
    const chunk = printChunk(leaf, cells, { ...writer, offset });
    yield* chunk.pieces;
    offset += chunk.compressed;
    size += chunk.uncompressed;
    chunks.push(chunk.metadata);
  }
  return { end: offset, metadata: struct({ 1: list(chunks), 2: i64(size), 3: i64(order.length) }) };
}
