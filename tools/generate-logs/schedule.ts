import { addDays } from "../../src/core/day.ts";
import type { Day } from "../../src/core/day.ts";
import { apportion, isChosen } from "./apportion.ts";
import type { Roots } from "./layouts.ts";
import { chooseRoot } from "./layouts.ts";
import type { Settings } from "./options.ts";
import { Random } from "./prng.ts";
import { Stream } from "./stream.ts";

/** A log file before its records are written. */
export interface PlannedFile {
  /** Among all files, counted from 0. */
  readonly index: number;
  readonly root: string;
  /** Index of the account. */
  readonly account: number;
  readonly region: string;
  readonly day: Day;
  /** How many records of its own; copies of another file's come on top. */
  readonly records: number;
  /** Delivery in milliseconds, a multiple of five minutes. */
  readonly stamp: number;
  readonly lateness: Lateness;
  /** How likely each record is delivered in a later file of the day too. */
  readonly copied: number;
  /** Whether no other file of its account, Region and day follows. */
  readonly last: boolean;
  readonly attacked: boolean;
}

/** "on-time"; or events of the day before; or delivered to its day's folder days after. */
export type Lateness = "on-time" | "day-before" | "redelivered";

const MINUTE = 60_000;
const STAMPS_A_DAY = 288;
const MOST_RECORDS = 30_000;
/** How many accounts the thief reaches. */
const ATTACKED_ACCOUNTS = 4;

/** Plans the log files by account, Region, day and delivery; their number is exactly what was asked for. */
export function* planFiles(settings: Settings, roots: Roots): Generator<PlannedFile> {
  let index = 0;
  let file = 0;
  let account = 0;
  for (const slot of planSlots(settings)) {
    if (slot.account !== account) file = 0;
    account = slot.account;
    for (let position = 0; position < slot.count; position++) {
      const root = chooseRoot(settings, roots, { account, file: file++, progress: slot.progress });
      yield planFile(settings, slot, { index: index++, position, root });
    }
  }
}

interface Slot {
  readonly account: number;
  readonly region: string;
  readonly day: Day;
  readonly dayIndex: number;
  /** From 0, the first day, to 1, the last. */
  readonly progress: number;
  /** How many files it gets. */
  readonly count: number;
}

/** Shares the files out among accounts, then Regions, then days. */
function* planSlots({ seed, accounts, regions, days, files }: Settings): Generator<Slot> {
  const perAccount = apportion(files, weighAccounts(accounts, seed));
  for (const [account, accountFiles] of perAccount.entries()) {
    const perRegion = apportion(accountFiles, regions.map(weighRegion));
    for (const [place, region] of regions.entries()) {
      const perDay = apportion(perRegion[place] ?? 0, days.map(weighDay));
      for (const [dayIndex, day] of days.entries()) {
        const progress = days.length < 2 ? 1 : dayIndex / (days.length - 1);
        yield { account, region, day, dayIndex, progress, count: perDay[dayIndex] ?? 0 };
      }
    }
  }
}

interface Draw {
  readonly index: number;
  readonly random: Random;
}

interface Place {
  readonly index: number;
  readonly position: number;
  readonly root: string;
}

function planFile(settings: Settings, slot: Slot, { index, position, root }: Place): PlannedFile {
  const { account, region, day, dayIndex, count } = slot;
  const random = new Random(settings.seed, Stream.Schedule, index);
  const lateness = chooseLateness(settings, slot, { index, random });
  const stampDay =
    lateness === "redelivered" ? addDays(day, redeliveryDelay(settings, dayIndex, random)) : day;
  const fiveMinutes = Math.floor(((position + random.fraction()) / count) * STAMPS_A_DAY);
  return {
    index,
    root,
    account,
    region,
    day,
    records: isChosen(index, settings.empty) ? 0 : countRecords(settings.records, random),
    stamp: Date.parse(`${stampDay}T00:00:00Z`) + fiveMinutes * 5 * MINUTE,
    lateness,
    copied: count > 1 ? Math.min(1, (settings.duplicates * count) / (count - 1)) : 0,
    last: position === count - 1,
    attacked: account < ATTACKED_ACCOUNTS && isAttackDay(dayIndex, settings.days.length),
  };
}

/** The attack lasts from one day into the next, two thirds into the time. */
function isAttackDay(dayIndex: number, days: number): boolean {
  const first = Math.floor(days * 0.6);
  return dayIndex === first || dayIndex === first + 1;
}

function chooseLateness({ late, days }: Settings, { dayIndex }: Slot, place: Draw): Lateness {
  if (!isChosen(place.index, late)) return "on-time";
  return dayIndex < days.length - 1 && place.random.chance(0.5) ? "redelivered" : "day-before";
}

/** CloudTrail redelivers for up to 30 days; never past the last day here. */
function redeliveryDelay({ days }: Settings, dayIndex: number, random: Random): number {
  return 1 + random.below(Math.min(30, days.length - 1 - dayIndex));
}

/** A few large files and many tiny ones: five times the fourth power of a fraction has the mean 1 and the median 0.31. */
function countRecords(average: number, random: Random): number {
  const skewed = 5 * random.fraction() ** 4;
  return Math.min(MOST_RECORDS, 1 + Math.floor((average - 1) * skewed + random.fraction()));
}

function weighAccounts(accounts: number, seed: number): readonly number[] {
  const random = new Random(seed, Stream.Schedule, -1);
  return Array.from({ length: accounts }, (_, index) => (index === 0 ? 2 : 0.5 + random.fraction()));
}

/** The first Region is where most people work, and where services without Regions log. */
function weighRegion(_region: string, place: number): number {
  return place === 0 ? 2 : 1;
}

/** People rest at weekends; machines do not. */
function weighDay(day: Day): number {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6 ? 0.6 : 1;
}
