import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseLakeKey } from "../../src/core/lake/lake-day.ts";
import type { Counts } from "../../src/core/lake/manifest.ts";
import { parseManifest, totalCounts } from "../../src/core/lake/manifest.ts";
import type { ProcessCost } from "../timing.ts";
import { runProgram } from "../timing.ts";
import type { FoundFile, LogSet } from "./log-set.ts";
import { listFiles, sumBytes } from "./log-set.ts";

/** Where `compact` put what it made. */
export interface Place {
  readonly lake: string;
  readonly database: string;
}

/** The command as users type it, with everything that it does, in a process of its own. */
export function runCompact({ folder }: Pick<LogSet, "folder">, place: Place): ProcessCost {
  const { lake, database } = place;
  return runProgram(["compact", "--logs", folder, "--lake", lake, "--database", database, "--quiet"], folder);
}

/** What is in a lake that was written once. */
export interface Lake {
  readonly folder: string;
  readonly counts: Counts;
  /** All files, the lists and manifests too. */
  readonly bytes: number;
  readonly parquet: readonly FoundFile[];
}

/** @throws Error where the books do not say that every event of the logs is there */
export async function readLake(folder: string, logs: LogSet): Promise<Lake> {
  const files = await listFiles(folder);
  const counts = totalCounts((await Promise.all(files.map((file) => readCounts(folder, file)))).flat());
  const { objects, setAside, events, records, duplicates } = counts;
  const isWhole = objects === logs.files.length && setAside === 0 && events === records + duplicates;
  if (!isWhole) throw new Error(`the lake of ${logs.folder} is not whole: ${JSON.stringify(counts)}`);
  const parquet = files.filter(({ key }) => parseLakeKey(key)?.kind === "data");
  return { folder, counts, bytes: sumBytes(files), parquet };
}

async function readCounts(folder: string, { key }: FoundFile): Promise<readonly Counts[]> {
  const at = parseLakeKey(key);
  if (at?.kind !== "manifest") return [];
  const manifest = parseManifest(await readFile(join(folder, key), "utf8"), at);
  if (manifest === undefined) throw new Error(`${key} is no manifest`);
  return [manifest.total];
}
