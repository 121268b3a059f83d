import type { TableContent } from "./catalog.ts";
import { printPartitionPrefix } from "./log-key.ts";

/** All day folders `levels` folders below `folder`; with 0 levels, the folder of one day itself. */
export interface FolderPattern {
  /** URL with its final slash. */
  readonly folder: string;
  /** 4 below an account's CloudTrail folder (Region, year, month, day) down to 0. */
  readonly levels: number;
}

const LEVELS = 4;

/**
 * The fewest folders whose days are all partitions of the table and which hold nothing of `outside`. A folder with nothing
 * outside is taken whole, so that days to come are in it too.
 * @param outside URLs of folders, each with its final slash, that are no part of the table
 */
export function coverPartitions(
  { account, partitions }: TableContent,
  outside: readonly string[],
): FolderPattern[] {
  const days = new Map<string, string[]>();
  for (const { region, day, roots } of partitions.values()) {
    for (const root of roots) {
      const folder = `${root}${account}/CloudTrail/`;
      const known = days.get(folder) ?? [];
      days.set(folder, known);
      known.push(printPartitionPrefix({ root, account, kind: "CloudTrail", region, day }));
    }
  }
  return [...days]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([folder, paths]) => cover({ folder, levels: LEVELS }, paths.toSorted(), outside));
}

function cover(pattern: FolderPattern, days: readonly string[], outside: readonly string[]): FolderPattern[] {
  const { folder, levels } = pattern;
  const touching = outside.filter((prefix) => prefix.startsWith(folder) || folder.startsWith(prefix));
  if (levels === 0 || touching.length === 0) return [pattern];
  const children = new Map<string, string[]>();
  for (const day of days) {
    const child = day.slice(0, day.indexOf("/", folder.length) + 1);
    const known = children.get(child) ?? [];
    children.set(child, known);
    known.push(day);
  }
  return [...children].flatMap(([child, below]) =>
    cover({ folder: child, levels: levels - 1 }, below, touching),
  );
}
