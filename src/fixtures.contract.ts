import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import type { Day } from "./core/day.ts";
import { parseDay } from "./core/day.ts";
import { printLogKey } from "./core/log-key.ts";
import type { QueryOptions, ResultColumn, Value, Warehouse } from "./warehouse/warehouse.ts";

/** What tests put into a store. */
export interface TestFile {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** A folder of the running test's own, removed when it is over. */
export async function makeFolder(name = ""): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ctp-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  if (name === "") return folder;
  await mkdir(join(folder, name));
  return join(folder, name);
}

export async function putFiles(folder: string, files: Iterable<TestFile>): Promise<void> {
  for (const { key, bytes } of files) {
    const path = `${folder}/${key}`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

/** Every file below a folder with its content, so that "nothing was written" can be told. */
export async function readTree(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files.toSorted().map(async (file) => [file, await readFile(file, "base64")] as const),
  );
  return new Map(contents);
}

/** A day that is known to be one. */
export function day(text: string): Day {
  const parsed = parseDay(text);
  if (parsed === undefined) throw new Error(`${text} is no day`);
  return parsed;
}

export interface TestLog {
  readonly root?: string;
  readonly account?: string;
  readonly region?: string;
  readonly day?: string;
  readonly file?: string;
  readonly records?: readonly object[];
}

/** A log file; what is left out is of account 111122223333 in us-east-1 on 2026-11-20, with one record. */
export function makeLog({
  root = "AWSLogs/",
  account = "111122223333",
  region = "us-east-1",
  day: date = "2026-11-20",
  file = "logs.json.gz",
  records = [{ eventID: `${root}${account} ${region} ${date} ${file}`, recipientAccountId: account }],
}: TestLog = {}): TestFile {
  const key = printLogKey({ root, account, kind: "CloudTrail", region, day: day(date), file });
  return { key, bytes: gzipSync(JSON.stringify({ Records: records })) };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function* toAsync<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** A whole answer. */
export interface Answer {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Value[])[];
  /** What is left out: keys of the store. */
  readonly unreadable: readonly string[];
  readonly irregular: readonly string[];
  readonly unrecorded: string | undefined;
}

export async function ask(warehouse: Warehouse, sql: string, options?: QueryOptions): Promise<Answer> {
  const { columns, rows, setAside, unrecorded } = await warehouse.query(sql, options);
  const named = (verdict: string): string[] =>
    setAside
      .filter((file) => file.verdict === verdict)
      .map(({ file }) => file.slice(file.indexOf("AWSLogs/")))
      .toSorted();
  return {
    columns,
    rows: (await collect(rows)).flat(),
    unreadable: named("unreadable"),
    irregular: named("irregular"),
    unrecorded,
  };
}

/** What a test expects to be thrown: the error as a value. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
