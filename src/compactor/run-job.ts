import { join } from "node:path";
import type { Source } from "../core/lake/source-list.ts";
import { NotALog } from "../core/shred/not-a-log.ts";
import type { EventTimes } from "./compactor.ts";
import { addEventTimes } from "./event-times.ts";
import type { FileOutcome, Job, JobHost, JobOutcome, Shredded } from "./job.ts";
import type { JobTools } from "./job-tools.ts";
import { Part } from "./part.ts";
import type { LogText } from "./read-log.ts";
import { isTooLarge, readLogText, readLogTexts, TOO_LARGE } from "./read-log.ts";
import { readSourceFile } from "./read-source.ts";

/**
 * Does a job in the thread of the caller, which is busy with it: it only waits for the host.
 * @throws SourceChanged
 */
export function runJob(job: Job, host: JobHost, tools: JobTools): Promise<JobOutcome> {
  return new JobRun(job, host, tools).run();
}

/** As stored; most of CloudTrail's files are smaller. */
const SMALL_BYTES = 8192;
const MOST_TOGETHER = 64;

class JobRun {
  readonly #job: Job;
  readonly #host: JobHost;
  readonly #tools: JobTools;
  readonly #outcomes: FileOutcome[] = [];
  readonly #times = new Map<string, EventTimes>();
  readonly #identities: string[] = [];
  /** Those that come next, the very next last. */
  #ahead: LogText[] = [];
  #part: Part;
  #parts = 0;
  #earlier: Shredded | undefined;

  constructor(job: Job, host: JobHost, tools: JobTools) {
    this.#job = job;
    this.#host = host;
    this.#tools = tools;
    this.#part = new Part(tools.openShredder(job.dataset));
  }

  async run(): Promise<JobOutcome> {
    for (const [index, source] of this.#job.sources.entries()) {
      await this.#addLog(await this.#readLog(source, index), index);
      await this.#host.noteRead({ objects: 1, bytes: source.size });
    }
    await this.#flush({ isLast: true });
    return { files: this.#outcomes, times: this.#times };
  }

  async #readLog(source: Source, index: number): Promise<LogText> {
    if (isTooLarge(source)) return TOO_LARGE;
    const { folder } = this.#job;
    if (folder !== undefined) return this.#readFile(folder, index);
    const bytes = await this.#host.readNext();
    if (bytes === undefined) throw new TypeError(`${source.key} was not handed over`);
    return readLogText(bytes);
  }

  /** Small files are read ahead, and unpacked together. */
  #readFile(folder: string, index: number): LogText {
    if (this.#ahead.length === 0) {
      const sources = this.#job.sources.slice(index, index + MOST_TOGETHER);
      const end = sources.findIndex(({ size }) => size > SMALL_BYTES);
      const some = sources.slice(0, end < 0 ? sources.length : Math.max(end, 1));
      this.#ahead = readLogTexts(some.map((source) => readSourceFile(folder, source))).toReversed();
    }
    return this.#ahead.pop()!;
  }

  async #addLog(log: LogText, index: number): Promise<void> {
    if (log.kind === "set-aside") {
      this.#outcomes[index] = { ...SET_ASIDE, setAside: log.reason };
      return;
    }
    if (this.#part.isFull(log.padded.length, this.#job.limits)) await this.#flush({ isLast: false });
    this.#outcomes[index] = { ...this.#shred(log.padded, index), sha256: log.sha256 };
  }

  #shred(padded: Uint8Array, index: number): FileOutcome {
    try {
      const events = this.#part.add(padded, this.#job.sources[index]!.region, index);
      return { ...SET_ASIDE, events };
    } catch (error) {
      if (error instanceof NotALog)
        return { ...SET_ASIDE, setAside: `not a CloudTrail log: ${error.message}` };
      throw error;
    }
  }

  /** Makes a Parquet file of what there is, if there is any log file. */
  async #flush({ isLast }: { readonly isLast: boolean }): Promise<void> {
    const part = this.#part;
    if (part.files.length > 0) {
      part.close();
      await this.#compareIdentities(part, isLast);
      await this.#put(part, (this.#earlier?.parts ?? 0) + this.#parts++);
      this.#part = new Part(this.#tools.openShredder(this.#job.dataset));
    } else if (isLast) this.#endShredding(0);
  }

  /** With all parts before it, which one that is alone has none of: then nothing is hashed. */
  async #compareIdentities(part: Part, isLast: boolean): Promise<void> {
    const { isOnly, number, key } = this.#job;
    if (isOnly && isLast && this.#parts === 0) return;
    const known = [...this.#identities];
    const file = join(await this.#host.openScratch(), `${number}-${this.#parts}`);
    part.writeIdentities(file, key);
    this.#identities.push(file);
    if (isLast) this.#endShredding(1);
    this.#earlier ??= await this.#host.awaitEarlier();
    part.dropKnown([...this.#earlier.identities, ...known]);
  }

  #endShredding(more: number): void {
    this.#host.endShredding({ parts: this.#parts + more, identities: this.#identities });
  }

  async #put(part: Part, number: number): Promise<void> {
    for (const file of part.files) {
      const outcome = this.#outcomes[file.index]!;
      this.#outcomes[file.index] = { ...outcome, duplicates: part.countDropped(file), part: number };
    }
    const { times, ...printed } = part.print(this.#tools.compression);
    addEventTimes(this.#times, times);
    await this.#host.putPart({ part: number, ...printed });
  }
}

const SET_ASIDE: FileOutcome = {
  sha256: undefined,
  events: undefined,
  duplicates: 0,
  setAside: undefined,
  part: undefined,
};
