import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";

/** Seconds of each contender, in the order of its runs. */
export type Timings<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/**
 * Runs contenders in turn, A B C A B C, so that a machine whose speed drifts is unfair to none.
 * @param rounds counted, after one that is not
 */
export async function race<Name extends string>(
  contenders: Readonly<Record<Name, () => unknown>>,
  rounds: number,
): Promise<Timings<Name>> {
  const names = Object.keys(contenders) as Name[];
  const timings = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const start = performance.now();
      await contenders[name]();
      if (round > 0) timings[name].push((performance.now() - start) / 1000);
    }
  }
  return timings;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

/** The median of the ratios round by round. */
export function ratio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, index) => value / (b[index] ?? Number.NaN)));
}

/** What a process took. */
export interface ProcessCost {
  readonly seconds: number;
  /** Of all processors together. */
  readonly processorSeconds: number;
  /** The most that it had in memory: of 1,000,000 bytes. */
  readonly megabytes: number;
}

const REPORT_COST = new URL("report-cost.mjs", import.meta.url).href;
const PROGRAM = fileURLToPath(new URL("../bin/cloudtrail-partitioner.js", import.meta.url));

/** Seconds of the built program as a process of its own. */
export function timeProgram(args: readonly string[], cwd: string): number {
  return spawnNode([PROGRAM, ...args], cwd).seconds;
}

/** Seconds of a Node.js that does nothing. */
export function timeNode(): number {
  return spawnNode(["-e", "0"], ".").seconds;
}

/** The built program's memory and processor time too, which take a few milliseconds to report. */
export function runProgram(args: readonly string[], cwd: string): ProcessCost {
  return runNode([PROGRAM, ...args], cwd);
}

/** Of another script of Node.js. */
export function runNode(args: readonly string[], cwd: string): ProcessCost {
  const { seconds, stderr } = spawnNode(["--import", REPORT_COST, ...args], cwd);
  const [, bytes, microseconds] = /\npeakMemory=(\d+) processors=(\d+)\n/.exec(stderr) ?? [];
  return { seconds, processorSeconds: Number(microseconds) / 1e6, megabytes: Number(bytes) / 1e6 };
}

function spawnNode(
  args: readonly string[],
  cwd: string,
): { readonly seconds: number; readonly stderr: string } {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  return { seconds: (performance.now() - start) / 1000, stderr };
}

/** Runs a shell pipeline, which must succeed. */
export function runShell(script: string): string {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", `set -o pipefail; ${script}`], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  return stdout;
}

/** Seconds of all processors that a shell pipeline takes, which must succeed. */
export function timeShell(script: string): number {
  const times = runShell(`TIMEFORMAT='%U %S'; { time { ${script}; } 2>&3; } 3>&2 2>&1`).trim().split(" ");
  return times.reduce((sum, each) => sum + Number(each), 0);
}
