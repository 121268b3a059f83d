import type { Context } from "aws-lambda";
import type { TablePorts } from "../actions/plan.ts";
import type { RunOptions } from "../actions/run.ts";
import { run } from "../actions/run.ts";
import { readEnvironment } from "../config/configuration.ts";
import { decidePlanOptions } from "../config/plan-options.ts";
import type { Settings } from "../config/settings.ts";
import { decideSettings } from "../config/settings.ts";
import type { Oddity } from "../core/inventory.ts";
import { UserError } from "../core/user-error.ts";
import { openAwsPorts } from "../open-aws-ports.ts";
import type { Left } from "./continue-later.ts";
import { continueLater } from "./continue-later.ts";
import type { RunEvent } from "./event.ts";
import { hasOwnDays, isWhole, parseEvent, toQuestion } from "./event.ts";
import { logger } from "./logger.ts";
import { emitMetrics } from "./run-metrics.ts";
import type { RunSummary } from "./run-tally.ts";
import { RunTally } from "./run-tally.ts";
import type { TimeLeft } from "./time-left.ts";
import { HOW_TO_FIT, watchTime } from "./time-left.ts";

/** What the function answers, and logs. */
export interface RunAnswer extends RunSummary {
  /** API requests, by service and operation. */
  readonly requests: Readonly<Record<string, number>>;
  /** With which event the function was called again, as time was up. */
  readonly continuesWith: RunEvent | undefined;
}

/**
 * The main job, as Lambda runs it: brings the catalog up to date with the bucket that the environment names. Writes logs and
 * metrics to standard output. A run that fails throws, so that Lambda counts it, tries again, and at last sets the call aside.
 * @throws UserError for an event or an environment that does not fit, and as run does
 */
export async function handler(event: unknown, context: Context): Promise<RunAnswer> {
  logger.addContext(context);
  const started = Date.now();
  const tally = new RunTally();
  const time = watchTime(context);
  try {
    const answer = await runInTime(parseEvent(event), { context, tally, time });
    logger.info(answer.continuesWith === undefined ? "run ended" : "time was up: the run goes on", {
      ...answer,
    });
    return answer;
  } catch (thrown) {
    tally.hasFailed = true;
    const error: unknown = time.signal.aborted ? time.signal.reason : thrown;
    const hint =
      error instanceof UserError ? error.hint : "this is a bug of cloudtrail-partitioner: report it";
    logger.error("run failed", { error: error as Error, hint, ...tally.summarize() });
    throw error;
  } finally {
    time.stop();
    emitMetrics(tally.summarize(), {
      functionName: context.functionName,
      milliseconds: Date.now() - started,
    });
  }
}

interface Call {
  readonly context: Context;
  readonly tally: RunTally;
  readonly time: TimeLeft;
}

async function runInTime(event: RunEvent, call: Call): Promise<RunAnswer> {
  const { context, tally, time } = call;
  const settings = readSettings();
  refusePartOfDays(event, settings);
  const ports = openAwsPorts(settings);
  try {
    const asked = decidePlanOptions(toQuestion(event), { settings, within: ports.within });
    let hadTime = true;
    const { left, hasCompacted, requests } = await bringUpToDate(
      ports,
      {
        ...asked,
        signal: time.signal,
        onProgress: time.onProgress,
        isTimeUp: time.isTimeUp,
        onWritten: (written) => tally.addWritten(written),
        onPlan: (report) => {
          hadTime = !time.isTimeUp();
          const from = hasOwnDays(event) ? undefined : asked.range?.from;
          warnOfOddities(report.inventory.oddities);
          tally.addPlan(report, { now: Date.now(), from, isWhole: isWhole(event) });
        },
      },
      { ...call, settings },
    );
    tally.left = left?.partitions ?? 0;
    const hasWritten = hadTime && left?.partitions !== undefined;
    if (left !== undefined && !hasWritten && !hasCompacted) throw tooSlow();
    const again = { aws: settings.aws, functionName: context.functionName, signal: time.signal };
    const continuesWith = left === undefined ? undefined : await continueLater(event, { ...again, left });
    if (left !== undefined && continuesWith === undefined) warnOfDaysLeft(left);
    return { ...tally.summarize(), requests: sumRequests(requests), continuesWith };
  } finally {
    ports.warehouse.close();
  }
}

/** What came of the work. */
interface Work {
  /** Undefined where all is done. */
  readonly left: Left | undefined;
  /** Whether there are account-days that the next call need not compact. */
  readonly hasCompacted: boolean;
  readonly requests: readonly ReadonlyMap<string, number>[];
}

/** Code that only a lake needs is loaded for a lake only. */
async function bringUpToDate(
  ports: TablePorts,
  options: RunOptions,
  { settings, context, ...call }: Call & { readonly settings: Settings },
): Promise<Work> {
  const { lake } = settings;
  const requests = [ports.store.requests, ports.warehouse.requests];
  if (lake === undefined) {
    const { left } = await run(ports, options);
    return { left: toLeft(left, 0), hasCompacted: false, requests };
  }
  const { compactInTime } = await import("./compact-in-time.ts");
  const memory = Number(context.memoryLimitInMB);
  const compacted = await compactInTime(ports, options, { ...call, settings: { ...settings, lake }, memory });
  const { report } = compacted;
  return {
    left: toLeft(report.run.left, report.notBegun),
    hasCompacted: report.days.some(({ outcome }) => outcome.kind !== "left"),
    requests: [...requests, compacted.requests],
  };
}

function toLeft(partitions: number | undefined, accountDays: number): Left | undefined {
  return partitions === undefined && accountDays === 0 ? undefined : { partitions, accountDays };
}

/** Of ports that use the same service, too. */
function sumRequests(all: readonly ReadonlyMap<string, number>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [name, count] of all.flatMap((requests) => [...requests])) {
    sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

/** The view reads their logs meanwhile. */
function warnOfDaysLeft({ accountDays }: Left): void {
  logger.warn("account-days are left to the next night, after all calls that one night may have", {
    accountDays,
  });
}

/** What is not where CloudTrail puts it, and folders that the role may not list: these logs are in no table. */
function warnOfOddities(oddities: readonly Oddity[]): void {
  if (oddities.length > 0)
    logger.warn("some of what is below the bucket's prefix is in no table", { oddities });
}

/** @throws UserError where the environment does not name a bucket */
function readSettings(): Settings & { readonly logs: string } {
  const { logs, engine, ...settings } = decideSettings({}, readEnvironment(process.env));
  if (engine === "athena" && logs?.startsWith("s3://") === true) return { ...settings, engine, logs };
  throw new UserError(`CLOUDTRAIL_PARTITIONER_LOGS is ${logs ?? "not set"}, and a bucket was wanted`, {
    hint: "set it to s3://bucket/prefix in the function's environment",
  });
}

/** @throws UserError where Regions are asked for, and there is a lake: a part of an account-day must not take its place */
function refusePartOfDays({ regions }: RunEvent, { lake }: Settings): void {
  if (regions === undefined || lake === undefined) return;
  throw new UserError(
    `the event asks for ${regions.join(", ")}, a part of each day, and whole days of accounts are compacted`,
    { hint: "leave regions out" },
  );
}

/** To call the function again would come to the same. */
function tooSlow(): UserError {
  return new UserError("the time was up when the logs had been listed and the catalog read", {
    hint: HOW_TO_FIT,
  });
}
