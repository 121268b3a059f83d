import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseLogKey } from "../../src/core/log-key.ts";
import type { GeneratedFile, GenerateLogsOptions } from "../../tools/generate-logs/generate-logs.ts";
import { generateLogs, writeLogs } from "../../tools/generate-logs/generate-logs.ts";

/** A temporary folder that other users may enter. Must be removed. */
export interface Workspace {
  readonly folder: string;
  /** A path in the folder. */
  path(...parts: string[]): string;
  remove(): Promise<void>;
}

export async function openWorkspace(): Promise<Workspace> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "cli-test-")));
  await chmod(folder, 0o755);
  return {
    folder,
    path: (...parts) => join(folder, ...parts),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Small, and enough to tell accounts, Regions and days apart. */
export const SMALL = {
  accounts: 2,
  regions: ["us-east-1", "eu-west-1"],
  days: 3,
  until: "2026-03-03",
  files: 24,
  records: 4,
} as const satisfies GenerateLogsOptions;

export interface Filter {
  readonly root?: string;
  readonly account?: string;
  readonly region?: string;
  readonly day?: string;
}

/** Logs that were generated and written, with what they hold. */
export interface Logs {
  readonly files: readonly GeneratedFile[];
  /** Ascending. */
  readonly accounts: readonly string[];
  readonly roots: readonly string[];
  /** How many records a table must show. */
  countRecords(filter?: Filter): number;
  countFiles(filter?: Filter): number;
}

/** Generates logs into a folder. */
export async function writeGenerated(
  folder: string,
  options: GenerateLogsOptions,
  keep: (file: GeneratedFile) => boolean = () => true,
): Promise<Logs> {
  const files = [...generateLogs(options)].filter(keep);
  await writeLogs(folder, files);
  const places = files.flatMap((file) => {
    const key = parseLogKey(file.key);
    return key?.kind === "CloudTrail" ? [{ file, key }] : [];
  });
  const choose = (filter: Filter = {}): GeneratedFile[] =>
    places
      .filter(({ key }) =>
        Object.entries(filter).every(([name, value]) => key[name as keyof Filter] === value),
      )
      .map(({ file }) => file);
  const list = (name: "account" | "root"): string[] =>
    [...new Set(places.map(({ key }) => key[name]))].toSorted();
  return {
    files,
    accounts: list("account"),
    roots: list("root"),
    countRecords: (filter) => choose(filter).reduce((sum, { records }) => sum + records, 0),
    countFiles: (filter) => choose(filter).length,
  };
}
