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
}

/** Which days the view over all accounts is to read from the lake. */
export function withRanges(
  lake: LakeContent | undefined,
  surroundings: Surroundings,
): (LakeContent & { readonly ranges: readonly DayRange[] }) | undefined {
  if (lake === undefined) return undefined;
  const days = lake.days.filter(({ dataset }) => dataset === "data");
  const inLake = new Set(days.map(({ account, day }) => `${account}/${day}`));
  const unseen = surroundings.projected ? listUnseen(days, surroundings.options) : [];
  const missing = [...listMissing(inLake, surroundings), ...unseen];
  return { ...lake, ranges: findLakeRanges({ inLake: days.map(({ day }) => day), missing }) };
}

/** Days of which it cannot be told whether the lake has all accounts. */
function listUnseen(days: readonly LakeDay[], options: Scope): Day[] {
  const isWhole = options.accounts === undefined && looksEverywhere(options);
  return days.flatMap(({ day }) => (isWhole && isInRange(day, options.range ?? {}) ? [] : [day]));
}

function looksEverywhere({ regions, within = "" }: Scope): boolean {
  return regions === undefined && within === "";
}

/**
 * Days of account-days that have logs, and that the lake does not have. Tables have partitions for days without logs, too: where
 * the inventory shows that there are none, nothing is missing.
 */
function listMissing(
  inLake: ReadonlySet<string>,
  { partitions, inventory, options }: Surroundings,
): ReadonlySet<Day> {
  const withLogs = new Set(
    inventory.partitions.flatMap(({ kind, account, day }) =>
      kind === "CloudTrail" ? [`${account}/${day}`] : [],
    ),
  );
  const { accounts, range = {} } = options;
  const isSeen = ({ account, day }: { readonly account: string; readonly day: Day }): boolean =>
    looksEverywhere(options) && (accounts?.includes(account) ?? true) && isInRange(day, range);
  const missing = new Set<Day>();
  for (const partition of partitions) {
    const id = `${partition.account}/${partition.day}`;
    if (!inLake.has(id) && (withLogs.has(id) || !isSeen(partition))) missing.add(partition.day);
  }
  return missing;
}
