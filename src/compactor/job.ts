import type { Dataset } from "../core/lake/lake-day.ts";
import type { Source } from "../core/lake/source-list.ts";
import type { EventTimes } from "./compactor.ts";
import type { PartLimits } from "./limits.ts";

/** Log files of one account-day that one thread takes, one after the other. */
export interface Job {
  readonly dataset: Dataset;
  /** Of the account-day's jobs, from 0 on. */
  readonly number: number;
  /** Whether the account-day has no other. */
  readonly isOnly: boolean;
  readonly sources: readonly Source[];
  /** In which sources are paths; undefined where their bytes are handed over. */
  readonly folder: string | undefined;
  /** For hashes of identities, the same in all jobs of the account-day. */
  readonly key: Uint8Array;
  readonly limits: PartLimits;
}

/** What jobs have made of their log files, before anything is printed. */
export interface Shredded {
  /** How many Parquet files there will be. */
  readonly parts: number;
  /** Files with the identities of their records, where there can be others to compare them with. */
  readonly identities: readonly string[];
}

/** A Parquet file. */
export interface PartFile {
  /** Its number in the account-day. */
  readonly part: number;
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  readonly bytes: number;
  readonly records: number;
  readonly sha256: string;
}

export interface ReadNote {
  readonly objects: number;
  readonly bytes: number;
}

/** What a job needs from outside of its thread. */
export interface JobHost {
  /** The bytes of the job's next source that is not too large to be read; undefined after the last. */
  readNext(): Promise<Uint8Array | undefined>;
  /** Sources are done with, of that stored size; what is returned is to be awaited before the next. */
  noteRead(read: ReadNote): Promise<void> | void;
  /** A folder for passing files, one for the account-day. */
  openScratch(): Promise<string>;
  /** The job has taken its last source apart; at the latest now all its identities are written. */
  endShredding(own: Shredded): void;
  /** What all earlier jobs of the account-day have said so. */
  awaitEarlier(): Promise<Shredded>;
  /** Resolves once there is room for another one. */
  putPart(part: PartFile): Promise<void>;
}

/** What became of a source of a job. */
export interface FileOutcome {
  readonly sha256: string | undefined;
  readonly events: number | undefined;
  readonly duplicates: number;
  readonly setAside: string | undefined;
  readonly part: number | undefined;
}

export interface JobOutcome {
  /** In the order of the job's sources. */
  readonly files: readonly FileOutcome[];
  readonly times: ReadonlyMap<string, EventTimes>;
}

/** Where jobs are done. */
export interface JobRunner {
  /** How many at once. */
  readonly threads: number;
  /**
   * Jobs begin in the order of the calls, so that one that waits for earlier ones of its account-day does not wait in vain.
   * @param options.signal its reason is thrown soon after it is aborted, and the host is not called again
   */
  run(job: Job, host: JobHost, options: { readonly signal: AbortSignal }): Promise<JobOutcome>;
  /** See Compactor. */
  warmUp(): void;
  /** Ends those under way, too. */
  close(): Promise<void>;
}
