import type { Inventory, InventoryPartition } from "../../core/inventory.ts";
import { totalInventory } from "../../core/inventory.ts";
import type { LogKind } from "../../core/log-key.ts";
import { printBytes } from "../../core/byte-size.ts";
import { printCount, printNumber } from "./amounts.ts";
import { printSafe } from "../../core/safe-text.ts";
import { printSmallTable } from "./table.ts";

/** A line an account, kind and root; then the sums. */
export function printInventory({ url, partitions, otherServices }: Inventory): string {
  const rows = [...groupByTrail(partitions).values()].map((group) => {
    const [first] = group;
    const { regions, partitions: count, objects, bytes, firstDay, lastDay } = totalInventory(group);
    return [
      first?.account ?? "",
      first?.kind ?? "",
      first?.root ?? "",
      regions,
      count,
      printCount(objects),
      printBytes(bytes),
      firstDay ?? "",
      lastDay ?? "",
    ];
  });
  const head = [
    "account",
    "kind",
    "root",
    "Regions",
    "Region-days",
    "files",
    "size",
    "first day",
    "last day",
  ];
  const total = totalInventory(partitions);
  const services =
    otherServices.length === 0
      ? ""
      : `Other services' logs beside them: ${otherServices.map(printSafe).join(", ")}\n`;
  return (
    printSmallTable(head, rows) +
    `${printNumber(total.objects, "file")} (${printBytes(total.bytes)}) of ${printNumber(total.accounts, "account")} in ` +
    `${printNumber(total.regions, "Region")}, in ${printSafe(url)}\n${services}`
  );
}

function groupByTrail(partitions: readonly InventoryPartition[]): Map<string, InventoryPartition[]> {
  const groups = new Map<string, InventoryPartition[]>();
  for (const partition of partitions) {
    const id = [partition.account, partition.kind, partition.root].join();
    groups.set(id, [...(groups.get(id) ?? []), partition]);
  }
  return new Map([...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Kinds of logs that tables hold without a lake. */
const KINDS: readonly LogKind[] = ["CloudTrail"];

/** Warnings: what lies in the store and is in no table. One line a reason. */
export function printOddities({ oddities, partitions }: Inventory, held = KINDS): string[] {
  const kinds = [...new Set(partitions.map(({ kind }) => kind))].filter((kind) => !held.includes(kind));
  return [
    ...oddities.map(({ reason, count, examples }) => {
      const more = count > examples.length ? ` and ${printCount(count - examples.length)} more` : "";
      return `not read: ${examples.map(printSafe).join(", ")}${more}: ${reason}`;
    }),
    ...kinds.map(
      (kind) =>
        `not in any table: ${kind} files (tables hold the ${held.length === 1 ? "kind" : "kinds"} ${held.join(", ")})`,
    ),
  ];
}
