import type { JobRunner } from "./job.ts";
import { Turns } from "./turns.ts";
import { WorkerThread } from "./worker-thread.ts";

/** Does jobs in up to that many threads of their own. */
export function openThreadPool(threads: number, memory: number): JobRunner {
  const turns = new Turns(threads);
  const all = Array.from({ length: threads }, () => new WorkerThread(memory));
  const idle = [...all];
  return {
    threads,
    async run(job, host, { signal }) {
      await turns.acquire(signal);
      const thread = idle.pop()!;
      try {
        return await thread.run(job, host, signal);
      } finally {
        idle.push(thread);
        turns.release();
      }
    },
    warmUp: () => all.forEach((thread) => thread.warmUp()),
    close: async () => {
      await Promise.all(all.map((thread) => thread.close()));
    },
  };
}
