import { planDays } from "../../actions/compact/plan-days.ts";
import type { DaysPlan } from "../../actions/compact/plan-days.ts";
import { readLake } from "../../actions/compact/read-lake.ts";
import type { PlanReport } from "../../actions/plan.ts";
import { plan } from "../../actions/plan.ts";
import { lastClosedDay } from "../../core/lake/lake-ranges.ts";
import type { Job } from "../open-job.ts";
import { openJob, refuseRegions } from "../open-job.ts";
import type { CommonFlags } from "../options.ts";
import { printOddities } from "../print/inventory.ts";
import { printLakeOddities } from "../print/lake.ts";
import { dueDaysToJson, planToJson, printDueDays, printPlan } from "../print/plan.ts";
import { printSafeJson } from "../../core/safe-text.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, startProgress, writeData, writeNote, writeWarnings } from "../terminal.ts";

export interface PlanFlags extends CommonFlags {
  readonly detailedExitcode?: boolean;
}

/** Prints what `run` would change. */
export async function planCommand(flags: PlanFlags, terminal: Terminal): Promise<number> {
  const { onProgress, stop } = startProgress(terminal);
  const job = await openJob(flags, { signal: terminal.signal, onProgress });
  if (job.ports.lake !== undefined) refuseRegions(flags, job.settings);
  const { report, days } = await planJob(job).finally(stop);
  const due = days?.due.length ?? 0;
  const isDue = report.plan.changes.length + due > 0;
  if (flags.format === "json") {
    const changes = [...planToJson(report.plan), ...(days === undefined ? [] : dueDaysToJson(days))];
    await writeData(terminal, [printSafeJson(`${JSON.stringify(changes, undefined, 2)}\n`)]);
  } else {
    const text = `${printPlan(report.plan)}${days === undefined ? "" : printDueDays(days)}`;
    await writeData(terminal, [isDue ? text : "Nothing to change.\n"]);
    if (isDue) writeNote(terminal, `run makes these changes in ${printPlaces(job, due)}`);
  }
  const { inventory } = report;
  const oddities =
    days === undefined ? printOddities(inventory) : printLakeOddities(inventory, days.unsupported);
  writeWarnings(terminal, oddities);
  return flags.detailedExitcode === true && isDue ? EXIT.changesDue : EXIT.done;
}

/** Without the changes of the catalog that come of days being compacted: only then it is known which. */
async function planJob({
  ports,
  options,
}: Job): Promise<{ readonly report: PlanReport; readonly days: DaysPlan | undefined }> {
  const report = await plan(ports, options);
  if (ports.lake === undefined) return { report, days: undefined };
  const listing = await readLake(ports.lake, options);
  const { inventory } = report;
  const closedThrough = lastClosedDay(Date.now());
  return { report, days: await planDays(ports.store, { inventory, listing, options, closedThrough }) };
}

function printPlaces({ ports: { warehouse, lake } }: Job, due: number): string {
  return lake === undefined || due === 0 ? warehouse.title : `${warehouse.title} and in the lake ${lake.url}`;
}
