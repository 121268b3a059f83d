import type { LakeContent } from "../core/catalog.ts";
import type { Day, DayRange } from "../core/day.ts";
import { isInRange } from "../core/day.ts";
import type { Inventory } from "../core/inventory.ts";
import type { LakeDay } from "../core/lake/lake-day.ts";
import { findLakeRanges } from "../core/lake/lake-ranges.ts";
import type { PartitionSet } from "../core/partition-set.ts";
import type { Scope } from "./scope.ts";

interface Surroundings {
  /** All that the tables are to have. */
  readonly partitions: PartitionSet;
  readonly inventory: Pick<Inventory, "partitions">;
  /** What the inventory is about. */
  readonly options: Scope;
  /** Whether tables answer for days that `partitions` does not have, as projected ones do. */
  readonly projected: boolean;
  /** The lake that the catalog knows, with the days that the view reads from it so far. */
  readonly before: LakeContent | undefined;
}

/** A lake, and the days that the view over all accounts is to read from it. */
export type RangedLake = LakeContent & { readonly ranges: readonly DayRange[] };

/** Which days the view over all accounts is to read from the lake: those of which nothing can be missing there. */
export function withRanges(
  lake: LakeContent | undefined,
  surroundings: Surroundings,
): RangedLake | undefined {
  if (lake === undefined) return undefined;
  const days = lake.days.filter(({ dataset }) => dataset === "data");
  const missing = [...listMissing(days, surroundings), ...listUnseen(days, surroundings)];
  const ranges = findLakeRanges({ inLake: days.map(({ day }) => day), missing });
  return { ...lake, ranges: closeStart(ranges, days, surroundings) };
}

/**
 * Days of account-days that have partitions, and that the lake does not have. Tables have partitions for days without logs, too:
 * where the inventory shows that there are none, nothing is missing; where it does not tell, what the view reads from the lake
 * stays there, since the logs of such a day may have expired.
 */
function listMissing(days: readonly LakeDay[], surroundings: Surroundings): ReadonlySet<Day> {
  const { partitions, inventory, options, before } = surroundings;
  const inLake = new Set(days.map(({ account, day }) => `${account}/${day}`));
  const withLogs = new Set(
    inventory.partitions.flatMap(({ kind, account, day }) =>
      kind === "CloudTrail" ? [`${account}/${day}`] : [],
    ),
  );
  // What the lake had and has no more, as it is damaged, is in the logs at most.
  const lost = (before?.days ?? []).filter(
    (known) =>
      known.dataset === "data" && !inLake.has(`${known.account}/${known.day}`) && !isSeen(known, options),
  );
  const missing = new Set<Day>(lost.map(({ day }) => day));
  for (const partition of partitions) {
    const id = `${partition.account}/${partition.day}`;
    if (inLake.has(id)) continue;
    const isTold = isSeen(partition, options) || isWithin(partition.day, before?.ranges);
    if (withLogs.has(id) || !isTold) missing.add(partition.day);
  }
  return missing;
}

/** Days of which it cannot be told whether the lake has all accounts, and that the view does not read from it so far. */
function listUnseen(days: readonly LakeDay[], { projected, options, before }: Surroundings): Day[] {
  if (!projected) return [];
  const isWhole = options.accounts === undefined && looksEverywhere(options);
  return days.flatMap(({ day }) =>
    (isWhole && isInRange(day, options.range ?? {})) || isWithin(day, before?.ranges) ? [] : [day],
  );
}

/** Projected tables answer for days before the first that was looked at, whose logs are in no lake. */
function closeStart(
  ranges: readonly DayRange[],
  days: readonly LakeDay[],
  { projected, options, before }: Surroundings,
): readonly DayRange[] {
  const [first, ...others] = ranges;
  const [known] = before?.ranges ?? [];
  const isKnown = known !== undefined && known.from === undefined;
  const isUnbounded = !projected || options.range?.from === undefined || isKnown;
  return first === undefined || first.from !== undefined || isUnbounded
    ? ranges
    : [firstDayOn(first, days), ...others];
}

function firstDayOn(range: DayRange, days: readonly LakeDay[]): DayRange {
  const [from] = days.map(({ day }) => day).toSorted();
  return { ...range, from };
}

function isSeen({ account, day }: { readonly account: string; readonly day: Day }, options: Scope): boolean {
  const { accounts, range = {} } = options;
  return looksEverywhere(options) && (accounts?.includes(account) ?? true) && isInRange(day, range);
}

function looksEverywhere({ regions, within = "" }: Scope): boolean {
  return regions === undefined && within === "";
}

function isWithin(day: Day, ranges: readonly DayRange[] = []): boolean {
  return ranges.some((range) => isInRange(day, range));
}
