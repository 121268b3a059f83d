import type { ByteSink } from "../bytes/byte-sink.ts";
import type { LeafColumn } from "../shred/leaf-column.ts";
import { chooseDictionary } from "./dictionary.ts";
import type { Compression } from "./format.ts";
import { Encoding, printCodec, Type } from "./format.ts";
import type { LeafCells } from "./leaf-cells.ts";
import { planPages } from "./page-ranges.ts";
import { Pages } from "./pages.ts";
import { printStatistics } from "./statistics.ts";
import type { Thrift } from "./thrift.ts";
import { i64, list, struct, text } from "./thrift.ts";

/** One leaf's cells of one row group, as they stand in the file. */
export interface Chunk {
  readonly pieces: readonly Uint8Array[];
  readonly compressed: number;
  readonly uncompressed: number;
  readonly metadata: Thrift;
}

export interface ChunkOptions {
  readonly compression: Compression;
  /** Where in the file the chunk begins. */
  readonly offset: number;
  readonly scratch: ByteSink;
}

/** A dictionary and one page of indexes, or pages of plain values where a dictionary would save little. */
export function printChunk(column: LeafColumn, cells: LeafCells, options: ChunkOptions): Chunk {
  const pages = new Pages(options.compression, options.scratch);
  const dictionary = chooseDictionary(column.values, cells);
  let dictionaryBytes: number | undefined;
  if (dictionary === undefined)
    for (const range of planPages(column, cells)) pages.addValues(column, cells, range);
  else {
    pages.addDictionary(column, dictionary);
    dictionaryBytes = pages.compressed;
    pages.addIndexes(column, cells, dictionary);
  }
  const ids = dictionary?.used ?? cells.ids.subarray(0, cells.values);
  const statistics = printStatistics(column.values, ids, cells);
  const { pieces, compressed, uncompressed } = pages;
  const metadata = printMetadata(column, pages, { ...options, cells, statistics, dictionaryBytes });
  return { pieces, compressed, uncompressed, metadata };
}

interface MetadataOptions extends ChunkOptions {
  readonly cells: LeafCells;
  readonly statistics: Thrift;
  /** Before the first data page; undefined without a dictionary. */
  readonly dictionaryBytes: number | undefined;
}

/** ColumnChunk of parquet.thrift, with its ColumnMetaData. */
function printMetadata({ leaf }: LeafColumn, pages: Pages, options: MetadataOptions): Thrift {
  const { cells, compression, offset, statistics, dictionaryBytes } = options;
  const encodings = [Encoding.PLAIN, Encoding.RLE];
  const metadata = struct({
    1: Type.BYTE_ARRAY,
    2: list(dictionaryBytes === undefined ? encodings : [...encodings, Encoding.RLE_DICTIONARY]),
    3: list(leaf.path.map(text)),
    4: printCodec(compression),
    5: i64(cells.count),
    6: i64(pages.uncompressed),
    7: i64(pages.compressed),
    9: i64(offset + (dictionaryBytes ?? 0)),
    11: dictionaryBytes === undefined ? undefined : i64(offset),
    12: statistics,
  });
  return struct({ 2: i64(offset), 3: metadata });
}
