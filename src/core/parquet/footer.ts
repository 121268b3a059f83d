import { ByteSink } from "../bytes/byte-sink.ts";
import type { RecordShape } from "../shred/record-shape.ts";
import { MAGIC } from "./format.ts";
import { printSchema } from "./schema.ts";
import type { Thrift } from "./thrift.ts";
import { i32, i64, list, printThrift, struct, text } from "./thrift.ts";

/** Without any version, so that a release of ours does not change the bytes of the same input. */
const CREATED_BY = "cloudtrail-partitioner";
const FORMAT_VERSION = 1;

/** What a file ends with: FileMetaData of parquet.thrift, its length, and the magic number (Parquet's README, "File format"). */
export function printFooter(shape: RecordShape, groups: readonly Thrift[], rows: number): Uint8Array {
  const metadata = printThrift({
    1: i32(FORMAT_VERSION),
    2: list(printSchema(shape)),
    3: i64(rows),
    4: list(groups),
    6: text(CREATED_BY),
    7: list(shape.leaves.map(printOrder)),
  });
  const sink = new ByteSink(metadata.length + 8);
  sink.append(metadata);
  sink.uint32(metadata.length);
  sink.append(MAGIC);
  return sink.written();
}

/** TypeDefinedOrder: without a column's order, readers may leave its minima and maxima unused (ColumnOrder in parquet.thrift). */
function printOrder(): Thrift {
  return struct({ 1: struct({}) });
}
