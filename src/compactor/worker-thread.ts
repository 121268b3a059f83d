import { Worker } from "node:worker_threads";
import { explainMemory, unpackFailure } from "./failure.ts";
import type { Job, JobHost, JobOutcome } from "./job.ts";
import type { FromWorker, Request, ToWorker } from "./messages.ts";

/** The columns are not in it: this is for what is made a file, and thrown away. */
const HEAP_MB = 256;

/** A thread that does one job at a time; started when there is one, and again after it had to be ended. */
export class WorkerThread {
  readonly #memory: number;
  #worker: Worker | undefined;

  /** @param memory in bytes, of all threads: for the error that says that it was too little */
  constructor(memory: number) {
    this.#memory = memory;
  }

  /** Starts the thread, where it is not there. */
  warmUp(): void {
    this.#worker ??= this.#start();
  }

  /** @throws what the job throws; the signal's reason, by then the thread is being ended */
  async run(job: Job, host: JobHost, signal: AbortSignal): Promise<JobOutcome> {
    signal.throwIfAborted();
    const worker = (this.#worker ??= this.#start());
    const ended = new AbortController();
    try {
      return await this.#converse(worker, { job, host, signal, ended: ended.signal });
    } finally {
      ended.abort();
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.js", import.meta.url), {
      name: "compactor",
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    // One that is being ended may still fail, which is of no account; one that has ended is not to be given work.
    worker.on("error", () => undefined).on("exit", () => this.#forget(worker));
    return worker;
  }

  #forget(worker: Worker): void {
    if (this.#worker === worker) this.#worker = undefined;
  }

  #converse(worker: Worker, { job, host, signal, ended }: Conversation): Promise<JobOutcome> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        reject(error);
        this.#forget(worker);
        void worker.terminate();
      };
      const hear = (message: FromWorker): void => {
        switch (message.kind) {
          case "request":
            answer(worker, host, message).catch(fail);
            return;
          case "read":
            Promise.resolve(message.read)
              .then((read) => host.noteRead(read))
              .catch(fail);
            return;
          case "shredded":
            host.endShredding(message.own);
            return;
          case "done":
            resolve(message.outcome);
            return;
          case "failed":
            reject(unpackFailure(message.failure, this.#memory));
        }
      };
      const crash = (error: unknown): void => fail(explainMemory(error, this.#memory));
      const exit = (code: number): void => fail(new Error(`a thread ended with code ${code}`));
      const abort = (): void => fail(signal.reason);
      worker.on("message", hear).on("error", crash).on("exit", exit);
      signal.addEventListener("abort", abort);
      ended.addEventListener("abort", () => {
        worker.off("message", hear).off("error", crash).off("exit", exit);
        signal.removeEventListener("abort", abort);
      });
      worker.postMessage({ kind: "job", job } satisfies ToWorker, []);
    });
  }
}

interface Conversation {
  readonly job: Job;
  readonly host: JobHost;
  readonly signal: AbortSignal;
  /** Aborted once the job has come to its end. */
  readonly ended: AbortSignal;
}

type Asked = FromWorker & { readonly kind: "request" };

async function answer(worker: Worker, host: JobHost, { id, request }: Asked): Promise<void> {
  const value = await serve(host, request);
  if (!(value instanceof Uint8Array))
    worker.postMessage({ kind: "answer", id, value } satisfies ToWorker, []);
  else {
    // A copy of its own: what a store hands over may share its memory with what it keeps.
    const copy = new Uint8Array(value);
    worker.postMessage({ kind: "answer", id, value: copy } satisfies ToWorker, [copy.buffer]);
  }
}

function serve(host: JobHost, request: Request): Promise<unknown> {
  switch (request.name) {
    case "readNext":
      return host.readNext();
    case "openScratch":
      return host.openScratch();
    case "awaitEarlier":
      return host.awaitEarlier();
    case "putPart":
      return host.putPart(request.part);
  }
}
