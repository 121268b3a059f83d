import type { Table } from "../../core/catalog.ts";
import type { PartitionSet } from "../../core/partition-set.ts";
import type { AccountDay } from "../../core/lake/lake-day.ts";
import type { DaysPlan } from "../../actions/compact/plan-days.ts";
import { printBytes } from "../../core/byte-size.ts";
import type { Change, Plan } from "../../core/plan.ts";
import { printCount, printNumber } from "./amounts.ts";
import { printSafe } from "../../core/safe-text.ts";

/** Of the changes of one kind this many are printed a line each; a sum stands for more. */
const SHOWN = 20;

/** A change a line: + for what is made, ~ for what is changed, - for what is dropped. */
export function printPlan({ changes }: Plan): string {
  const print = (change: Change): string =>
    change.kind === "put-lake-days" ? printPutDays(change, changes) : printChange(change);
  return groupByKind(changes)
    .flatMap((group) => {
      const lines = group.slice(0, SHOWN).map(print);
      const more = group.slice(SHOWN);
      return more.length === 0 ? lines : [...lines, printMore(more)];
    })
    .map((line) => `${line}\n`)
    .join("");
}

/** Neighbours of one kind; the order of the plan stays. */
function groupByKind(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    if (last?.[0]?.kind === change.kind) last.push(change);
    else groups.push([change]);
  }
  return groups;
}

function printMore(changes: readonly Change[]): string {
  const [first] = changes;
  const mark = first === undefined ? "" : printChange(first).slice(0, 1);
  const partitions = changes.reduce((sum, change) => sum + (partitionsOf(change)?.size ?? 0), 0);
  const counted = partitions === 0 ? "" : `, with ${printNumber(partitions, "partition")}`;
  return `${mark} and ${printCount(changes.length)} more of the kind ${first?.kind}${counted}`;
}

function partitionsOf(change: Change): PartitionSet | undefined {
  if ("partitions" in change) return change.partitions;
  return change.kind === "create-table" || change.kind === "turn-into-table"
    ? change.table.partitions
    : undefined;
}

function printChange(change: Change): string {
  switch (change.kind) {
    case "create-database":
      return `+ database ${change.database}`;
    case "create-table":
      return `+ table ${change.table.name} with ${printPartitions(change.table.partitions)}`;
    case "turn-into-table":
      return `~ view ${change.table.name} becomes a table with ${printPartitions(change.table.partitions)}`;
    case "add-partitions":
      return `+ ${printPartitions(change.partitions)} in ${change.table.name}`;
    case "update-partitions":
      return `~ ${printPartitions(change.partitions)} in ${change.table.name}: columns or location`;
    case "drop-partitions":
      return `- ${printPartitions(change.partitions)} in ${change.table.name}: beyond their retention; the logs stay`;
    case "replace-table":
      return change.table.sources.length > 0
        ? `~ table ${change.table.name} reads other files than before`
        : `~ table ${change.table.name}: columns or properties`;
    case "create-lake-table":
      return `+ table ${change.lakeTable.name} over the lake`;
    case "replace-lake-table":
      return `~ table ${change.lakeTable.name} reads other files of the lake than before`;
    case "put-lake-days":
      return printPutDays(change, []);
    case "drop-lake-days":
      return `- ${printLakeDays(change.days)} in ${change.lakeTable.name}: their files are damaged or gone; the logs answer`;
    case "create-view":
      return `+ view ${change.view.name}`;
    case "replace-view":
      return `~ view ${change.view.name}`;
    case "turn-into-view":
      return `~ table ${change.view.name} becomes a view`;
    case "set-aside":
      return `~ ${printNumber(change.files.length, "file")} set aside: ${printNames(change.files.map(({ file }) => file))}`;
    case "take-back":
      return `~ ${printNumber(change.files.length, "file")} no longer set aside: ${printNames(change.files.map(({ file }) => file))}`;
  }
}

type PutDays = Extract<Change, { readonly kind: "put-lake-days" }>;

/** Later versions of account-days take the place of others, unless the table is only being made. */
function printPutDays({ days, lakeTable }: PutDays, changes: readonly Change[]): string {
  const isNew = changes.some(
    (change) => change.kind === "create-lake-table" && change.lakeTable.name === lakeTable.name,
  );
  const replaced = isNew ? [] : days.filter(({ folder }) => !/\/v0*1-[^/]*\/$/.test(folder));
  const later = new Set(replaced);
  const added = days.filter((day) => !later.has(day));
  return [
    ...(added.length === 0 ? [] : [`+ ${printLakeDays(added)} in ${lakeTable.name}`]),
    ...(replaced.length === 0 ? [] : [`~ ${printLakeDays(replaced)} in ${lakeTable.name}: new files`]),
  ].join("\n");
}

function printPartitions(partitions: PartitionSet): string {
  return `${printNumber(partitions.size, "partition")} of ${printNumber(partitions.regions.length, "Region")}`;
}

/** "3 account-days from 2026-03-01 to 2026-03-02". */
function printLakeDays(accountDays: readonly AccountDay[]): string {
  const days = accountDays.map(({ day }) => day).toSorted();
  const [first, last] = [days[0], days.at(-1)];
  const when = first === last ? `of ${first}` : `from ${first} to ${last}`;
  return `${printNumber(days.length, "account-day")} ${when}`;
}

function printNames(files: readonly string[]): string {
  const names = files.slice(0, 3).map((file) => printSafe(file.split("/").at(-1) ?? file));
  return files.length > names.length ? `${names.join(", ")} …` : names.join(", ");
}

/** A plan as JSON, with partitions as lists and definitions left out. */
export function planToJson({ changes }: Plan): unknown[] {
  return changes.map((change) => {
    switch (change.kind) {
      case "create-database":
      case "set-aside":
      case "take-back":
        return change;
      case "create-table":
      case "turn-into-table":
        return { kind: change.kind, ...tableToJson(change.table), partitions: [...change.table.partitions] };
      case "add-partitions":
      case "update-partitions":
      case "drop-partitions":
        return { kind: change.kind, ...tableToJson(change.table), partitions: [...change.partitions] };
      case "replace-table":
        return { kind: change.kind, ...tableToJson(change.table) };
      case "create-lake-table":
      case "replace-lake-table":
        return { kind: change.kind, table: change.lakeTable.name };
      case "put-lake-days":
      case "drop-lake-days":
        return { kind: change.kind, table: change.lakeTable.name, days: change.days };
      case "create-view":
      case "replace-view":
      case "turn-into-view":
        return { kind: change.kind, view: change.view.name };
    }
  });
}

function tableToJson({ name, account }: Table): object {
  return { table: name, ...(account === undefined ? {} : { account }) };
}

type DueDays = Pick<DaysPlan, "due" | "bytes">;

/** The account-days that are to be compacted, a line a reason, or no line. */
export function printDueDays({ due, bytes }: DueDays): string {
  const reasons = [...new Set(due.map(({ reason }) => reason))];
  const lines = reasons.map((reason) => {
    const days = due.filter((day) => day.reason === reason);
    return `${reason === "new" ? "+" : "~"} ${printLakeDays(days)} to be compacted: ${reason}`;
  });
  if (lines.length > 0) lines.push(`  ${printBytes(bytes)} of logs to read for that`);
  return lines.map((line) => `${line}\n`).join("");
}

/** Beside the changes of planToJson. */
export function dueDaysToJson({ due }: DueDays): unknown[] {
  const kind = "compact-day";
  return due.map(({ dataset, account, day, reason }) => ({ kind, dataset, account, day, reason }));
}
