import { DuckDBInstance } from "@duckdb/node-api";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { PlanOptions, Ports } from "../../actions/plan.ts";
import { run } from "../../actions/run.ts";
import type { TestFile } from "../../fixtures.contract.ts";
import { day, makeFolder, putFiles } from "../../fixtures.contract.ts";
import { openLocalStore } from "../../store/local-store.ts";
import { openDuckDbWarehouse } from "./duckdb-warehouse.ts";

/** What a DuckDB client that knows nothing of us answers, which must be the same. */
export async function askPlainly(file: string, sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A database over a folder of logs, after its first run. */
export interface Place extends Ports {
  readonly logs: string;
  readonly database: string;
}

export const OPTIONS: PlanOptions = { tablePrefix: "cloudtrail", today: day("2026-11-22") };

export async function makePlace(
  files: Iterable<TestFile>,
  { name = "logs", ...options }: Partial<PlanOptions> & { readonly name?: string } = {},
): Promise<Place> {
  const logs = await makeFolder(name);
  const database = join(await makeFolder(), "catalog.duckdb");
  await putFiles(logs, files);
  const place = {
    logs,
    database,
    store: openLocalStore(logs),
    warehouse: openDuckDbWarehouse({ database, logs }),
  };
  await run(place, { ...OPTIONS, ...options });
  return place;
}

const CLIENT = `
  import { DuckDBInstance } from ${JSON.stringify(import.meta.resolve("@duckdb/node-api"))};
  const [file, access_mode, sql] = process.argv.slice(1);
  const connection = await (await DuckDBInstance.create(file, { access_mode })).connect();
  const result = await connection.runAndReadAll(sql);
  console.log(JSON.stringify(result.getRowsJson()));
  process.stdin.resume();
  process.stdin.on("end", () => process.exit());
`;

/** Another process that has the database open until the test is over, once it has answered a query. */
export async function startClient(
  file: string,
  {
    access,
    sql = "SELECT 1",
    cwd,
  }: { readonly access: string; readonly sql?: string; readonly cwd?: string },
): Promise<{ readonly rows: unknown; readonly pid: number | undefined }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", CLIENT, file, access, sql], {
    stdio: ["pipe", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  onTestFinished(() => stop(child));
  let said = "";
  let failed = "";
  child.stderr.on("data", (chunk: Buffer) => (failed += chunk.toString()));
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    said += chunk.toString();
    if (said.includes("\n")) return { rows: JSON.parse(said) as unknown, pid: child.pid };
  }
  throw new Error(`the client failed: ${failed}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.stdin?.end();
  await ended;
}
