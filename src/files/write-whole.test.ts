import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../fixtures.contract.ts";
import { writeWhole } from "./write-whole.ts";

test("writeWhole writes nothing among the logs, however the path is written", async () => {
  const logs = join(await makeFolder(), "AWSLogs");
  await mkdir(logs);
  const file = join(logs, "answer.csv");
  for (const path of [file, relative(process.cwd(), file), join(logs, "..", "AWSLogs", "answer.csv")]) {
    await expect(writeWhole(path, (part) => writeFile(part, "x"))).rejects.toThrow(/among the logs/);
  }
  expect(await readdir(logs)).toEqual([]);
});

test("writeWhole leaves the file as it was where the writing fails", async () => {
  const folder = await makeFolder();
  const file = join(folder, "answer.csv");
  await writeFile(file, "before");
  await expect(writeWhole(file, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await readdir(folder)).toEqual(["answer.csv"]);
});
