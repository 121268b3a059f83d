import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { GenerateLogsOptions } from "../tools/generate-logs/generate-logs.ts";
import { generateLogs, writeLogs } from "../tools/generate-logs/generate-logs.ts";

const DATA = fileURLToPath(new URL("data/", import.meta.url));

/** 400,000 records in 2,000 files, over 80 Region-days. */
export const LARGE_FILES = {
  name: "large-files",
  accounts: 2,
  regions: 4,
  days: 10,
  files: 2000,
  records: 200,
} as const;

/** 60,000 records in 20,000 files: the small-file problem. */
export const TINY_FILES = {
  name: "tiny-files",
  accounts: 2,
  regions: 4,
  days: 10,
  files: 20_000,
  records: 3,
} as const;

/** The folder of generated logs, made on first use: the same options give the same bytes. */
export async function prepareLogs({
  name,
  ...options
}: GenerateLogsOptions & { readonly name: string }): Promise<string> {
  const folder = `${DATA}${name}`;
  if (existsSync(folder)) return folder;
  process.stderr.write(`making ${folder} (once)\n`);
  await rm(`${folder}.part`, { recursive: true, force: true });
  await writeLogs(`${folder}.part`, generateLogs(options));
  await rename(`${folder}.part`, folder);
  return folder;
}
