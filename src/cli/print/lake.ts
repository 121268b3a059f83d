import type { CompactReport } from "../../actions/compact/compact.ts";
import type { CompactedDay } from "../../actions/compact/compacted-day.ts";
import { printBytes } from "../../core/byte-size.ts";
import type { DayRange } from "../../core/day.ts";
import type { Inventory } from "../../core/inventory.ts";
import type { AccountDay } from "../../core/lake/lake-day.ts";
import { DATASETS } from "../../core/lake/lake-day.ts";
import type { Counts } from "../../core/lake/manifest.ts";
import type { CompactReason } from "../../core/lake/plan-compaction.ts";
import type { LogKind } from "../../core/log-key.ts";
import { printSafe } from "../../core/safe-text.ts";
import { printCount, printNumber } from "./amounts.ts";
import { printOddities } from "./inventory.ts";

/** What compact has to say beside what run says. */
export type LakeReport = Omit<CompactReport, "run">;

/** What the lake and the view over all accounts are called. */
export interface LakeNames {
  readonly url: string;
  readonly view: string;
}

const REASONS: readonly CompactReason[] = ["new", "changed", "damaged", "outdated"];

/** What was written, with its sums, and what the view reads now. Account-days are counted: there can be thousands. */
export function printLake(report: LakeReport, { url, view }: LakeNames): string {
  const committed = listCommitted(report);
  const lines = [
    `Lake ${printSafe(url)}, days closed through ${report.closedThrough}`,
    printDays(report),
    ...(committed.length === 0 ? [] : [printSums(report.total), printSizes(report)]),
    ...printHealed(report.healed),
    printView(report, view),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** "2,000 objects = 1,990 read + 10 set aside; 408,162 events = 400,000 in the lake + 8,162 duplicates" */
export function printSums({ objects, setAside, events, records, duplicates }: Counts): string {
  return (
    `${printNumber(objects, "object")} = ${printCount(objects - setAside)} read + ${printCount(setAside)} set aside; ` +
    `${printNumber(events, "event")} = ${printCount(records)} in the lake + ${printNumber(duplicates, "duplicate")}`
  );
}

/** "data 111122223333 2026-11-22" */
export function printDayName({ dataset, account, day }: AccountDay): string {
  return `${dataset} ${account} ${day}`;
}

type Outcome<K> = Extract<CompactedDay["outcome"], { readonly kind: K }>;
type DayWith<K> = CompactedDay & { readonly outcome: Outcome<K> };

function listCommitted({ days }: LakeReport): DayWith<"committed">[] {
  return days.filter((day): day is DayWith<"committed"> => day.outcome.kind === "committed");
}

function listLeft({ days }: LakeReport): DayWith<"left">[] {
  return days.filter((day): day is DayWith<"left"> => day.outcome.kind === "left");
}

function printDays(report: LakeReport): string {
  const committed = listCommitted(report);
  const reasons = REASONS.flatMap((reason) => {
    const count = committed.filter((day) => day.reason === reason).length;
    return count === 0 ? [] : [`${printCount(count)} ${reason}`];
  });
  const lost = report.days.filter(({ outcome }) => outcome.kind === "lost-race").length;
  const left = listLeft(report).length;
  const others = [
    [report.upToDate, "up to date"],
    [lost, "written by another compaction meanwhile"],
    [left, left === 1 ? "left as it was" : "left as they were"],
    [report.notBegun, "left to the next run"],
  ] as const;
  const written =
    committed.length === 0
      ? "Nothing to compact"
      : `${printNumber(committed.length, "account-day")} written: ${reasons.join(", ")}`;
  return [
    written,
    ...others.flatMap(([count, what]) => (count === 0 ? [] : [`${printCount(count)} ${what}`])),
  ].join("; ");
}

function printSizes(report: LakeReport): string {
  const committed = listCommitted(report);
  const files = committed.reduce((sum, { outcome }) => sum + outcome.files, 0);
  const bytes = committed.reduce((sum, { outcome }) => sum + outcome.lakeBytes, 0);
  const { bytes: read, late } = report.total;
  const came = late === 0 ? "" : `; ${printNumber(late, "object")} came late`;
  return `${printBytes(read)} of logs are ${printBytes(bytes)} in ${printNumber(files, "Parquet file")}${came}`;
}

function printHealed({ damaged, removed }: LakeReport["healed"]): string[] {
  return [
    ...(damaged === 0 ? [] : [`${printNumber(damaged, "account-day")} had files that were damaged or gone`]),
    ...(removed === 0 ? [] : [`${printNumber(removed, "file")} that nothing refers to removed`]),
  ];
}

/** Of many ranges the newest say enough. */
const RANGES_SHOWN = 3;

function printView({ ranges }: LakeReport, view: string): string {
  if (ranges.length === 0) return `The view ${view} reads logs: the lake has no day of every account`;
  const shown = ranges.slice(-RANGES_SHOWN).map(printRange);
  const more = ranges.length - shown.length;
  const days = more === 0 ? shown : [`${printNumber(more, "earlier range")} of days`, ...shown];
  return `The view ${view} reads the lake ${days.join(", ")}; logs on all other days`;
}

function printRange({ from, to }: DayRange): string {
  if (from === undefined) return `through ${to}`;
  return from === to ? `on ${from}` : `from ${from} to ${to}`;
}

const DAYS_SHOWN = 10;
const OBJECTS_SHOWN = 20;

/** What nobody may miss: what is not in the lake, and what was changed among the logs. */
export function printLakeWarnings(report: LakeReport, { view }: Pick<LakeNames, "view">): string[] {
  const left = listLeft(report).map((day) => `left as it was: ${printDayName(day)}: ${day.outcome.why}`);
  const replaced = listCommitted(report).flatMap((day) => {
    const { replaced: count } = day.outcome;
    const objects = `${printNumber(count, "object")} with other content than when it was compacted first`;
    return count === 0 ? [] : [`changed among the logs: ${printDayName(day)}: ${objects}`];
  });
  return [...printSetAsideObjects(report, view), ...cut(left), ...cut(replaced)].map(printSafe);
}

const UNSUPPORTED: LogKind = "CloudTrail-Aggregated";

/** What printOddities says, where a lake holds more kinds of logs. */
export function printLakeOddities(inventory: Inventory, aggregated: number): string[] {
  const partitions = inventory.partitions.filter(({ kind }) => kind !== UNSUPPORTED);
  const oddities = printOddities({ ...inventory, partitions }, Object.values(DATASETS));
  if (aggregated === 0) return oddities;
  const files = `${printNumber(aggregated, "file")} of the kind ${UNSUPPORTED}`;
  return [...oddities, `not supported: ${files}, which are in no table and not in the lake`];
}

function printSetAsideObjects({ setAside, total }: LakeReport, view: string): string[] {
  const shown = setAside.slice(0, OBJECTS_SHOWN);
  const more = total.setAside - shown.length;
  const lines = shown.map(({ key, reason }) => `set aside: ${key}: ${reason}`);
  if (more <= 0) return lines;
  const where = `SELECT * FROM ${view}_coverage WHERE set_aside > 0`;
  return [...lines, `and ${printNumber(more, "object")} more set aside; ${where} says of which days`];
}

function cut(lines: readonly string[]): string[] {
  const more = lines.length - DAYS_SHOWN;
  return more <= 0
    ? [...lines]
    : [...lines.slice(0, DAYS_SHOWN), `and ${printNumber(more, "account-day")} more; --format json has all`];
}

/** Whether anything that was to be in the lake is not. */
export function isIncomplete(report: LakeReport): boolean {
  return report.total.setAside > 0 || listLeft(report).length > 0;
}

/** The report as JSON, but for the catalog's part: every account-day that was worked on. */
export function lakeToJson(report: LakeReport, { url }: LakeNames): object {
  const { closedThrough, compactedThrough = null, ranges, upToDate, notBegun, days } = report;
  const { total, healed, aggregated, setAside } = report;
  const view = { closedThrough, compactedThrough, ranges };
  return { url, ...view, upToDate, notBegun, total, healed, aggregated, setAside, days };
}
