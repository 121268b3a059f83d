import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import { run } from "../actions/run.ts";
import { readEnvironment } from "../config/configuration.ts";
import { decidePlanOptions } from "../config/plan-options.ts";
import type { Settings } from "../config/settings.ts";
import { decideSettings } from "../config/settings.ts";
import type { Oddity } from "../core/inventory.ts";
import { SERVICE } from "../core/metric-names.ts";
import { printSafeJson } from "../core/safe-text.ts";
import { UserError } from "../core/user-error.ts";
import { openAwsPorts } from "../open-aws-ports.ts";
import { continueLater } from "./continue-later.ts";
import type { RunEvent } from "./event.ts";
import { hasOwnDays, isWhole, parseEvent, toQuestion } from "./event.ts";
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

const logger = new Logger({
  serviceName: SERVICE,
  // Logs are read in terminals, and names in a bucket are anyone's who may write there.
  jsonReplacerFn: (_, value) => (typeof value === "string" ? printSafeJson(value) : value),
});

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

async function runInTime(event: RunEvent, { context, tally, time }: Call): Promise<RunAnswer> {
  const { logs, ...settings } = readSettings();
  const ports = openAwsPorts({ ...settings, logs });
  try {
    const options = decidePlanOptions(toQuestion(event), {
      settings: { ...settings, logs },
      within: ports.within,
    });
    let hadTime = true;
    const { left } = await run(ports, {
      ...options,
      signal: time.signal,
      onProgress: time.onProgress,
      isTimeUp: time.isTimeUp,
      onWritten: (written) => tally.addWritten(written),
      onPlan: (report) => {
        hadTime = !time.isTimeUp();
        const from = hasOwnDays(event) ? undefined : options.range?.from;
        warnOfOddities(report.inventory.oddities);
        tally.addPlan(report, { now: Date.now(), from, isWhole: isWhole(event) });
      },
    });
    tally.left = left ?? 0;
    if (left !== undefined && !hadTime) throw tooSlow();
    const again = { aws: settings.aws, functionName: context.functionName, signal: time.signal };
    const continuesWith = left === undefined ? undefined : await continueLater(event, { ...again, left });
    const requests = Object.fromEntries([...ports.store.requests, ...ports.warehouse.requests]);
    return { ...tally.summarize(), requests, continuesWith };
  } finally {
    ports.warehouse.close();
  }
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

/** To call the function again would come to the same. */
function tooSlow(): UserError {
  return new UserError("the time was up when the logs had been listed and the catalog read", {
    hint: HOW_TO_FIT,
  });
}
