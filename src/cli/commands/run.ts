import type { RunReport } from "../../actions/run.ts";
import { run } from "../../actions/run.ts";
import { totalInventory } from "../../core/inventory.ts";
import { openJob } from "../open-job.ts";
import type { CommonFlags } from "../options.ts";
import { printBytes, printNumber } from "../print/amounts.ts";
import { printOddities } from "../print/inventory.ts";
import { planToJson, printPlan } from "../print/plan.ts";
import { printSafeJson } from "../print/safe-text.ts";
import { printSetAside } from "../print/set-aside.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, startProgress, writeData, writeNote, writeWarnings } from "../terminal.ts";

/** The main job: tables, partitions and the view. */
export async function runCommand(flags: CommonFlags, terminal: Terminal): Promise<number> {
  const { onProgress, stop } = startProgress(terminal);
  const { settings, ports, options } = await openJob(flags, { signal: terminal.signal, onProgress });
  const report = await run(ports, options).finally(stop);
  if (flags.format === "json") {
    await writeData(terminal, [printSafeJson(`${JSON.stringify(reportToJson(report), undefined, 2)}\n`)]);
  } else {
    await writeData(terminal, [printReport(report, ports.warehouse.title)]);
    const view = report.desired.view?.name ?? settings.tablePrefix;
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

function printReport({ inventory, plan, desired }: RunReport, title: string): string {
  const { objects, bytes } = totalInventory(inventory.partitions.filter(({ kind }) => kind === "CloudTrail"));
  const partitions = [...desired.tables.values()].reduce((sum, table) => sum + table.partitions.size, 0);
  const changes = plan.changes.length === 0 ? "Nothing to change.\n" : printPlan(plan);
  return (
    `${changes}${title}: ${printNumber(desired.tables.size, "table")} with ${printNumber(partitions, "partition")}` +
    `, over ${printNumber(objects, "log file")} (${printBytes(bytes)}) seen by this run\n`
  );
}

function reportToJson({ inventory, plan, desired }: RunReport): unknown {
  const { url, roots, partitions, oddities, otherServices, listings } = inventory;
  return {
    changes: planToJson(plan),
    tables: [...desired.tables.values()].map(({ name, account, partitions: own }) => ({
      name,
      account,
      partitions: own.size,
    })),
    view: desired.view?.name,
    setAside: [...desired.setAside.values()],
    inventory: { url, roots, ...totalInventory(partitions), oddities, otherServices, listings },
  };
}
