import { availableParallelism } from "node:os";
import { compactDay } from "./compact-day.ts";
import type { Compactor, CompactorOptions } from "./compactor.ts";
import { openInThread } from "./in-thread.ts";
import type { Limits } from "./limits.ts";
import { countThreads, LIMITS } from "./limits.ts";
import { openThreadPool } from "./thread-pool.ts";

/** Threads run built code: from its sources, all work is done in the caller's thread. */
const IS_BUILT = import.meta.url.endsWith(".js");

/**
 * Starts threads only when there is work for them.
 * @param limits for tests: they change the bytes of the files
 * @throws UserError where the memory is too little
 */
export async function openCompactor(
  { memory, threads = availableParallelism() }: CompactorOptions,
  limits: Limits = LIMITS,
): Promise<Compactor> {
  const count = countThreads(memory, threads);
  const runner = threads > 0 && IS_BUILT ? openThreadPool(count, memory) : openInThread(memory);
  return {
    // One more, so that a thread has work while another account-day's last part is written.
    atOnce: count + 1,
    compactDay: (work) => compactDay(work, { runner, limits }),
    warmUp: () => runner.warmUp(),
    close: () => runner.close(),
  };
}
