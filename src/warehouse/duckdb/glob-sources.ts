import { opendir } from "node:fs/promises";
import type { FolderPattern } from "../../core/partition-cover.ts";
import { isLogFile } from "../../core/log-key.ts";
import { escapeGlob, unescapeGlob } from "./glob-text.ts";

/** Region, year, month and day: narrow enough that a folder of another name, made later, does not match. */
const LEVEL_GLOBS = ["[a-z]*-*", "[0-9][0-9][0-9][0-9]", "[01][0-9]", "[0-3][0-9]"];

/** Hidden files, whose names begin with "." or "_", are left out. */
const FILE_GLOB = "[!._]*.json.gz";

/** The pattern as a glob for DuckDB. */
export function printGlob({ folder, levels }: FolderPattern): string {
  return escapeGlob(folder) + printTail(levels);
}

/** The inverse of printGlob, for globs that it has made. */
export function parseGlob(glob: string): FolderPattern {
  for (let levels = LEVEL_GLOBS.length; levels >= 0; levels--) {
    const tail = printTail(levels);
    if (glob.endsWith(`/${tail}`)) return { folder: unescapeGlob(glob.slice(0, -tail.length)), levels };
  }
  throw new Error(`the database's books hold a glob that is none of ours: ${glob}`);
}

function printTail(levels: number): string {
  return [...LEVEL_GLOBS.slice(LEVEL_GLOBS.length - levels), FILE_GLOB].join("/");
}

/** Whether at least one file matches, since DuckDB fails on a glob without any. Reads no more folders than it must. */
export async function isMatched({ folder, levels }: FolderPattern): Promise<boolean> {
  try {
    for await (const entry of await opendir(folder)) {
      if (levels === 0 ? isLogFile(entry.name) : await isFolderMatched(`${folder}${entry.name}/`, levels))
        return true;
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR"].includes(String(error.code))))
      throw error;
  }
  return false;
}

async function isFolderMatched(folder: string, levels: number): Promise<boolean> {
  const name = folder.split("/").at(-2) ?? "";
  return isLevelFolder(name, levels) && isMatched({ folder, levels: levels - 1 });
}

/** Whether a name is one of a folder that a pattern of so many levels goes down to. */
export function isLevelFolder(name: string, levels: number): boolean {
  const form = [/^[a-z].*-/, /^\d{4}$/, /^[01]\d$/, /^[0-3]\d$/][LEVEL_GLOBS.length - levels];
  return form?.test(name) === true;
}
