import { fileURLToPath } from "node:url";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { cp, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LambdaProcess } from "./lambda-process.ts";
import { killLambdaProcess, startLambdaProcess } from "./lambda-process.ts";
import type { Outcome } from "./runtime-api.ts";

/** One call of the function. */
export interface Call {
  /** "killed": at its deadline, as Lambda does it, or by `kill`. */
  readonly ending: Outcome | { readonly kind: "killed" };
  /** How much of its time was left then. */
  readonly msLeft: number;
  /** What it wrote to its log. */
  readonly lines: readonly string[];
}

export interface FunctionSettings {
  /** The program of the Runtime Interface Client. */
  readonly ric: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The folder of the asset. @default the one that the build makes */
  readonly asset?: string;
}

const ASSET = fileURLToPath(new URL("../../dist/lambda/", import.meta.url));
const TIMEOUT_MS = 60_000;

/**
 * The asset as Lambda runs it: in AWS's own runtime, with one call at a time in one process, which serves the next call too,
 * is killed at a call's deadline, and is replaced then.
 */
export class LambdaFunction {
  readonly #settings: FunctionSettings;
  readonly #folder: string;
  readonly #log: FileHandle;
  #process: LambdaProcess | undefined;
  /** How many processes were started. */
  starts = 0;

  private constructor(settings: FunctionSettings, folder: string, log: FileHandle) {
    this.#settings = settings;
    this.#folder = folder;
    this.#log = log;
  }

  /** Copies the asset to where no packages of this repository are found. */
  static async create(settings: FunctionSettings): Promise<LambdaFunction> {
    const { asset = ASSET } = settings;
    if (!existsSync(asset)) throw new Error(`${asset} is not there: npm run build makes it`);
    const folder = await mkdtemp(join(tmpdir(), "ctp-lambda-"));
    await cp(asset, join(folder, "task"), { recursive: true });
    return new LambdaFunction(settings, folder, await open(join(folder, "log"), "a"));
  }

  /** @returns the milliseconds that the process took to ask for its first event, though it was started before */
  async start(): Promise<number> {
    return (await this.#startProcess()).initMs;
  }

  async call(event: unknown, timeoutMs = TIMEOUT_MS): Promise<Call> {
    const { child, api } = await this.#startProcess();
    const { length } = await this.#readLog();
    const deadline = Date.now() + timeoutMs;
    const killed = once(child, "exit").then(() => ({ kind: "killed" }) as const);
    const timer = setTimeout(() => void this.kill(), timeoutMs);
    const ending = await Promise.race([api.invoke(event, deadline), killed]);
    const msLeft = deadline - Date.now();
    clearTimeout(timer);
    const lines = (await this.#readLog()).slice(length).split("\n");
    return { ending, msLeft, lines: lines.filter((line) => line !== "") };
  }

  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running !== undefined) await killLambdaProcess(running);
  }

  /** Stops the process where it is: it does nothing more, and does not end by itself. */
  freeze(): void {
    this.#process?.child.kill("SIGSTOP");
  }

  async close(): Promise<void> {
    await this.kill();
    await this.#log.close();
    await rm(this.#folder, { recursive: true });
  }

  async #startProcess(): Promise<LambdaProcess> {
    if (this.#process === undefined) {
      const { ric, environment } = this.#settings;
      const folder = join(this.#folder, "task");
      this.#process = await startLambdaProcess({ ric, folder, log: this.#log.fd, environment });
      this.starts++;
    }
    return this.#process;
  }

  #readLog(): Promise<string> {
    return readFile(join(this.#folder, "log"), "utf8");
  }
}
