import type { Ports } from "../../actions/plan.ts";
import type { RunReport } from "../../actions/run.ts";
import { run } from "../../actions/run.ts";
import { totalInventory } from "../../core/inventory.ts";
import { openJob } from "../open-job.ts";
import type { CommonFlags } from "../options.ts";
import { printBytes } from "../../core/byte-size.ts";
import { printCount, printNumber } from "../print/amounts.ts";
import { printOddities } from "../print/inventory.ts";
import { planToJson, printPlan } from "../print/plan.ts";
import { printSafeJson } from "../../core/safe-text.ts";
import { printSetAside } from "../print/set-aside.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, startProgress, writeData, writeNote, writeWarnings } from "../terminal.ts";

/** The main job: tables, partitions and the view. */
export async function runCommand(flags: CommonFlags, terminal: Terminal): Promise<number> {
  const { onProgress, stop } = startProgress(terminal);
  const { settings, ports, options } = await openJob(flags, { signal: terminal.signal, onProgress });
  const report = await run(ports, options).finally(stop);
  if (flags.format === "json") {
    const json = JSON.stringify(reportToJson(report, ports), undefined, 2);
    await writeData(terminal, [printSafeJson(`${json}\n`)]);
  } else {
    await writeData(terminal, [printReport(report, ports)]);
    const view = settings.tablePrefix;
    writeNote(
      terminal,
      `next: cloudtrail-partitioner query "SELECT eventname, count(*) AS count FROM ${view} GROUP BY 1 ORDER BY 2 DESC LIMIT 10"`,
    );
  }
  writeWarnings(terminal, [
    ...printOddities(report.inventory),
    ...printSetAside([...report.desired.setAside.values()]),
  ]);
  return report.desired.setAside.size > 0 ? EXIT.setAside : EXIT.done;
}

function printReport({ inventory, plan, desired }: RunReport, { store, warehouse }: Ports): string {
  const { partitions: days, ...seen } = totalInventory(
    inventory.partitions.filter(({ kind }) => kind === "CloudTrail"),
  );
  const looked =
    warehouse.detail === "days"
      ? `${printNumber(days, "Region-day")} with logs seen by this run\n${printRequests(store, warehouse)}`
      : `over ${printNumber(seen.objects, "log file")} (${printBytes(seen.bytes)}) seen by this run\n`;
  const partitions = [...desired.tables.values()].reduce((sum, table) => sum + table.partitions.size, 0);
  const changes = plan.changes.length === 0 ? "Nothing to change.\n" : printPlan(plan);
  return (
    `${changes}${warehouse.title}: ${printNumber(desired.tables.size, "table")} with ${printNumber(partitions, "partition")}` +
    `, ${looked}`
  );
}

/** What the run cost in API calls: "1,803 S3 ListObjectsV2, 1,547 Glue BatchCreatePartition". */
function printRequests(...callers: readonly { readonly requests: ReadonlyMap<string, number> }[]): string {
  const counts = callers.flatMap(({ requests }) => [...requests]);
  const printed = counts.map(([name, count]) => `${printCount(count)} ${name}`).join(", ");
  return `API requests: ${printed === "" ? "none" : printed}\n`;
}

function reportToJson({ inventory, plan, desired }: RunReport, { store, warehouse }: Ports): unknown {
  const { url, roots, partitions, oddities, otherServices, listings } = inventory;
  return {
    changes: planToJson(plan),
    tables: [...desired.tables.values()].map(({ name, account, partitions: own }) => ({
      name,
      account,
      partitions: own.size,
    })),
    views: [...desired.views.keys()],
    requests: Object.fromEntries([...store.requests, ...warehouse.requests]),
    setAside: [...desired.setAside.values()],
    inventory: { url, roots, ...totalInventory(partitions), oddities, otherServices, listings },
  };
}
