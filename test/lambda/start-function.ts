import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import type { RunAnswer } from "../../src/lambda/handler.ts";
import type { AwsDouble } from "../doubles/aws-double.ts";
import type { Datapoint } from "../doubles/cloudwatch-emf.ts";
import { readMetrics } from "../doubles/cloudwatch-emf.ts";

/** What Lambda is given. */
export const BUNDLE = fileURLToPath(new URL("../../dist/lambda/", import.meta.url));

const PROGRAM = fileURLToPath(new URL("function-process.mjs", import.meta.url));

/** One call of the function. */
export interface FunctionCall {
  /** @default {} */
  readonly event?: unknown;
  /** The function's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** When it happens: milliseconds since 1970. */
  readonly now: number;
  readonly time?: TimeGiven;
}

/** How much time the function has. */
export interface TimeGiven {
  /** Milliseconds. */
  readonly total: number;
  /** How often it can ask for the time until none is left; where that is undefined, time goes by. */
  readonly questions?: number;
  /** What it is told, one after the other, and the last again and again; milliseconds. */
  readonly answers?: readonly number[];
}

export interface Outcome {
  /** What the function answered; undefined where it threw. */
  readonly result: RunAnswer | undefined;
  readonly error: ThrownError | undefined;
  /** Milliseconds that were left at the end. */
  readonly remaining: number;
  /** As they were written. */
  readonly lines: readonly string[];
  /** The lines that are no metrics. */
  readonly logs: readonly LogLine[];
  readonly metrics: readonly Datapoint[];
}

export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly hint?: string;
  readonly error?: { readonly name: string; readonly message: string };
  readonly [name: string]: unknown;
}

/** The function in a process of its own, warm after its first call. */
export interface LambdaFunction {
  /** Waits for the end; one call at a time. */
  call(aws: AwsDouble, call: FunctionCall): Promise<Outcome>;
}

export const FUNCTION_NAME = "cloudtrail-partitioner";

const FIVE_MINUTES = { total: 300_000 };

/** Starts a process before the tests of a file, or of a group, and ends it after them. */
export function useFunction(): LambdaFunction {
  let process: ChildProcess | undefined;
  let strays = "";
  beforeAll(() => {
    process = startProcess();
    for (const stream of [process.stdout, process.stderr]) stream?.on("data", (text) => (strays += text));
  });
  afterAll(async () => {
    process?.disconnect();
    if (process !== undefined && process.exitCode === null) await once(process, "exit");
    if (strays !== "") throw new Error(`the function's process wrote past its streams: ${strays}`);
  });
  return {
    async call(aws, call) {
      if (process === undefined) throw new Error("the function's process runs while tests do");
      return readOutcome(await send(process, printCall(aws, call)));
    },
  };
}

/** Node with nothing of this environment, and days that are not UTC's. */
function startProcess(): ChildProcess {
  if (!existsSync(join(BUNDLE, "index.mjs"))) {
    throw new Error(`there is no ${BUNDLE}index.mjs: run npm run build`);
  }
  // The flag is as the deployment has it.
  return spawn(globalThis.process.execPath, ["--enable-source-maps", PROGRAM, join(BUNDLE, "index.mjs")], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { TZ: "America/New_York", HOME: "/nonexistent" },
  });
}

function printCall(
  aws: AwsDouble,
  { event = {}, environment, now, time = FIVE_MINUTES }: FunctionCall,
): object {
  const { endpoint, place, clientConfig } = aws;
  const variables = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: place.region,
    AWS_ACCESS_KEY_ID: clientConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: clientConfig.credentials.secretAccessKey,
    AWS_LAMBDA_FUNCTION_NAME: FUNCTION_NAME,
    ...environment,
  };
  const context = {
    functionName: FUNCTION_NAME,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:${place.partition}:lambda:${place.region}:${place.account}:function:${FUNCTION_NAME}`,
    memoryLimitInMB: "512",
    awsRequestId: "00000000-0000-4000-8000-000000000000",
  };
  return { event, now, environment: variables, context, time };
}

interface Answer {
  readonly result?: RunAnswer;
  readonly error?: ThrownError;
  readonly remaining: number;
  readonly text: string;
}

async function send(process: ChildProcess, call: object): Promise<Answer> {
  const over = new AbortController();
  const { signal } = over;
  const answer = once(process, "message", { signal }).then(([message]) => message as Answer);
  const exit = once(process, "exit", { signal }).then(([code]): never => {
    throw new Error(`the function's process ended with ${code}`);
  });
  process.send(call);
  try {
    return await Promise.race([answer, exit]);
  } finally {
    over.abort();
    await Promise.allSettled([answer, exit]);
  }
}

/** Every line that the function writes is an entry of its log. */
function readOutcome({ result, error, remaining, text }: Answer): Outcome {
  const lines = text.split("\n").filter((line) => line !== "");
  return {
    result,
    error,
    remaining,
    lines,
    logs: lines.filter((line) => !line.includes('"_aws"')).map((line) => JSON.parse(line) as LogLine),
    metrics: lines.flatMap(readMetrics),
  };
}
