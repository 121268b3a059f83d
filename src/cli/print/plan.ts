import type { Table } from "../../core/catalog.ts";
import type { Change, Plan } from "../../core/plan.ts";
import { printNumber } from "./amounts.ts";
import { printSafe } from "./safe-text.ts";

/** A change a line: + for what is made, ~ for what is changed. */
export function printPlan({ changes }: Plan): string {
  return changes.map((change) => `${printChange(change)}\n`).join("");
}

function printChange(change: Change): string {
  switch (change.kind) {
    case "create-table":
      return `+ table ${change.table.name} with ${printPartitions([...change.table.partitions.values()])}`;
    case "add-partitions":
      return `+ ${printPartitions(change.partitions)} in ${change.table.name}`;
    case "replace-table":
      return `~ table ${change.table.name} reads other files than before`;
    case "create-view":
      return `+ view ${change.view.name} over all accounts`;
    case "replace-view":
      return `~ view ${change.view.name} over all accounts`;
    case "set-aside":
      return `~ ${printNumber(change.files.length, "file")} set aside: ${printNames(change.files.map(({ file }) => file))}`;
    case "take-back":
      return `~ ${printNumber(change.files.length, "file")} no longer set aside: ${printNames(change.files.map(({ file }) => file))}`;
  }
}

function printPartitions(partitions: readonly { readonly region: string }[]): string {
  const regions = new Set(partitions.map(({ region }) => region)).size;
  return `${printNumber(partitions.length, "partition")} of ${printNumber(regions, "Region")}`;
}

function printNames(files: readonly string[]): string {
  const names = files.slice(0, 3).map((file) => printSafe(file.split("/").at(-1) ?? file));
  return files.length > names.length ? `${names.join(", ")} …` : names.join(", ");
}

/** A plan as JSON, with partitions as lists and definitions left out. */
export function planToJson({ changes }: Plan): unknown {
  return changes.map((change) => {
    switch (change.kind) {
      case "create-table":
        return {
          kind: change.kind,
          ...tableToJson(change.table),
          partitions: [...change.table.partitions.values()],
        };
      case "add-partitions":
        return { kind: change.kind, ...tableToJson(change.table), partitions: change.partitions };
      case "replace-table":
        return { kind: change.kind, ...tableToJson(change.table) };
      case "create-view":
      case "replace-view":
        return { kind: change.kind, view: change.view.name };
      case "set-aside":
      case "take-back":
        return change;
    }
  });
}

function tableToJson({ name, account }: Table): object {
  return { table: name, account };
}
