import { setImmediate } from "node:timers/promises";
import { explainMemory } from "./failure.ts";
import type { JobHost, JobRunner } from "./job.ts";
import { JobTools } from "./job-tools.ts";
import { runJob } from "./run-job.ts";
import { Turns } from "./turns.ts";

/** How long nothing else is done in the caller's thread. */
const SPELL_MS = 20;

/** Does one job at a time in the caller's own thread. */
export function openInThread(memory: number): JobRunner {
  const turns = new Turns(1);
  let tools: Promise<JobTools> | undefined;
  const closed = new AbortController();
  return {
    threads: 1,
    async run(job, host, { signal }) {
      await turns.acquire(signal);
      const either = AbortSignal.any([signal, closed.signal]);
      try {
        return await runJob(job, breathe(host, either), await (tools ??= JobTools.open()));
      } catch (error) {
        throw explainMemory(error, memory);
      } finally {
        turns.release();
      }
    },
    warmUp: () => {},
    close: () => {
      closed.abort(new Error("the compactor is closed"));
      return Promise.resolve();
    },
  };
}

/** A host with which a job ends at an abort, and lets others have the thread now and then. */
function breathe(host: JobHost, signal: AbortSignal): JobHost {
  let since = performance.now();
  const aborted = rejectOnAbort(signal);
  const orAborted = <T>(promise: Promise<T>): Promise<T> => Promise.race([promise, aborted]);
  return {
    readNext: () => orAborted(host.readNext()),
    noteRead: async (read) => {
      await host.noteRead(read);
      if (performance.now() - since < SPELL_MS) return;
      await setImmediate();
      signal.throwIfAborted();
      since = performance.now();
    },
    openScratch: () => orAborted(host.openScratch()),
    endShredding: (own) => host.endShredding(own),
    awaitEarlier: () => orAborted(host.awaitEarlier()),
    putPart: (part) => orAborted(host.putPart(part)),
  };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  // Where nothing waits for it, an abort is none of its business.
  aborted.catch(() => undefined);
  return aborted;
}
