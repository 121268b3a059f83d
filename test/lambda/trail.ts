import { onTestFinished } from "vitest";
import type { Configuration } from "../../src/config/configuration.ts";
import { printEnvironment } from "../../src/config/configuration.ts";
import type { TestLog } from "../../src/fixtures.contract.ts";
import { makeLog } from "../../src/fixtures.contract.ts";
import type { AwsDouble } from "../doubles/aws-double.ts";
import { startAwsDouble } from "../doubles/aws-double.ts";
import type { AwsPlace } from "../doubles/aws-place.ts";
import type { FunctionCall, LambdaFunction, Outcome } from "./start-function.ts";
import { FUNCTION_NAME } from "./start-function.ts";

export const BUCKET = "trail-logs";
export const DATABASE = "security";
export const LAKE_BUCKET = "trail-lake";
export const NOON = Date.UTC(2026, 10, 22, 12);

/** A call in a trail's world. */
export type TrailCall = Pick<FunctionCall, "event" | "time">;

/** A bucket of logs, a Glue catalog and the function that keeps it, in a world with a clock of its own. */
export interface Trail {
  readonly aws: AwsDouble;
  /** Milliseconds since 1970; tests set it. */
  now: number;
  /** The function's variables; likewise. */
  environment: Readonly<Record<string, string>>;
  put(...logs: readonly TestLog[]): void;
  /** Calls the function now. */
  call(call?: TrailCall): Promise<Outcome>;
  /** Calls the function, and whenever it calls itself does that, too; all with the same time. */
  callToEnd(call?: TrailCall): Promise<readonly Outcome[]>;
}

export interface TrailOptions {
  readonly configuration?: Configuration;
  /** Of the bucket's keys, without a final slash. */
  readonly prefix?: string;
  readonly place?: Partial<AwsPlace>;
}

/** Starts a world with two empty buckets at noon; it ends with the test. */
export async function startTrail(lambda: LambdaFunction, options: TrailOptions = {}): Promise<Trail> {
  const { prefix = "", configuration, place } = options;
  const aws = await startAwsDouble({ ...place, now: () => trail.now });
  onTestFinished(() => aws.close());
  for (const bucket of [BUCKET, LAKE_BUCKET]) aws.s3.createBucket(bucket);
  aws.lambda.functions.add(FUNCTION_NAME);
  const logs = prefix === "" ? `s3://${BUCKET}` : `s3://${BUCKET}/${prefix}`;
  const trail: Trail = {
    aws,
    now: NOON,
    environment: printEnvironment({ logs, database: DATABASE, ...configuration }),
    put: (...files) => {
      for (const { key, bytes } of files.map(makeLog)) {
        aws.s3.put(BUCKET, prefix === "" ? key : `${prefix}/${key}`, bytes);
      }
    },
    call: (call) => lambda.call(aws, { environment: trail.environment, now: trail.now, ...call }),
    callToEnd: async (call) => {
      const outcomes: Outcome[] = [];
      let event = call?.event;
      do {
        const known = aws.lambda.invocations.length;
        outcomes.push(await trail.call({ ...call, event }));
        event = aws.lambda.invocations[known]?.payload;
      } while (event !== undefined);
      return outcomes;
    },
  };
  return trail;
}

/** Logs of an account on so many days, the last one being the day before the world's. */
export function dailyLogs(account: string, count: number, rest: TestLog = {}): TestLog[] {
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(NOON - (index + 1) * 86_400_000).toISOString().slice(0, 10);
    return { account, day, ...rest };
  });
}

/** The values of an outcome's metrics, by name; each has one. */
export function valuesOf({ metrics }: Outcome): Readonly<Record<string, number>> {
  const names = metrics.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw new Error(`a metric twice among ${names.join(", ")}`);
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}
