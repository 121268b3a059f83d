import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkOutputDirectory } from "./output-directory.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "generate-logs-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("a folder that is empty or missing may be written to", async () => {
  await checkOutputDirectory(folder, { force: false });
  await checkOutputDirectory(join(folder, "missing", "deeper"), { force: false });
});

test("a folder with a file may be written to only by force", async () => {
  await writeFile(join(folder, "mine.txt"), "");
  await expect(checkOutputDirectory(folder, { force: false })).rejects.toThrow('it holds "mine.txt"');
  await checkOutputDirectory(folder, { force: true });
});

test("a file is no folder", async () => {
  const path = join(folder, "mine.txt");
  await writeFile(path, "");
  await expect(checkOutputDirectory(path, { force: true })).rejects.toThrow("is a file");
});
