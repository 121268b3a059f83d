import { UserError } from "./user-error.ts";

declare const brand: unique symbol;

/** A UTC day, "2026-11-22". Sorts as text; never becomes a local Date. */
export type Day = string & { readonly [brand]: "Day" };

const MS_A_DAY = 86_400_000;

/** Reads "2026-11-22"; undefined for anything else, days that no calendar has included. */
export function parseDay(text: string): Day | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  return dayFromParts(match[1] ?? "", match[2] ?? "", match[3] ?? "");
}

/** Joins the year, month and day of a log path ("2026", "11", "22"); undefined if they name no day. */
export function dayFromParts(year: string, month: string, day: string): Day | undefined {
  if (!/^\d{4}$/.test(year) || !/^\d{2}$/.test(month) || !/^\d{2}$/.test(day)) return undefined;
  const text = `${year}-${month}-${day}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && dayFromTime(time) === text ? (text as Day) : undefined;
}

/** The UTC day of a moment in milliseconds since 1970. */
export function dayFromTime(milliseconds: number): Day {
  return new Date(milliseconds).toISOString().slice(0, 10) as Day;
}

/** The day `count` days after `day`, or before it when negative. */
export function addDays(day: Day, count: number): Day {
  return dayFromTime(Date.parse(`${day}T00:00:00Z`) + count * MS_A_DAY);
}

/** "2026-11-22" as ["2026", "11", "22"], the values of the partition columns year, month and day. */
export function splitDay(day: Day): readonly [year: string, month: string, day: string] {
  return [day.slice(0, 4), day.slice(5, 7), day.slice(8, 10)];
}

/** The days from `from` to `to`, both included; a missing end is open. */
export interface DayRange {
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
}

/** Whether the day lies in the range. */
export function isInRange(day: Day, { from, to }: DayRange): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to);
}

/**
 * Reads what a user writes for a day: "2026-11-22", "today", "yesterday", or an age such as "7d", which counts back from today.
 * "7d" as a start covers seven days, today included.
 * @throws UserError naming the option and the value
 */
export function parseDayOption(text: string, option: string, today: Day): Day {
  if (text === "today") return today;
  if (text === "yesterday") return addDays(today, -1);
  const age = /^(\d{1,5})d$/.exec(text);
  const count = Number(age?.[1] ?? 0);
  const day = age === null ? parseDay(text) : count > 0 ? addDays(today, 1 - count) : undefined;
  if (day === undefined) {
    throw new UserError(`${option} "${text}" is not a day`, {
      hint: `write it as YYYY-MM-DD, as an age such as 7d, or as today or yesterday, e.g. ${option} ${addDays(today, -6)}`,
    });
  }
  return day;
}
