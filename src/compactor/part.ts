import { findDuplicates } from "../core/compact/duplicates.ts";
import { orderRecords } from "../core/compact/order.ts";
import type { Compression } from "../core/parquet/format.ts";
import type { Shredder } from "../core/shred/shred-records.ts";
import type { EventTimes } from "./compactor.ts";
import { findEventTimes } from "./event-times.ts";
import { Identities } from "./identities.ts";
import type { PartLimits } from "./limits.ts";
import type { PartFile } from "./job.ts";
import { printPart } from "./print-part.ts";

/** Rows of a log file in a part. */
interface FileRows {
  /** The source's place in its job. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** The records of log files that become one Parquet file: they are all in memory until it is printed. */
export class Part {
  /** Of the log files that it has; not of those that are no logs. */
  readonly files: FileRows[] = [];
  readonly #shredder: Shredder;
  #textBytes = 0;
  #dropped: Uint8Array = new Uint8Array(0);
  #identities: Identities | undefined;

  /** @param shredder an empty one, for it alone until it is printed */
  constructor(shredder: Shredder) {
    this.#shredder = shredder;
  }

  /** Whether a text of that length is for the next part. */
  isFull(textBytes: number, { partTextBytes, partCells }: PartLimits): boolean {
    if (this.files.length === 0) return false;
    return this.#textBytes + textBytes > partTextBytes || this.#shredder.columns.cells >= partCells;
  }

  /**
   * @param padded a text and TEXT_PADDING bytes
   * @returns how many records it has
   * @throws NotALog
   */
  add(padded: Uint8Array, region: string, index: number): number {
    const start = this.#shredder.columns.rows;
    const events = this.#shredder.shredPadded(padded, region);
    this.#textBytes += padded.length;
    this.files.push({ index, start, end: start + events });
    return events;
  }

  /** Finds the duplicates that it has in itself; nothing can be added from now on. */
  close(): void {
    this.#shredder.forgetText();
    this.#dropped = findDuplicates(this.#shredder.columns).dropped;
  }

  /** Keeps the identities of its records in a file, for other parts of the account-day. */
  writeIdentities(file: string, key: Uint8Array): void {
    this.#identities = new Identities(this.#shredder.columns, this.#dropped, key);
    this.#identities.write(file);
  }

  /** Drops records that an earlier part has, once its own identities are written. */
  dropKnown(files: readonly string[]): void {
    for (const file of files) this.#identities?.dropKnown(file, this.#dropped);
    this.#identities = undefined;
  }

  /** How many of a log file's records are left out. */
  countDropped({ start, end }: FileRows): number {
    let count = 0;
    for (let row = start; row < end; row++) count += this.#dropped[row]!;
    return count;
  }

  /** The rest, by Region and time. */
  print(
    compression: Compression,
  ): Omit<PartFile, "part"> & { readonly times: ReadonlyMap<string, EventTimes> } {
    const order = orderRecords(this.#shredder.columns, this.#dropped);
    return {
      ...printPart(this.#shredder.columns, order, compression),
      times: findEventTimes(this.#shredder.columns, order),
    };
  }
}
