import type { SourceReading } from "../../compactor/compactor.ts";
import type { Counts, SetAsideObject } from "../../core/lake/manifest.ts";
import { totalCounts } from "../../core/lake/manifest.ts";
import { printAccountDay } from "../../core/lake/lake-day.ts";
import type { DayState } from "../../core/lake/lake-state.ts";
import { toCommit } from "../../core/lake/lake-state.ts";
import { SourceChanged } from "../../core/source-changed.ts";
import type { Store } from "../../store/store.ts";
import type { OnProgress } from "../progress.ts";
import type { CompactDayPorts, DayOutcome } from "./compact-day.ts";
import { compactDay } from "./compact-day.ts";
import type { CompactedDay } from "./compacted-day.ts";
import { summarizeOutcome } from "./compacted-day.ts";
import { listAccountDay } from "./list-account-days.ts";
import { printPace } from "./pace.ts";
import type { DueDay } from "./plan-days.ts";
import type { LakeListing } from "./read-lake.ts";

export interface WriteDaysPorts extends Omit<CompactDayPorts, "reading"> {
  readonly store: Store;
}

export interface WriteDaysOptions {
  /** What the lake has; commits are noted in it. */
  readonly listing: LakeListing;
  readonly roots: readonly string[];
  readonly options: DaysOptions;
  /** Stored bytes of all that is to be read. */
  readonly total: number;
}

/** What the caller of compact decides. */
export interface DaysOptions {
  /** Asked before each account-day: once it says so, no further one is begun. By default there is time. */
  readonly isTimeUp?: (() => boolean) | undefined;
  /** Each account-day that was worked on, as soon as it is done with. */
  readonly onDay?: ((day: CompactedDay) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** What became of all account-days. */
export interface DaysReport {
  /** Those that were not in the lake as they should be, in order. */
  readonly days: readonly CompactedDay[];
  /** Account-days that are to be written by another run, as time was up. */
  readonly notBegun: number;
  /** Account-days that turned out to need nothing. */
  readonly expired: number;
  /** Of those that were committed. */
  readonly total: Counts;
  /** The first few of each account-day that was committed. */
  readonly setAside: readonly SetAsideObject[];
}

/** How often objects of one account-day may change while they are read, before it is left to the next run. */
const ATTEMPTS = 3;

/** Account-days as they are written, several at once. */
export class WriteDays {
  readonly #ports: WriteDaysPorts;
  readonly #options: WriteDaysOptions;
  readonly #reading: SourceReading;
  readonly #days: CompactedDay[] = [];
  readonly #setAside: SetAsideObject[] = [];
  readonly #started = performance.now();
  #read = 0;
  #notBegun = 0;
  #expired = 0;

  constructor(ports: WriteDaysPorts, options: WriteDaysOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#reading = makeReading(ports.store);
  }

  /** @throws whatever keeps the lake or the logs from being read or written */
  async write(due: DueDay): Promise<void> {
    const { options, listing } = this.#options;
    options.signal?.throwIfAborted();
    if (options.isTimeUp?.() === true) {
      this.#notBegun++;
      return;
    }
    const state = listing.days.get(printAccountDay(due));
    const outcome = await this.#attempt(due, state);
    if (outcome.kind === "expired") {
      this.#expired++;
      return;
    }
    if (outcome.kind === "committed") this.#noteCommit(outcome, state);
    const { dataset, account, day, reason } = due;
    const done: CompactedDay = { dataset, account, day, reason, outcome: summarizeOutcome(outcome) };
    this.#days.push(done);
    options.onDay?.(done);
  }

  /** Account-days of which neither the lake has all files nor the store any log. */
  leave(states: readonly DayState[]): void {
    for (const { dataset, account, day } of states) {
      const why = "files of it are damaged or gone from the lake, and its logs are gone too";
      const left: CompactedDay = { dataset, account, day, reason: "damaged", outcome: { kind: "left", why } };
      this.#days.push(left);
      this.#options.options.onDay?.(left);
    }
  }

  finish(): DaysReport {
    const committed = this.#days.flatMap(({ outcome }) =>
      outcome.kind === "committed" ? [outcome.counts] : [],
    );
    return {
      days: this.#days.toSorted((a, b) => (printAccountDay(a) < printAccountDay(b) ? -1 : 1)),
      notBegun: this.#notBegun,
      expired: this.#expired,
      total: totalCounts(committed),
      setAside: this.#setAside,
    };
  }

  async #attempt(due: DueDay, state: DayState | undefined): Promise<DayOutcome> {
    const { options, roots } = this.#options;
    const { signal } = options;
    const onRead = ({ bytes }: { readonly bytes: number }): void => this.#noteRead(bytes);
    let sources = due.sources;
    for (let attempt = 1; ; attempt++) {
      sources ??= await listAccountDay(this.#ports.store, due, { roots, signal });
      try {
        const { dataset, account, day } = due;
        const job = { dataset, account, day, sources, state };
        return await compactDay({ ...this.#ports, reading: this.#reading }, job, { signal, onRead });
      } catch (error) {
        if (!(error instanceof SourceChanged)) throw error;
        if (attempt === ATTEMPTS) return { kind: "left", why: `${error.message}, ${ATTEMPTS} times` };
        sources = undefined;
      }
    }
  }

  #noteRead(bytes: number): void {
    const { options, total } = this.#options;
    this.#read += bytes;
    options.onProgress?.({
      step: "compacting, MB",
      done: Math.round(this.#read / 1e6),
      total: Math.round(Math.max(total, this.#read) / 1e6),
      note: printPace(this.#read, Math.max(total, this.#read), performance.now() - this.#started),
    });
  }

  /** So that its manifest need not be read again. */
  #noteCommit(
    { manifest }: Extract<DayOutcome, { readonly kind: "committed" }>,
    state: DayState | undefined,
  ): void {
    const { dataset, account, day, version } = manifest;
    const known = state ?? { dataset, account, day, committed: 0, files: [] };
    const noted = { ...known, version, commit: toCommit(manifest) };
    this.#options.listing.days.set(printAccountDay(noted), noted);
    this.#setAside.push(...manifest.setAside);
  }
}

function makeReading(store: Store): SourceReading {
  const { folder } = store;
  if (folder !== undefined) return { kind: "folder", folder };
  return { kind: "store", read: (source, options) => store.readListed(source, options) };
}
