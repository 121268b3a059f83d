import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { printPartName } from "../core/lake/lake-day.ts";
import type { LakeFile } from "../core/lake/manifest.ts";
import type { ScratchFolder } from "../files/scratch-folder.ts";
import { openScratchFolder } from "../files/scratch-folder.ts";
import type { DayResult, DayWork, EventTimes } from "./compactor.ts";
import { cutJobs } from "./cut-jobs.ts";
import { addEventTimes } from "./event-times.ts";
import type { Job, JobHost, JobOutcome, JobRunner, PartFile } from "./job.ts";
import type { Limits } from "./limits.ts";
import { printEmptyPart } from "./print-part.ts";
import { ReadAhead } from "./read-ahead.ts";
import { isTooLarge } from "./read-log.ts";
import { ShreddedJobs } from "./shredded-jobs.ts";

const KEY_BYTES = 16;

/**
 * Does the jobs of an account-day. Where one fails, or writing does, or the signal is aborted, nothing new is begun, and it throws
 * once what is being written has come to its end.
 */
export async function compactDay(
  work: DayWork,
  { runner, limits }: { readonly runner: JobRunner; readonly limits: Limits },
): Promise<DayResult> {
  work.signal?.throwIfAborted();
  const run = new DayRun(work, runner);
  const abort = (): void => run.fail(work.signal?.reason);
  work.signal?.addEventListener("abort", abort);
  try {
    return await run.run(limits);
  } finally {
    work.signal?.removeEventListener("abort", abort);
    await run.close();
  }
}

/** What all jobs of an account-day share. */
class DayRun {
  readonly #work: DayWork;
  readonly #runner: JobRunner;
  readonly #stop = new AbortController();
  readonly #shredded = new ShreddedJobs();
  readonly #writes: Promise<void>[] = [];
  /** By number. */
  readonly #files: LakeFile[] = [];
  #scratch: Promise<ScratchFolder> | undefined;

  constructor(work: DayWork, runner: JobRunner) {
    this.#work = work;
    this.#runner = runner;
    // Each of its jobs listens.
    setMaxListeners(0, this.#stop.signal);
  }

  /** Ends all that is under way, for the first reason that there is. */
  fail(reason: unknown): void {
    this.#stop.abort(reason);
  }

  async run({ jobStoredBytes, ...limits }: Limits): Promise<DayResult> {
    const { dataset, sources, reading } = this.#work;
    const cut = cutJobs(sources, jobStoredBytes);
    const folder = reading.kind === "folder" ? reading.folder : undefined;
    const shared = { dataset, folder, limits, isOnly: cut.length === 1, key: randomBytes(KEY_BYTES) };
    const jobs = cut.map((some, number) => ({ ...shared, number, sources: some }));
    const outcomes = await Promise.all(jobs.map((job) => this.#runJob(job)));
    if (this.#files.length === 0) await this.#put(printEmptyPart(dataset));
    await Promise.all(this.#writes);
    this.#stop.signal.throwIfAborted();
    return this.#makeResult(outcomes.filter((outcome) => outcome !== undefined));
  }

  async close(): Promise<void> {
    await (await this.#scratch)?.remove();
  }

  /** Always resolves, so that none is left behind. */
  async #runJob(job: Job): Promise<JobOutcome | undefined> {
    const { signal } = this.#stop;
    try {
      return await this.#runner.run(job, this.#makeHost(job), { signal });
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  #makeHost({ number, sources }: Job): JobHost {
    const { reading, onRead } = this.#work;
    const { signal } = this.#stop;
    const ahead =
      reading.kind === "folder"
        ? undefined
        : new ReadAhead(
            sources.filter((source) => !isTooLarge(source)),
            (source) => reading.read(source, { signal }),
          );
    return {
      readNext: async () => ahead?.next(),
      noteRead: (read) => {
        if (!signal.aborted) onRead?.(read);
      },
      openScratch: async () => (await (this.#scratch ??= openScratchFolder())).path,
      endShredding: (own) => this.#shredded.end(number, own),
      awaitEarlier: () => this.#shredded.awaitBefore(number),
      putPart: (part) => this.#put(part),
    };
  }

  /** Resolves once it is written; where that fails, so does the account-day. */
  async #put({ part, pieces, ...file }: PartFile): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { bytes, records, sha256 } = file;
    this.#files[part] = { name: printPartName(part), bytes, records, sha256 };
    const write = this.#work.writePart(part, pieces).catch((error: unknown) => this.fail(error));
    this.#writes.push(write);
    await write;
  }

  #makeResult(outcomes: readonly JobOutcome[]): DayResult {
    const times = new Map<string, EventTimes>();
    for (const outcome of outcomes) addEventTimes(times, outcome.times);
    const files = outcomes.flatMap((outcome) => outcome.files);
    const sources = this.#work.sources.map(({ key, region, size, tag }, index) => ({
      key,
      region,
      size,
      tag,
      ...files[index]!,
    }));
    return { files: this.#files, sources, times };
  }
}
