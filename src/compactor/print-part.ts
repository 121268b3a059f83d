import { createHash } from "node:crypto";
import { DATASET_COLUMNS } from "../core/lake/lake-columns.ts";
import type { Dataset } from "../core/lake/lake-day.ts";
import type { Compression } from "../core/parquet/format.ts";
import { UNCOMPRESSED } from "../core/parquet/format.ts";
import { printParquet } from "../core/parquet/print-parquet.ts";
import { makeRecordShape } from "../core/shred/make-record-shape.ts";
import { RecordColumns } from "../core/shred/record-columns.ts";
import type { PartFile } from "./job.ts";

/** Pieces are joined to at least that many bytes. */
const PIECE_BYTES = 1 << 20;

/** Those rows as a Parquet file, in pieces that share their memory with nothing else. */
export function printPart(
  columns: RecordColumns,
  order: Int32Array,
  compression: Compression,
): Omit<PartFile, "part"> {
  const hash = createHash("sha256");
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (const piece of joinPieces(printParquet(columns, order, compression))) {
    hash.update(piece);
    pieces.push(piece);
    bytes += piece.length;
  }
  return { pieces, bytes, records: order.length, sha256: hash.digest("hex") };
}

/** The file of an account-day without any record: it has no row groups. */
export function printEmptyPart(dataset: Dataset): PartFile {
  const columns = new RecordColumns(makeRecordShape(DATASET_COLUMNS[dataset]));
  return { part: 0, ...printPart(columns, new Int32Array(0), UNCOMPRESSED) };
}

function* joinPieces(pieces: Iterable<Uint8Array>): Generator<Uint8Array<ArrayBuffer>> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    held.push(piece);
    bytes += piece.length;
    if (bytes < PIECE_BYTES) continue;
    yield join(held, bytes);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield join(held, bytes);
}

/** Not by Buffer.concat, which may give a part of memory that is shared, and cannot be handed to another thread. */
function join(pieces: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
