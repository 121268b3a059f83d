import type { AwsSettings } from "../aws/clients.ts";
import { makeClientConfig, withSignal } from "../aws/clients.ts";
import { explained } from "../aws/explain-error.ts";
import { UserError } from "../core/user-error.ts";
import type { RunEvent } from "./event.ts";

/**
 * How often a run that time was too short for calls the function again. Lambda itself ends a chain of a function that calls
 * itself after 16 calls (Lambda's guide, "Recursive loop detection").
 */
export const MAX_CONTINUATIONS = 12;

/** What a call had no time for. */
export interface Left {
  /** Undefined where the catalog is up to date with all logs. */
  readonly partitions: number | undefined;
  readonly accountDays: number;
}

export interface Continuation {
  readonly aws: AwsSettings;
  readonly functionName: string;
  readonly left: Left;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls the function again with the same event: what was written need not be written again, so it goes on from there.
 * @returns undefined where that was done too often, and all that is left are account-days: their logs can be queried all the same,
 * and the next night goes on
 * @throws UserError where it was done too often for the tables, too
 */
export async function continueLater(
  event: RunEvent,
  { aws, functionName, left, signal }: Continuation,
): Promise<RunEvent | undefined> {
  const { continuation = 0 } = event;
  if (continuation >= MAX_CONTINUATIONS) {
    if (left.partitions === undefined) return undefined;
    throw new UserError(
      `${left.partitions} partitions are left after ${MAX_CONTINUATIONS + 1} calls in a row`,
      { hint: "what was written stays: call the function again, with more memory or for fewer days" },
    );
  }
  const next = { ...event, continuation: continuation + 1 };
  const { InvokeCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
  const client = new LambdaClient(makeClientConfig(aws));
  await explained({ action: "lambda:InvokeFunction", resource: `the function ${functionName}` }, () =>
    client.send(
      new InvokeCommand({
        FunctionName: functionName,
        InvocationType: "Event",
        Payload: JSON.stringify(next),
      }),
      withSignal(signal),
    ),
  ).finally(() => client.destroy());
  return next;
}
