import { printPartitionPrefix } from "./log-key.ts";
import type { Partition } from "./partition-set.ts";

/** All day folders `levels` folders below `folder`; with 0 levels, the folder of one day itself. */
export interface FolderPattern {
  /** URL with its final slash. */
  readonly folder: string;
  /** 4 below an account's CloudTrail folder (Region, year, month, day) down to 0. */
  readonly levels: number;
}

const LEVELS = 4;

/** URLs of folders, each with its final slash. */
export interface Surroundings {
  /** They are no part of any table. */
  readonly outside: readonly string[];
  /** Nobody has looked into them this time. */
  readonly unseen: readonly string[];
}

/** What a table of one account holds. */
export interface Covered {
  readonly account: string;
  readonly partitions: Iterable<Partition>;
}

/**
 * The fewest folders whose days are all partitions of the table and which hold nothing of `outside`. A folder with nothing
 * outside is taken whole, so that days to come are in it too.
 */
export function coverPartitions(table: Covered, outside: readonly string[]): FolderPattern[] {
  return coverDays(listDays(table), outside);
}

/**
 * The same after a look at a part of the store only: what was covered before stays covered as it was, and to that comes what
 * was found.
 * @param known what the table covers so far
 */
export function extendCover(
  table: Covered,
  known: readonly FolderPattern[],
  { outside, unseen }: Surroundings,
): FolderPattern[] {
  const days = listDays(table);
  const unseenHere = unseen.filter((prefix) => [...days.keys()].some((folder) => isTouching(prefix, folder)));
  if (unseenHere.length === 0) return coverDays(days, outside);
  const isKnown = (day: string): boolean => known.some(({ folder }) => day.startsWith(folder));
  const fresh = [...days].map(([folder, paths]) => [folder, paths.filter((day) => !isKnown(day))] as const);
  const added = coverDays(new Map(fresh.filter(([, paths]) => paths.length > 0)), [
    ...outside,
    ...unseenHere,
  ]);
  const kept = known.filter(({ folder }) => !added.some((pattern) => folder.startsWith(pattern.folder)));
  return [...kept, ...added].toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** The folders of a table's days, by account folder. */
function listDays({ account, partitions }: Covered): Map<string, string[]> {
  const days = new Map<string, string[]>();
  for (const { region, day, roots } of partitions) {
    for (const root of roots) {
      const folder = `${root}${account}/CloudTrail/`;
      const known = days.get(folder) ?? [];
      days.set(folder, known);
      known.push(printPartitionPrefix({ root, account, kind: "CloudTrail", region, day }));
    }
  }
  return days;
}

function coverDays(
  days: ReadonlyMap<string, readonly string[]>,
  outside: readonly string[],
): FolderPattern[] {
  return [...days]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([folder, paths]) => cover({ folder, levels: LEVELS }, paths.toSorted(), outside));
}

function cover(pattern: FolderPattern, days: readonly string[], outside: readonly string[]): FolderPattern[] {
  const { folder, levels } = pattern;
  const touching = outside.filter((prefix) => isTouching(prefix, folder));
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

/** Whether one of two folders holds the other. */
function isTouching(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}
