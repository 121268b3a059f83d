import type { CompactReport } from "../actions/compact/compact.ts";
import type { CompactedDay } from "../actions/compact/compacted-day.ts";
import { compact } from "../actions/compact/compact.ts";
import type { TablePorts } from "../actions/plan.ts";
import type { RunOptions } from "../actions/run.ts";
import { LEAST_MEMORY } from "../compactor/limits.ts";
import { openCompactor } from "../compactor/open-compactor.ts";
import { decideLakePlace } from "../config/lake-place.ts";
import type { Settings } from "../config/settings.ts";
import { UserError } from "../core/user-error.ts";
import type { LakeStore } from "../lake-store/lake-store.ts";
import { openBucketLake } from "../open-aws-ports.ts";
import { LakeTally } from "./lake-tally.ts";
import { logger } from "./logger.ts";
import type { RunTally } from "./run-tally.ts";
import type { TimeLeft } from "./time-left.ts";
import { watchWork } from "./watch-work.ts";

/** What compacting depends on beside what a run does. */
export interface LakeCall {
  readonly settings: Settings & { readonly lake: string };
  /** The function's, as Lambda counts it: in MiB. */
  readonly memory: number;
  readonly time: TimeLeft;
  readonly tally: RunTally;
}

/** What a call did, and the requests that it sent to the lake. */
export interface Compacted {
  readonly report: CompactReport;
  readonly requests: ReadonlyMap<string, number>;
}

/**
 * Brings lake and catalog up to date, as many account-days as there is time for, in the caller's thread: the function has hardly more
 * than one processor.
 * @throws UserError for a function that is too small, and as compact does
 */
export async function compactInTime(
  ports: TablePorts,
  options: RunOptions,
  { settings, memory, time, tally }: LakeCall,
): Promise<Compacted> {
  const lake = openLake(settings);
  const { compactor, ...watch } = watchWork(
    time,
    await openCompactor({ memory: toBytes(memory), threads: 0 }),
  );
  const counts = new LakeTally();
  const onDay = (day: CompactedDay): void => {
    tally.lake = counts;
    counts.addDay(day);
  };
  const onPlan: RunOptions["onPlan"] = (plan) => {
    watch.endDays();
    options.onPlan?.(plan);
  };
  try {
    const all = { ...ports, lake, compactor };
    const report = await compact(all, { ...options, ...watch.options, now: Date.now(), onDay, onPlan });
    tally.lake = counts;
    counts.finish(report);
    warnOfLake(report);
    return { report, requests: lake.requests };
  } finally {
    await compactor.close();
  }
}

function openLake(settings: LakeCall["settings"]): LakeStore {
  const place = decideLakePlace(settings);
  if (place.kind === "bucket") return openBucketLake(place, settings);
  throw new TypeError(`Athena has a lake in the folder ${place.folder}`);
}

/** @throws UserError for less than compacting takes */
function toBytes(memory: number): number {
  const bytes = memory * 2 ** 20;
  if (bytes >= LEAST_MEMORY) return bytes;
  throw new UserError(`the function has ${memory} MB of memory, too little to compact logs`, {
    hint: "give it 2048 MB: with less it has less of a processor, too, and costs as much",
  });
}

const SHOWN = 20;

/** What is not in the lake, and what was changed among the logs. */
function warnOfLake({ days, setAside, total, aggregated }: CompactReport): void {
  const left = days.flatMap(({ outcome, ...day }) =>
    outcome.kind === "left" ? [{ ...day, why: outcome.why }] : [],
  );
  const replaced = days.flatMap(({ outcome, ...day }) =>
    outcome.kind === "committed" && outcome.replaced > 0 ? [{ ...day, objects: outcome.replaced }] : [],
  );
  warn("objects could not be read, and none of their events is in the lake", setAside, total.setAside);
  warn("account-days were left as they were in the lake", left);
  warn("objects have other content than when they were compacted first", replaced);
  warn("objects of the kind CloudTrail-Aggregated are in no table and not in the lake", [], aggregated);
}

function warn(message: string, entries: readonly object[], count = entries.length): void {
  if (count > 0) logger.warn(message, { count, first: entries.slice(0, SHOWN) });
}
