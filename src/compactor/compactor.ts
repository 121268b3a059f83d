import type { Dataset } from "../core/lake/lake-day.ts";
import type { LakeFile } from "../core/lake/manifest.ts";
import type { Source, SourceOutcome } from "../core/lake/source-list.ts";

/** How the bytes of log files are come by. */
export type SourceReading =
  /** A folder of this machine, in which keys are paths: read where they are needed. */
  | { readonly kind: "folder"; readonly folder: string }
  /** Read here, several at once, and handed over. Throws SourceChanged. */
  | {
      readonly kind: "store";
      read(source: Source, options: { readonly signal: AbortSignal }): Promise<Uint8Array>;
    };

/** One account-day that is to become Parquet. */
export interface DayWork {
  readonly dataset: Dataset;
  /** In the order in which their records come: of an event that is there twice, the first stays. */
  readonly sources: readonly Source[];
  readonly reading: SourceReading;
  /** Keeps a Parquet file, numbered from 0 on without a gap; may be called for several at once, in any order. */
  writePart(part: number, pieces: readonly Uint8Array[]): Promise<void>;
  /** With the stored size of files that were read since the last call. */
  readonly onRead?: ((read: { readonly objects: number; readonly bytes: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** First and last event time of a Region's records, `YYYY-MM-DDTHH:MM:SSZ`. */
export interface EventTimes {
  readonly first: string;
  readonly last: string;
}

export interface DayResult {
  /** At least one, in order: a day without a record has a file without rows. */
  readonly files: readonly LakeFile[];
  /** In the order in which they were given. */
  readonly sources: readonly Omit<SourceOutcome, "late">[];
  /** By Region; those without a record that has a time of that form are not there. */
  readonly times: ReadonlyMap<string, EventTimes>;
}

/** Turns account-days into Parquet, in threads of its own. Must be closed. */
export interface Compactor {
  /** How many account-days it works on at once without one waiting. */
  readonly atOnce: number;
  /**
   * The same files give the same bytes, whatever the number of threads and whatever else is under way. Where it throws, nothing new
   * has been begun since, and what was being written has come to its end.
   * @throws SourceChanged where a file is not as it was listed; the signal's reason; what writePart throws
   */
  compactDay(work: DayWork): Promise<DayResult>;
  /** Starts threads ahead of the work: it takes them a moment. Can be called again and again. */
  warmUp(): void;
  /** Ends all threads, those at work too. */
  close(): Promise<void>;
}

export interface CompactorOptions {
  /** Bytes of memory for all of it; decides how many threads there are. At least LEAST_MEMORY. */
  readonly memory: number;
  /** At most; by default as many as there are processors. 0 does the work in the caller's own thread. */
  readonly threads?: number | undefined;
}
