import type { ChildProcess, SpawnOptions } from "node:child_process";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

export const LAUNCHER = fileURLToPath(new URL("../../bin/cloudtrail-partitioner.js", import.meta.url));

export interface RunOptions {
  readonly cwd: string;
  /** Beside PATH and a time zone, all that the process has. */
  readonly env?: Readonly<Record<string, string>>;
  /** Given to the process as its standard input, which is empty otherwise. */
  readonly stdin?: string;
  /** Leave standard input open, as a terminal where nobody types. */
  readonly openStdin?: boolean;
  readonly timeoutMs?: number;
  /** Arguments of Node itself. */
  readonly nodeArgs?: readonly string[];
  /** Run as a user to whom read-only means read-only: root is given the id of nobody. */
  readonly unprivileged?: boolean;
}

/** What a finished process left. */
export interface Outcome {
  /** 128 and the signal's number where a signal ended it, as a shell has it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output before it was taken for text. */
  readonly bytes: Buffer;
}

/** A process that has been started. */
export interface Started {
  readonly child: ChildProcess;
  readonly done: Promise<Outcome>;
}

/** Runs the built program to its end. */
export function runCli(args: readonly string[], options: RunOptions): Promise<Outcome> {
  return startCli(args, options).done;
}

/** Starts the built program, as users do. */
export function startCli(args: readonly string[], options: RunOptions): Started {
  return start([process.execPath, ...(options.nodeArgs ?? []), LAUNCHER, ...args], options);
}

/** Runs a line of bash in which `$CLI` is the program. */
export function runShell(script: string, { env, ...options }: RunOptions): Promise<Outcome> {
  const CLI = `${quoteForShell(process.execPath)} ${quoteForShell(LAUNCHER)}`;
  return start(["bash", "-c", script.replaceAll("$CLI", CLI)], { ...options, env: { ...env } }).done;
}

/** Why tests on a terminal are skipped; undefined where they can run. */
export const NO_TERMINAL: string | undefined = existsSync("/usr/bin/script")
  ? undefined
  : "there is no `script` of util-linux to give a terminal";

/** Runs the program with a terminal of 80 columns for its output and its errors; needs `script` of util-linux. */
export function runOnTerminal(args: readonly string[], options: RunOptions): Promise<Outcome> {
  const command = [process.execPath, LAUNCHER, ...args].map(quoteForShell).join(" ");
  const line = `stty cols 80 rows 24; ${command}`;
  return start(["script", "-qec", line, "/dev/null"], {
    ...options,
    env: { SHELL: "/bin/sh", ...options.env },
  }).done;
}

export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function start([program = "", ...args]: readonly string[], options: RunOptions): Started {
  const { cwd, env, stdin, openStdin = false, timeoutMs = 55_000, unprivileged = false } = options;
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env["PATH"], TZ: "America/New_York", ...env },
    stdio: [stdin === undefined && !openStdin ? "ignore" : "pipe", "pipe", "pipe"],
    ...(unprivileged && process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}),
  } satisfies SpawnOptions);
  if (stdin !== undefined) child.stdin?.end(stdin);
  return { child, done: waitFor(child, { timeoutMs, line: args.join(" ") }) };
}

function waitFor(
  child: ChildProcess,
  { timeoutMs, line }: { readonly timeoutMs: number; readonly line: string },
): Promise<Outcome> {
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => errors.push(chunk));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`still running after ${timeoutMs} ms: ${line}\n${Buffer.concat(errors).toString()}`));
    }, timeoutMs);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const bytes = Buffer.concat(output);
      const stderr = Buffer.concat(errors).toString();
      if (stderr.includes("is not built yet")) {
        reject(new Error("the program is not built: npm run build, then run the tests again"));
        return;
      }
      resolve({
        code: code ?? 128 + constants.signals[signal ?? "SIGKILL"],
        stdout: bytes.toString(),
        stderr,
        bytes,
      });
    });
  });
}
