import { DATASET_COLUMNS } from "../core/lake/lake-columns.ts";
import type { Dataset } from "../core/lake/lake-day.ts";
import type { Compression } from "../core/parquet/format.ts";
import { makeRecordShape } from "../core/shred/make-record-shape.ts";
import { Shredder } from "../core/shred/shred-records.ts";
import { openZstd } from "./zstd.ts";

/** Columns that took more than real logs do are not kept. */
const MOST_CELLS = 500_000;
const MOST_BYTES = 64 << 20;

/** What a thread uses for one job after the other. */
export class JobTools {
  readonly compression: Compression;
  #last: { readonly dataset: Dataset; readonly shredder: Shredder } | undefined;

  private constructor(compression: Compression) {
    this.compression = compression;
  }

  static async open(): Promise<JobTools> {
    return new JobTools(await openZstd());
  }

  /**
   * An empty shredder; the one before is no longer to be used. It is mostly the same one, whose columns have room already: to grow
   * anew took a tenth of the time, and V8 compiled code for new objects again and again.
   */
  openShredder(dataset: Dataset): Shredder {
    const last = this.#last;
    this.#last = undefined;
    const isFit = last?.dataset === dataset && isModest(last.shredder);
    const shredder = isFit ? last.shredder : new Shredder(makeRecordShape(DATASET_COLUMNS[dataset]));
    shredder.clear();
    this.#last = { dataset, shredder };
    return shredder;
  }
}

function isModest({ columns }: Shredder): boolean {
  return (
    columns.cells <= MOST_CELLS &&
    columns.leaves.every(({ values }) => values.sink.bytes.length <= MOST_BYTES)
  );
}
