import { existsSync } from "node:fs";
import { link, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Day } from "../src/core/day.ts";
import { parseLogKey, printLogKey, type LogKey } from "../src/core/log-key.ts";
import type { GenerateLogsOptions } from "../tools/generate-logs/generate-logs.ts";
import { generateLogs, writeLogs } from "../tools/generate-logs/generate-logs.ts";

const DATA = fileURLToPath(new URL("data/", import.meta.url));

/** In the past, so that all days are closed, and can be compacted. */
const until = "2026-11-20";

/** 400,000 records in 2,000 files, over 80 Region-days. */
export const LARGE_FILES = {
  name: `large-files-${until}`,
  accounts: 2,
  regions: 4,
  days: 10,
  until,
  files: 2000,
  records: 200,
} as const;

/** 60,000 records in 20,000 files: the small-file problem. */
export const TINY_FILES = {
  name: `tiny-files-${until}`,
  accounts: 2,
  regions: 4,
  days: 10,
  until,
  files: 20_000,
  records: 3,
} as const;

/** As large as CloudTrail writes them: 50 MB before compression. */
export const ONE_LARGE_FILE = {
  name: `one-large-file-${until}`,
  accounts: 1,
  regions: 1,
  days: 1,
  until,
  files: 0,
  largeFile: true,
} as const;

/** 600,000 records in 200,000 files of one account-day, which take minutes to make. */
export const ACCOUNT_DAY_FILES = {
  ...TINY_FILES,
  name: `account-day-files-${until}`,
  accounts: 1,
  days: 1,
  files: 200_000,
} as const;

/** The folder of generated logs, made on first use: the same options give the same bytes. */
export async function prepareLogs({
  name,
  ...options
}: GenerateLogsOptions & { readonly name: string }): Promise<string> {
  return prepareFolder(name, async (folder) => {
    await writeLogs(folder, generateLogs(options));
  });
}

/** The same files, as if they all had been delivered to one account on one day: links, which take no room. */
export async function prepareAccountDay(
  logs: GenerateLogsOptions & { readonly name: string },
): Promise<string> {
  const from = await prepareLogs(logs);
  return prepareFolder(`account-day-of-${logs.name}`, async (folder) => {
    const keys = (await readdir(from, { recursive: true })).flatMap((key) => parseLogKey(key) ?? []);
    for (const key of keys) await linkInto(folder, { ...key, ...ACCOUNT_DAY }, join(from, printLogKey(key)));
  });
}

const ACCOUNT_DAY: Pick<LogKey, "account" | "day"> = { account: "111122223333", day: until as Day };

async function linkInto(folder: string, key: LogKey, file: string): Promise<void> {
  const path = join(folder, printLogKey(key));
  await mkdir(dirname(path), { recursive: true });
  await link(file, path);
}

/** Made in a folder beside it, so that it is there as a whole or not at all. */
async function prepareFolder(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = `${DATA}${name}`;
  if (existsSync(folder)) return folder;
  process.stderr.write(`making ${folder} (once)\n`);
  await rm(`${folder}.part`, { recursive: true, force: true });
  await make(`${folder}.part`);
  await rename(`${folder}.part`, folder);
  return folder;
}
