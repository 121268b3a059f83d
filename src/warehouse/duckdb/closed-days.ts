import { readdir } from "node:fs/promises";
import type { Day, DayRange } from "../../core/day.ts";
import { dayFromParts, isInRange } from "../../core/day.ts";
import type { FolderPattern } from "../../core/partition-cover.ts";
import { isLogFile } from "../../core/log-key.ts";
import { isLevelFolder, parseGlob, printGlob } from "./glob-sources.ts";

/** Whether a day is in one of the ranges. */
export function isWithin(day: Day, ranges: readonly DayRange[]): boolean {
  return ranges.some((range) => isInRange(day, range));
}

/** Whether a log file, by its absolute path, is of a day in one of the ranges. */
export function isClosed(file: string, ranges: readonly DayRange[]): boolean {
  if (ranges.length === 0) return false;
  const [year = "", month = "", date = ""] = file.split("/").slice(-4, -1);
  const day = dayFromParts(year, month, date);
  return day !== undefined && isWithin(day, ranges);
}

/** What is left to read of the logs. */
export interface OpenLogs {
  /** The folders of days that have logs, as globs. */
  readonly globs: readonly string[];
  readonly files: number;
}

/** More make a text that takes longer to plan than filters on all files do. */
const MOST_FOLDERS = 2000;

/**
 * The logs of days outside of the ranges, among those that a table's globs match. Years and months within a range are not even
 * looked into.
 * @returns undefined where there are too many folders to name
 */
export async function findOpenLogs(
  sources: readonly string[],
  ranges: readonly DayRange[],
): Promise<OpenLogs | undefined> {
  const globs: string[] = [];
  let files = 0;
  const walk = async (pattern: FolderPattern): Promise<void> => {
    if (globs.length > MOST_FOLDERS || isWhollyWithin(pattern, ranges)) return;
    const names = await listNames(pattern.folder);
    const logs = pattern.levels === 0 ? names.filter(isLogFile).length : 0;
    files += logs;
    if (logs > 0) globs.push(printGlob(pattern));
    await Promise.all(listFolders(pattern, names).map(walk));
  };
  await Promise.all(sources.map(parseGlob).map(walk));
  return globs.length > MOST_FOLDERS ? undefined : { globs: globs.toSorted(), files };
}

async function listNames(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
}

function listFolders({ folder, levels }: FolderPattern, names: readonly string[]): FolderPattern[] {
  return names
    .filter((name) => isLevelFolder(name, levels))
    .map((name) => ({ folder: `${folder}${name}/`, levels: levels - 1 }));
}

/** Whether all days that the folder of a year, a month or a day can have are in one range. */
function isWhollyWithin({ folder, levels }: FolderPattern, ranges: readonly DayRange[]): boolean {
  const count = REGION_LEVELS - levels;
  if (count <= 0) return false;
  const parts = folder.split("/").slice(-1 - count, -1);
  const first = [...parts, "01", "01"].slice(0, 3).join("-");
  const last = [...parts, ...["12", "31"].slice(count - 1)].join("-");
  return ranges.some(
    ({ from, to }) => (from === undefined || from <= first) && (to === undefined || to >= last),
  );
}

/** Below a Region's folder there are years, months and days. */
const REGION_LEVELS = 3;
