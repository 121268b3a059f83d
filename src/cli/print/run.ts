import type { Ports } from "../../actions/plan.ts";
import type { RunReport } from "../../actions/run.ts";
import { printBytes } from "../../core/byte-size.ts";
import { totalInventory } from "../../core/inventory.ts";
import { printSafe } from "../../core/safe-text.ts";
import { printCount, printNumber } from "./amounts.ts";
import { planToJson, printPlan } from "./plan.ts";

/** What sends requests, and counts them by service and operation. */
interface Caller {
  readonly requests: ReadonlyMap<string, number>;
}

/** Where a run looked and wrote. */
export type RunPorts = Ports & { readonly lake?: Caller | undefined };

/** What was changed, and what there is now. */
export function printRun({ inventory, plan, desired }: RunReport, ports: RunPorts): string {
  const { partitions: days, ...seen } = totalInventory(
    inventory.partitions.filter(({ kind }) => kind === "CloudTrail"),
  );
  const { warehouse } = ports;
  const looked =
    warehouse.detail === "days"
      ? `${printNumber(days, "Region-day")} with logs seen by this run\n${printRequests(ports)}`
      : `over ${printNumber(seen.objects, "log file")} (${printBytes(seen.bytes)}) seen by this run\n`;
  const partitions = [...desired.tables.values()].reduce((sum, table) => sum + table.partitions.size, 0);
  const changes = plan.changes.length === 0 ? "Nothing to change.\n" : printPlan(plan);
  return (
    `${changes}${warehouse.title}: ${printNumber(desired.tables.size, "table")} with ${printNumber(partitions, "partition")}` +
    `, ${looked}`
  );
}

/** What the run cost in API calls: "1,803 S3 ListObjectsV2, 1,547 Glue BatchCreatePartition". */
function printRequests(ports: RunPorts): string {
  const counts = [...countRequests(ports)].map(([name, count]) => `${printCount(count)} ${name}`);
  return `API requests: ${counts.length === 0 ? "none" : counts.join(", ")}\n`;
}

/** The bucket of the logs and that of the lake have operations in common. */
function countRequests({ store, lake, warehouse }: RunPorts): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { requests } of [store, ...(lake === undefined ? [] : [lake]), warehouse]) {
    for (const [name, count] of requests) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return counts;
}

/** What a run that names no lake says where the view reads one, which only a run that names it keeps up to date. */
export function printForgottenLake(
  { desired, actual, ranges = [] }: Pick<RunReport, "desired" | "actual" | "ranges">,
  view: string,
): string[] {
  const { url } = desired.lake ?? actual.lake ?? {};
  const through = ranges.at(-1)?.to;
  if (url === undefined || through === undefined) return [];
  const place = printSafe(url);
  return [
    `the view ${view} reads the lake ${place} through ${through}, which this run did not bring up to date; ` +
      `name it: --lake ${place}, or lake: ... in cloudtrail-partitioner.yaml`,
  ];
}

/** The report as JSON. */
export function runToJson({ inventory, plan, desired }: RunReport, ports: RunPorts): object {
  const { url, roots, partitions, oddities, otherServices, listings } = inventory;
  return {
    changes: planToJson(plan),
    tables: [...desired.tables.values()].map(({ name, account, partitions: own }) => ({
      name,
      account,
      partitions: own.size,
    })),
    views: [...desired.views.keys()],
    requests: Object.fromEntries(countRequests(ports)),
    setAside: [...desired.setAside.values()],
    inventory: { url, roots, ...totalInventory(partitions), oddities, otherServices, listings },
  };
}
