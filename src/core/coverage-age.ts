import type { Day } from "./day.ts";
import { addDays, dayFromTime } from "./day.ts";
import type { InventoryPartition } from "./inventory.ts";

const MS_AN_HOUR = 3_600_000;

/**
 * Hours since the end of the newest day that has CloudTrail logs; 0 while that is today. Days to come, which only a wrong
 * name can have, do not count. Where no day has logs, the hours since the first day that was looked at, or undefined where
 * that was all.
 * @param now milliseconds since 1970
 */
export function coverageAge(
  partitions: readonly InventoryPartition[],
  { now, from }: { readonly now: number; readonly from: Day | undefined },
): number | undefined {
  const today = dayFromTime(now);
  let newest: Day | undefined;
  for (const { kind, day } of partitions) {
    if (kind === "CloudTrail" && day <= today && (newest === undefined || day > newest)) newest = day;
  }
  const uncoveredFrom = newest === undefined ? from : addDays(newest, 1);
  if (uncoveredFrom === undefined) return undefined;
  return Math.max(0, (now - Date.parse(`${uncoveredFrom}T00:00:00Z`)) / MS_AN_HOUR);
}
