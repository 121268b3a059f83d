import { DuckDBInstance } from "@duckdb/node-api";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Outcome, RunOptions } from "./run-cli.ts";
import { startCli } from "./run-cli.ts";
import type { Workspace } from "./workspace.ts";
import { openWorkspace } from "./workspace.ts";

const PLACE = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/01";
/** Many seconds of work for a check of them all: on a fast machine too. */
const FILES = 100;

let workspace: Workspace;

beforeAll(async () => {
  workspace = await openWorkspace();
  await mkdir(workspace.path("logs", PLACE), { recursive: true });
  const record = JSON.stringify({ eventVersion: "1.11", eventName: "GetObject", userAgent: "x".repeat(500) });
  const large = workspace.path("logs", PLACE, "large-0.json.gz");
  await writeFile(large, gzipSync(`{"Records":[${Array(25_000).fill(record).join(",")}]}`, { level: 1 }));
  for (let index = 1; index < FILES; index++)
    await copyFile(large, workspace.path("logs", PLACE, `large-${index}.json.gz`));
  const run = await startCli(["run", "--logs", "logs"], { cwd: workspace.folder }).done;
  expect(run.code).toBe(0);
});
afterAll(() => workspace.remove());

interface Interruption extends Outcome {
  /** Its folder for temporary files. */
  readonly temporary: string;
  readonly elapsedMs: number;
}

/** Starts the program, waits until it is at work, interrupts it, and looks at what it has left. */
async function interrupt(
  args: readonly string[],
  options: Partial<RunOptions> & { readonly afterMs?: number; readonly whenMade?: string } = {},
): Promise<Interruption> {
  const { afterMs = 1200, whenMade, ...rest } = options;
  const temporary = await mkdtemp(workspace.path("temporary-"));
  const { child, done } = startCli(args, {
    cwd: workspace.folder,
    env: { TMPDIR: temporary },
    ...rest,
  });
  if (whenMade === undefined) await sleep(afterMs);
  else await vi.waitUntil(() => existsSync(workspace.path(whenMade)), { timeout: 20_000, interval: 5 });
  expect(child.exitCode, "it was over before it was interrupted").toBeNull();
  const start = performance.now();
  child.kill("SIGINT");
  const outcome = await done;
  return { ...outcome, temporary, elapsedMs: performance.now() - start };
}

async function expectCleanEnd({ code, stderr, temporary, elapsedMs }: Interruption): Promise<void> {
  expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
  expect(elapsedMs).toBeLessThan(10_000);
  expect(await readdir(temporary)).toEqual([]);
  expect((await readdir(workspace.folder)).filter((name) => name.includes(".part"))).toEqual([]);
  const database = await DuckDBInstance.create(workspace.path("cloudtrail.duckdb"));
  database.closeSync();
}

test("a query that computes is interrupted", async () => {
  await expectCleanEnd(
    await interrupt(["query", "SELECT sum(hash(a.range + b.range)) FROM range(10000000) a, range(100000) b"]),
  );
});

test("a query that reads logs is interrupted", async () => {
  const sql = "SELECT count(*) FROM cloudtrail a JOIN cloudtrail b ON a.useragent = b.useragent";
  await expectCleanEnd(await interrupt(["query", sql]));
});

test("an answer on its way to a file is interrupted, and leaves no file", async () => {
  const sql = "SELECT range, hash(range) FROM range(4000000)";
  const csv = interrupt(["query", sql, "--format", "csv", "--output", "answer.csv"], {
    whenMade: "answer.csv.part",
  });
  await expectCleanEnd(await csv);
  await expectCleanEnd(
    await interrupt(["query", sql.replace("4", "90"), "--format", "parquet", "--output", "answer.parquet"]),
  );
  expect((await readdir(workspace.folder)).filter((name) => name.startsWith("answer"))).toEqual([]);
});

test("an interruption while the program starts is not lost", async () => {
  const sql = "SELECT sum(hash(a.range + b.range)) FROM range(10000000) a, range(100000) b";
  for (const afterMs of [100, 300, 450, 600])
    await expectCleanEnd(await interrupt(["query", sql], { afterMs, timeoutMs: 20_000 }));
});

test("run --check is interrupted, and leaves no database", async () => {
  await expectCleanEnd(await interrupt(["run", "--logs", "logs", "--check", "--database", "checked.duckdb"]));
  expect(await readdir(workspace.folder)).not.toContain("checked.duckdb");
});

test("a wait for the query on standard input is interrupted", async () => {
  await expectCleanEnd(await interrupt(["query"], { openStdin: true, timeoutMs: 20_000 }));
});

test("a wait for a locked database is interrupted", async () => {
  const file = workspace.path("locked.duckdb");
  const other = await DuckDBInstance.create(file);
  try {
    await expectCleanEnd(await interrupt(["query", "SELECT 1", "--database", file]));
  } finally {
    other.closeSync();
  }
});
