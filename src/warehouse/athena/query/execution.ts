import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { QueryExecution } from "@aws-sdk/client-athena";
import {
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { withSignal } from "../../../aws/clients.ts";
import { explainAwsError } from "../../../aws/explain-error.ts";
import type { CallOptions } from "../../warehouse.ts";
import { explainEnd, explainFailure } from "./explain-failure.ts";
import { decideOutput } from "./output-location.ts";
import type { QueryContext } from "./workgroup.ts";
import { DEFAULT_WORKGROUP, readWorkgroup } from "./workgroup.ts";

const FIRST_POLL_MS = 100;
const POLL_GROWTH = 1.5;
const SLOWEST_POLL_MS = 3000;
/** For the request that stops a query, and for one that starts it when we are told to stop. */
const STOP_WITHIN_MS = 5000;
/** Athena's own system errors; a query that failed is not charged. */
const ATTEMPTS = 3;

/**
 * Runs a statement on Athena to its end. The signal stops it there too.
 * @throws UserError in Athena's own words where it fails, or somebody else cancels it
 */
export async function execute(
  context: QueryContext,
  sql: string,
  options: CallOptions = {},
): Promise<QueryExecution> {
  for (let attempt = 1; ; attempt++) {
    const id = await start(context, sql, options.signal);
    const execution = await waitOrStop(context, id, options);
    if (execution.Status?.State === "SUCCEEDED") return execution;
    if (!isPassing(execution) || attempt === ATTEMPTS) throw explainEnd(execution, context.options);
  }
}

/** Category 1 is the system's own ("Athena error catalog" in the user guide). */
function isPassing({ Status }: QueryExecution): boolean {
  const { ErrorCategory, Retryable = false } = Status?.AthenaError ?? {};
  return Status?.State === "FAILED" && ErrorCategory === 1 && Retryable;
}

async function start(context: QueryContext, sql: string, signal: AbortSignal | undefined): Promise<string> {
  const { clients, options } = context;
  const { workgroup = DEFAULT_WORKGROUP, database } = options;
  const output = await decideOutput(context, await readWorkgroup(context, signal), signal);
  const command = new StartQueryExecutionCommand({
    QueryString: sql,
    QueryExecutionContext: { Catalog: "AwsDataCatalog", Database: database },
    WorkGroup: workgroup,
    // A start that is sent again, since its answer was lost, is the same query.
    ClientRequestToken: randomUUID(),
    ...(output === undefined ? {} : { ResultConfiguration: output }),
  });
  signal?.throwIfAborted();
  try {
    const { QueryExecutionId } = await patiently(signal, (late) =>
      clients.athena.send(command, withSignal(late)),
    );
    return String(QueryExecutionId);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && error.name === "InvalidRequestException") {
      throw explainFailure(error.message, options, error);
    }
    throw explainAwsError(error, {
      action: "athena:StartQueryExecution",
      resource: `workgroup ${workgroup}`,
    });
  }
}

/** A start that is cut off may have started something: it is given time to come to its end, and to be stopped then. */
async function patiently<Result>(
  signal: AbortSignal | undefined,
  send: (late: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController();
  const onAbort = (): void => void setTimeout(() => late.abort(signal?.reason), STOP_WITHIN_MS).unref();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await send(late.signal);
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

async function waitOrStop(context: QueryContext, id: string, options: CallOptions): Promise<QueryExecution> {
  try {
    return await waitForEnd(context, id, options);
  } catch (error) {
    await stop(context, id);
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function waitForEnd(
  { clients }: QueryContext,
  id: string,
  { signal, onProgress }: CallOptions,
): Promise<QueryExecution> {
  for (let delay = FIRST_POLL_MS; ; delay = Math.min(delay * POLL_GROWTH, SLOWEST_POLL_MS)) {
    await sleep(delay, undefined, { signal });
    const execution = await readExecution(clients, id, signal);
    if (/^(SUCCEEDED|FAILED|CANCELLED)$/.test(execution.Status?.State ?? "")) return execution;
    onProgress?.(undefined);
  }
}

async function readExecution(
  { athena }: QueryContext["clients"],
  id: string,
  signal: AbortSignal | undefined,
): Promise<QueryExecution> {
  try {
    const command = new GetQueryExecutionCommand({ QueryExecutionId: id });
    const { QueryExecution: execution } = await athena.send(command, withSignal(signal));
    return execution ?? {};
  } catch (error) {
    throw explainAwsError(error, { action: "athena:GetQueryExecution", resource: `query ${id}` });
  }
}

/** What cannot be stopped ends by itself: why we stop is what the caller must hear of. */
async function stop({ clients }: QueryContext, id: string): Promise<void> {
  const command = new StopQueryExecutionCommand({ QueryExecutionId: id });
  await clients.athena.send(command, withSignal(AbortSignal.timeout(STOP_WITHIN_MS))).catch(() => undefined);
}
