import type { Day, DayRange } from "../../../core/day.ts";
import { quoteName, quoteText } from "../../../core/sql-text.ts";

/** The day of a row, as text: partition columns are never NULL. */
const DAY = ["year", "month", "day"].map(quoteName).join(" || '-' || ");

/** An end of a stretch of days; it may belong to it or not. */
interface End {
  readonly day: Day;
  readonly isIncluded: boolean;
}

interface Stretch {
  readonly from?: End | undefined;
  readonly to?: End | undefined;
}

/** The condition that a row's day is in one of the ranges, which are in order and at least one. */
export function printWithin(ranges: readonly DayRange[]): string {
  return printAny(ranges.map(({ from, to }) => ({ from: makeEnd(from, true), to: makeEnd(to, true) })));
}

/** The condition that a row's day is in none of the ranges: exactly the rows that printWithin leaves out. */
export function printOutside(ranges: readonly DayRange[]): string {
  const starts = [undefined, ...ranges.map(({ to }) => to)];
  const ends = [...ranges.map(({ from }) => from), undefined];
  const stretches = starts.map((after, index) => ({
    from: makeEnd(after, false),
    to: makeEnd(ends[index], false),
  }));
  return printAny(stretches.filter(({ from, to }) => from !== undefined || to !== undefined));
}

function makeEnd(day: Day | undefined, isIncluded: boolean): End | undefined {
  return day === undefined ? undefined : { day, isIncluded };
}

function printAny(stretches: readonly Stretch[]): string {
  if (stretches.length === 0) return "false";
  return stretches.map((stretch) => `(${printStretch(stretch)})`).join(" OR ");
}

/**
 * The day as a whole is exact: Trino evaluates it on the values of each partition, and leaves out those that it rules out. But
 * it has to ask Glue for all of them first: it takes bounds for its question from comparisons of a single column alone. Such
 * are those of the year beside it, and Trino keeps the least and the greatest of all stretches.
 */
function printStretch({ from, to }: Stretch): string {
  const year = quoteName("year");
  const lower = from === undefined ? [] : [`${year} >= ${quoteText(from.day.slice(0, 4))}`];
  const upper = to === undefined ? [] : [`${year} <= ${quoteText(to.day.slice(0, 4))}`];
  const after = from === undefined ? [] : [`${DAY} >${from.isIncluded ? "=" : ""} ${quoteText(from.day)}`];
  const before = to === undefined ? [] : [`${DAY} <${to.isIncluded ? "=" : ""} ${quoteText(to.day)}`];
  return [...lower, ...upper, ...after, ...before].join(" AND ");
}
