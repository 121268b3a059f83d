import type { ByteSink } from "../bytes/byte-sink.ts";
import type { LeafColumn } from "../shred/leaf-column.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Compression } from "./format.ts";
import { Encoding, PageType } from "./format.ts";
import type { HybridRange } from "./hybrid-runs.ts";
import { bitsOf, writeHybrid, writeHybridOf } from "./hybrid-runs.ts";
import type { LeafCells } from "./leaf-cells.ts";
import type { PageRange } from "./page-ranges.ts";
import { writePlain } from "./plain-values.ts";
import type { Fields, Thrift } from "./thrift.ts";
import { i32, printThrift, struct } from "./thrift.ts";

interface CellRange {
  readonly start: number;
  readonly end: number;
}

/** The pages of one column chunk, each with its header; `scratch` is filled anew for each, and may be shared. */
export class Pages {
  readonly pieces: Uint8Array[] = [];
  compressed = 0;
  uncompressed = 0;
  private readonly compression: Compression;
  private readonly scratch: ByteSink;

  constructor(compression: Compression, scratch: ByteSink) {
    this.compression = compression;
    this.scratch = scratch;
  }

  addDictionary({ values }: LeafColumn, { used }: Dictionary): void {
    this.scratch.length = 0;
    writePlain(this.scratch, values, used);
    this.add({ 1: PageType.DICTIONARY_PAGE }, { 7: struct({ 1: i32(used.length), 2: Encoding.PLAIN }) });
  }

  addValues(column: LeafColumn, cells: LeafCells, range: PageRange): void {
    this.writeLevels(column, cells, range);
    writePlain(this.scratch, column.values, cells.ids.subarray(range.firstValue, range.endValue));
    this.addData(range, Encoding.PLAIN);
  }

  /** All of the chunk's cells, as indexes into its dictionary. */
  addIndexes(column: LeafColumn, cells: LeafCells, { indexes, bits }: Dictionary): void {
    const range = { start: 0, end: cells.count };
    this.writeLevels(column, cells, range);
    this.scratch.byte(bits);
    writeHybrid(this.scratch, indexes, { start: 0, end: indexes.length, bits });
    this.addData(range, Encoding.RLE_DICTIONARY);
  }

  private writeLevels({ leaf, list }: LeafColumn, cells: LeafCells, range: CellRange): void {
    this.scratch.length = 0;
    if (list !== undefined) this.writeLevel(cells.repetitions, { ...range, bits: 1 });
    this.writeLevel(cells.level ?? cells.definitions, { ...range, bits: bitsOf(leaf.maxDefinition) });
  }

  /** Behind their length, as in data pages of version 1 (Encodings.md, "RLE"). */
  private writeLevel(levels: Int32Array | number, range: HybridRange): void {
    const { scratch } = this;
    const at = scratch.length;
    scratch.uint32(0);
    if (typeof levels === "number") writeHybridOf(scratch, levels, range);
    else writeHybrid(scratch, levels, range);
    scratch.view.setUint32(at, scratch.length - at - 4, true);
  }

  private addData({ start, end }: CellRange, encoding: Thrift): void {
    const header = struct({ 1: i32(end - start), 2: encoding, 3: Encoding.RLE, 4: Encoding.RLE });
    this.add({ 1: PageType.DATA_PAGE }, { 5: header });
  }

  private add(type: Fields, header: Fields): void {
    const page = this.scratch.written();
    const body = this.compression.compress(page);
    const head = printThrift({ ...type, 2: i32(page.length), 3: i32(body.length), ...header });
    this.pieces.push(head, body);
    this.compressed += head.length + body.length;
    this.uncompressed += head.length + page.length;
  }
}
