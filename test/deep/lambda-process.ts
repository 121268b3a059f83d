import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { FUNCTION_NAME, RuntimeApi } from "./runtime-api.ts";

/** One execution environment: a process, and the Runtime API that it asks for events. */
export interface LambdaProcess {
  readonly child: ChildProcess;
  readonly api: RuntimeApi;
  /** Milliseconds from the start of the process to its first question for an event. */
  readonly initMs: number;
}

export interface ProcessSettings {
  /** The program of the Runtime Interface Client. */
  readonly ric: string;
  /** Where the asset lies. */
  readonly folder: string;
  /** The file that standard output and errors go to: there is no delay then in what a process writes. */
  readonly log: number;
  /** The function's, over Lambda's own. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts AWS's runtime with the asset, and waits until it asks for an event. */
export async function startLambdaProcess({
  ric,
  folder,
  log,
  environment,
}: ProcessSettings): Promise<LambdaProcess> {
  const api = new RuntimeApi();
  const address = await api.readAddress();
  const started = performance.now();
  const child = spawn(process.execPath, [ric], {
    cwd: folder,
    env: { ...lambdaEnvironment(folder, address), ...environment },
    stdio: ["ignore", log, log],
  });
  const exit = once(child, "exit").then(() => {
    throw new Error("the process ended before it asked for an event");
  });
  await Promise.race([api.initialized, exit]);
  exit.catch(() => {});
  return { child, api, initMs: performance.now() - started };
}

/** Ends the process at once, whatever it does. */
export async function killLambdaProcess({ child, api }: LambdaProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await api.close();
}

/** What Lambda sets by itself (Lambda's guide, "Using Lambda environment variables"). */
function lambdaEnvironment(folder: string, address: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env["PATH"] ?? "",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    _HANDLER: "index.handler",
    LAMBDA_TASK_ROOT: folder,
    AWS_LAMBDA_RUNTIME_API: address,
    AWS_LAMBDA_FUNCTION_NAME: FUNCTION_NAME,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1769",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${FUNCTION_NAME}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "2026/11/22/[$LATEST]0123456789abcdef",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "testtest",
    AWS_SESSION_TOKEN: "of-the-role",
  };
}
