import { join } from "node:path";
import {
  ACCOUNT_DAY_FILES,
  LARGE_FILES,
  ONE_LARGE_FILE,
  prepareAccountDay,
  prepareLogs,
  TINY_FILES,
} from "../data.ts";
import type { Row } from "../report.ts";
import { printCount } from "../report.ts";
import { readLake, runCompact } from "./lake.ts";
import { readLogSet } from "./log-set.ts";
import { MOST_MEMORY } from "./whole.ts";

/** What `compact` takes where it is hard to take little, with the memory that it may take by default. */
export async function benchMemory({
  scratch,
  full,
}: {
  readonly scratch: string;
  readonly full: boolean;
}): Promise<Row[]> {
  const folders = [
    await prepareLogs(ONE_LARGE_FILE),
    await prepareAccountDay(LARGE_FILES),
    await prepareAccountDay(TINY_FILES),
    ...(full ? [await prepareLogs(ACCOUNT_DAY_FILES)] : []),
  ];
  const rows: Row[] = [];
  for (const folder of folders) rows.push(await compactOnce(folder, join(scratch, `memory-${rows.length}`)));
  return rows;
}

async function compactOnce(folder: string, place: string): Promise<Row> {
  const logs = await readLogSet(folder);
  const { seconds, megabytes } = runCompact(logs, { lake: place, database: `${place}.duckdb` });
  const { counts } = await readLake(place, logs);
  const files = logs.files.length === 1 ? "one file" : `${printCount(logs.files.length)} files`;
  return {
    what: `an account-day of ${printCount(counts.events)} events, ${printCount(logs.rawBytes / 1e6)} MB raw, in ${files}`,
    measured: `${printCount(megabytes)} MB, ${seconds.toFixed(2)} s`,
    promise: `below ${printCount(MOST_MEMORY)} MB`,
    kept: megabytes < MOST_MEMORY,
  };
}
