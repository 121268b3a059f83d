import { parentPort } from "node:worker_threads";
import { packFailure } from "./failure.ts";
import type { JobHost, PartFile, ReadNote, Shredded } from "./job.ts";
import type { FromWorker, Request, ToWorker } from "./messages.ts";
import { JobTools } from "./job-tools.ts";
import { runJob } from "./run-job.ts";

// The whole of a thread of openThreadPool: it does one job after the other.

/** Progress is told once that much is read. */
const NOTE_BYTES = 1 << 20;
const NOTE_OBJECTS = 100;

const port = parentPort;
if (port === null) throw new TypeError("this file is for a thread of its own");

function post(message: FromWorker, transfer: readonly ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

const tools = JobTools.open();
const answers = new Map<number, (value: unknown) => void>();
let requests = 0;

async function ask<T>(request: Request, transfer?: readonly ArrayBuffer[]): Promise<T> {
  const id = requests++;
  post({ kind: "request", id, request }, transfer);
  return new Promise((resolve) => {
    answers.set(id, resolve as (value: unknown) => void);
  });
}

/** Of the Parquet file before this one, of whatever job: while it is written, the next is made, but not the one after that. */
let written: Promise<unknown> = Promise.resolve();

class PortHost implements JobHost {
  #next: Promise<Uint8Array | undefined> | undefined;
  #objects = 0;
  #bytes = 0;

  /** One file is on its way while another is taken apart. */
  readNext(): Promise<Uint8Array | undefined> {
    const now = this.#next ?? ask({ name: "readNext" });
    this.#next = ask({ name: "readNext" });
    return now;
  }

  noteRead({ objects, bytes }: ReadNote): void {
    this.#objects += objects;
    this.#bytes += bytes;
    if (this.#objects >= NOTE_OBJECTS || this.#bytes >= NOTE_BYTES) this.tell();
  }

  tell(): void {
    if (this.#objects > 0) post({ kind: "read", read: { objects: this.#objects, bytes: this.#bytes } });
    this.#objects = 0;
    this.#bytes = 0;
  }

  openScratch(): Promise<string> {
    return ask({ name: "openScratch" });
  }

  endShredding(own: Shredded): void {
    post({ kind: "shredded", own });
  }

  awaitEarlier(): Promise<Shredded> {
    return ask({ name: "awaitEarlier" });
  }

  async putPart(part: PartFile): Promise<void> {
    await written;
    written = ask(
      { name: "putPart", part },
      part.pieces.map(({ buffer }) => buffer),
    );
  }
}

async function work({ job }: ToWorker & { readonly kind: "job" }): Promise<void> {
  const host = new PortHost();
  try {
    const outcome = await runJob(job, host, await tools);
    host.tell();
    post({ kind: "done", outcome });
  } catch (error) {
    post({ kind: "failed", failure: packFailure(error) });
  }
}

port.on("message", (message: ToWorker) => {
  if (message.kind === "job") void work(message);
  else {
    answers.get(message.id)?.(message.value);
    answers.delete(message.id);
  }
});
