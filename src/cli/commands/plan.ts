import { plan } from "../../actions/plan.ts";
import { openJob } from "../open-job.ts";
import type { CommonFlags } from "../options.ts";
import { printOddities } from "../print/inventory.ts";
import { planToJson, printPlan } from "../print/plan.ts";
import { printSafeJson } from "../../core/safe-text.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, startProgress, writeData, writeNote, writeWarnings } from "../terminal.ts";

export interface PlanFlags extends CommonFlags {
  readonly detailedExitcode?: boolean;
}

/** Prints what `run` would change. */
export async function planCommand(flags: PlanFlags, terminal: Terminal): Promise<number> {
  const { onProgress, stop } = startProgress(terminal);
  const { ports, options } = await openJob(flags, { signal: terminal.signal, onProgress });
  const report = await plan(ports, options).finally(stop);
  const { changes } = report.plan;
  if (flags.format === "json") {
    await writeData(terminal, [printSafeJson(`${JSON.stringify(planToJson(report.plan), undefined, 2)}\n`)]);
  } else {
    await writeData(terminal, [changes.length === 0 ? "Nothing to change.\n" : printPlan(report.plan)]);
    if (changes.length > 0) writeNote(terminal, `run makes these changes in ${ports.warehouse.title}`);
  }
  writeWarnings(terminal, printOddities(report.inventory));
  return flags.detailedExitcode === true && changes.length > 0 ? EXIT.changesDue : EXIT.done;
}
