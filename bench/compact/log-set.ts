import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { runShell } from "../timing.ts";

/** A folder of logs. */
export interface LogSet {
  readonly folder: string;
  readonly files: readonly FoundFile[];
  /** As stored, that is gzipped. */
  readonly bytes: number;
  readonly rawBytes: number;
}

export interface FoundFile {
  /** Relative to the folder. */
  readonly key: string;
  readonly bytes: number;
}

/** Reads all files once, so that they are in the system's cache from then on. */
export async function readLogSet(folder: string): Promise<LogSet> {
  const files = await listFiles(folder);
  const rawBytes = Number(runShell(`${findLogs(folder)} | xargs -0 zcat | wc -c`));
  return { folder, files, bytes: sumBytes(files), rawBytes };
}

/** A shell command that prints the paths of all logs, a NUL after each. */
export function findLogs(folder: string): string {
  return `find '${folder}' -name '*.json.gz' -print0`;
}

/** All files below a folder. */
export async function listFiles(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(
    paths.map(async (path) => ({ key: path.slice(folder.length + 1), bytes: (await stat(path)).size })),
  );
}

export function sumBytes(files: readonly FoundFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
