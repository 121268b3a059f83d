import { addDays, parseDay } from "../../src/core/day.ts";
import type { Day } from "../../src/core/day.ts";
import { isRegion } from "../../src/core/log-key.ts";
import { UserError } from "../../src/core/user-error.ts";
import type { Partition } from "./regions.ts";
import { PARTITION_FACTS } from "./regions.ts";

/** How the trails that fill the bucket were set up. */
export const LAYOUTS = ["account", "organization", "control-tower", "mixed"] as const;

export type Layout = (typeof LAYOUTS)[number];

/** What to generate; what is left out is as in `defaults`. */
export interface GenerateLogsOptions {
  /** Any integer: the same one gives the same bytes. */
  readonly seed?: number | undefined;
  readonly accounts?: number | undefined;
  /** Their names, or how many of the partition's: all of them where it has fewer. */
  readonly regions?: number | readonly string[] | undefined;
  readonly days?: number | undefined;
  /** The last delivery day, "2026-11-22". */
  readonly until?: string | undefined;
  /** Exactly this many files of kind "log" are made; three an account, Region and day where it is left out. */
  readonly files?: number | undefined;
  /** The average a file. */
  readonly records?: number | undefined;
  readonly layout?: Layout | undefined;
  /** What stands before `AWSLogs/` in every key of a log. */
  readonly prefix?: string | undefined;
  readonly partition?: Partition | undefined;
  /** The share of records that are data events. */
  readonly dataEvents?: number | undefined;
  /** The share of files whose events are of an earlier day, or that were redelivered long after their day. */
  readonly late?: number | undefined;
  /** The share of records that a second file of the same account, Region and day holds too. */
  readonly duplicates?: number | undefined;
  /** The share of files without a record. */
  readonly empty?: number | undefined;
  /** Adds one log file of nearly 50 MB before compression, the most that CloudTrail writes. */
  readonly largeFile?: boolean | undefined;
  /** Adds what real buckets hold beside logs. */
  readonly noise?: boolean | undefined;
  /** Adds files that cannot be read, and irregular ones that can. */
  readonly broken?: boolean | undefined;
}

/** What GenerateLogsOptions leaves out. */
export const defaults = {
  seed: 1,
  accounts: 3,
  regions: 4,
  days: 10,
  until: "2026-11-22",
  records: 20,
  layout: "account",
  prefix: "",
  partition: "aws",
  dataEvents: 0.2,
  late: 0.005,
  duplicates: 0,
  empty: 0,
  largeFile: false,
  noise: false,
  broken: false,
} as const satisfies GenerateLogsOptions;

const FILES_A_SLOT = 3;

/** Options with nothing left open. */
export interface Settings {
  readonly seed: number;
  readonly accounts: number;
  readonly regions: readonly string[];
  /** Ascending. */
  readonly days: readonly Day[];
  readonly files: number;
  readonly records: number;
  readonly layout: Layout;
  /** Empty, or with its final slash. */
  readonly prefix: string;
  readonly partition: Partition;
  readonly dataEvents: number;
  readonly late: number;
  readonly duplicates: number;
  readonly empty: number;
  readonly largeFile: boolean;
  readonly noise: boolean;
  readonly broken: boolean;
}

/**
 * Fills in the defaults and checks every value.
 * @throws UserError naming the option and the value
 */
export function parseOptions(options: GenerateLogsOptions): Settings {
  const { layout = defaults.layout, partition = defaults.partition } = options;
  const { largeFile = defaults.largeFile, noise = defaults.noise, broken = defaults.broken } = options;
  const regions = parseRegions(options.regions ?? defaults.regions, partition);
  const accounts = wholeNumber("accounts", options.accounts ?? defaults.accounts, 1);
  const days = parseDays(
    options.until ?? defaults.until,
    wholeNumber("days", options.days ?? defaults.days, 1),
  );
  return {
    accounts,
    regions,
    days,
    layout,
    partition,
    largeFile,
    noise,
    broken,
    seed: wholeNumber("seed", options.seed ?? defaults.seed, Number.MIN_SAFE_INTEGER),
    files: wholeNumber("files", options.files ?? FILES_A_SLOT * accounts * regions.length * days.length, 0),
    records: atLeastOne("records", options.records ?? defaults.records),
    prefix: parsePrefix(options.prefix ?? defaults.prefix),
    dataEvents: share("data-events", options.dataEvents ?? defaults.dataEvents),
    late: share("late", options.late ?? defaults.late),
    duplicates: share("duplicates", options.duplicates ?? defaults.duplicates),
    empty: share("empty", options.empty ?? defaults.empty),
  };
}

function wholeNumber(option: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UserError(`--${option} ${value} is not a whole number${least > 0 ? ` from ${least} up` : ""}`);
}

function atLeastOne(option: string, value: number): number {
  if (Number.isFinite(value) && value >= 1) return value;
  throw new UserError(`--${option} ${value} is not a number from 1 up`);
}

function share(option: string, value: number): number {
  if (value >= 0 && value <= 1) return value;
  throw new UserError(`--${option} ${value} is not a share`, {
    hint: "write a number from 0 to 1, e.g. 0.02 for 2 %",
  });
}

function parseRegions(regions: number | readonly string[], partition: Partition): readonly string[] {
  if (typeof regions === "number")
    return PARTITION_FACTS[partition].regions.slice(0, wholeNumber("regions", regions, 1));
  const wrong = regions.find((region) => !isRegion(region));
  if (wrong !== undefined || regions.length === 0) {
    throw new UserError(`--regions holds "${wrong ?? ""}", which is not a Region`, {
      hint: "write a number, or names with commas between, e.g. us-east-1,eu-west-1",
    });
  }
  return [...new Set(regions)];
}

function parseDays(until: string, count: number): readonly Day[] {
  const last = parseDay(until);
  if (last === undefined) {
    throw new UserError(`--until "${until}" is not a day`, {
      hint: `write it as YYYY-MM-DD, e.g. ${defaults.until}`,
    });
  }
  return Array.from({ length: count }, (_, index) => addDays(last, index + 1 - count));
}

function parsePrefix(prefix: string): string {
  const parts = prefix.split("/").filter((part) => part !== "");
  if (parts.some((part) => part === "." || part === ".."))
    throw new UserError(`--prefix "${prefix}" has a part that no folder can have`);
  return parts.map((part) => `${part}/`).join("");
}
