import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { generateLogs, writeLogs } from "./generate-logs.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "generate-logs-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("every file is written under its key, and the sums are those of the files", async () => {
  const files = [...generateLogs({ files: 20, records: 3, noise: true, broken: true })];
  const summary = await writeLogs(folder, files);
  for (const { key, bytes } of files)
    expect((await readFile(join(folder, key))).equals(bytes), key).toBe(true);
  const logs = files.filter(({ kind }) => kind === "log");
  expect(summary.files).toBe(files.length);
  expect(summary.byKind.log).toEqual({
    files: 20,
    records: logs.reduce((sum, { records }) => sum + records, 0),
    bytes: logs.reduce((sum, { bytes }) => sum + bytes.length, 0),
  });
});

test("without files the sums are zero", async () => {
  expect(await writeLogs(folder, [])).toMatchObject({ files: 0, records: 0, bytes: 0 });
});
