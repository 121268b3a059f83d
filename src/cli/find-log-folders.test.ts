import { mkdir, symlink, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { makeFolder } from "../fixtures.contract.ts";
import { findLogFolders } from "./find-log-folders.ts";

test("findLogFolders finds AWSLogs here and in the folders here, and a folder called logs", async () => {
  const folder = await makeFolder();
  for (const path of [
    "AWSLogs",
    "case/AWSLogs",
    "logs/o-exampleorg1/AWSLogs",
    "empty/logs",
    "other/x",
    ".hidden/AWSLogs",
  ])
    await mkdir(`${folder}/${path}`, { recursive: true });
  await symlink(`${folder}/case`, `${folder}/linked`);
  await writeFile(`${folder}/file`, "");
  expect(await findLogFolders(folder)).toEqual([".", "./case", "./linked", "./logs"]);
});

test("findLogFolders finds nothing in an empty folder, or where there is none", async () => {
  const folder = await makeFolder();
  expect(await findLogFolders(folder)).toEqual([]);
  expect(await findLogFolders(`${folder}/none`)).toEqual([]);
});
