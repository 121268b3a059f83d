import type { Day, DayRange } from "../day.ts";
import { addDays } from "../day.ts";

/** More make the view's text long, and its predicate slow to plan: the newest are kept, the rest is read from the logs. */
const MOST_RANGES = 50;

export interface LakeRangesQuestion {
  /** Days of which the lake has some account. */
  readonly inLake: Iterable<Day>;
  /** Days of which some account's logs are in a table, and not in the lake. */
  readonly missing: Iterable<Day>;
}

/**
 * The days that the view over all accounts reads from the lake: those of which the lake has every account. All other days it
 * reads from the logs. Days without any logs may be in either. The ranges are in order; the first begins with the first day there is
 * where nothing is missing before it.
 */
export function findLakeRanges({ inLake, missing }: LakeRangesQuestion): readonly DayRange[] {
  const holes = new Set(missing);
  const events = [...new Set([...inLake, ...holes])].toSorted();
  const ranges: { from: Day | undefined; to: Day }[] = [];
  let isOpen = false;
  for (const [index, day] of events.entries()) {
    if (holes.has(day)) isOpen = false;
    else if (isOpen) ranges[ranges.length - 1]!.to = day;
    else {
      ranges.push({ from: index === 0 ? undefined : day, to: day });
      isOpen = true;
    }
  }
  return ranges.slice(-MOST_RANGES);
}

/** The last day up to which the view reads no log; undefined where it reads logs from the first day on. */
export function compactedThrough(ranges: readonly DayRange[]): Day | undefined {
  const [first] = ranges;
  return first?.from === undefined ? first?.to : undefined;
}

/** The last day that is closed: CloudTrail delivers within minutes, and an hour is left for what is late. */
export function lastClosedDay(now: number): Day {
  return addDays(new Date(now - GRACE_MS).toISOString().slice(0, 10) as Day, -1);
}

const GRACE_MS = 3_600_000;
