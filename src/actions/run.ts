import type { ApplyOptions } from "../warehouse/warehouse.ts";
import type { Inventory } from "../core/inventory.ts";
import { UserError } from "../core/user-error.ts";
import type { PlanOptions, PlanReport, TablePorts } from "./plan.ts";
import { discoverFor, planFrom } from "./plan.ts";

export interface RunOptions extends PlanOptions, Pick<ApplyOptions, "onWritten" | "isTimeUp"> {
  /** With each plan, before it is applied: a second one where another run was faster. */
  readonly onPlan?: ((report: PlanReport) => void) | undefined;
}

/** What was changed, and what the warehouse holds now. */
export interface RunReport extends PlanReport {
  /** How many partitions another run is to write, as time was up; undefined where all is done. */
  readonly left: number | undefined;
}

/** Another run that wins the race changes what ours was planned from; then it is planned anew. */
const ATTEMPTS = 5;

/**
 * Brings the catalog up to date with the store: tables, partitions and the view. Can be run at any time, any number of
 * times, two at once; a second run finds nothing to do.
 */
export async function run(ports: TablePorts, options: RunOptions): Promise<RunReport> {
  return runOver(ports, await discoverFor(ports, options), options);
}

/** The same as run, after the store was listed. */
export async function runOver(
  ports: TablePorts,
  inventory: Inventory,
  options: RunOptions,
): Promise<RunReport> {
  const { signal, onProgress, onPlan, onWritten, isTimeUp } = options;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const report = await planFrom(ports, inventory, options);
    onPlan?.(report);
    const onShare = (share = 0): void =>
      onProgress?.({ step: "writing the catalog", done: Math.round(share * 100), total: 100 });
    if (report.plan.changes.length > 0) onShare();
    const applied = await ports.warehouse.applyPlan(report.plan, {
      signal,
      onWritten,
      isTimeUp,
      onProgress: onShare,
    });
    if (applied.kind !== "stale")
      return { ...report, left: applied.kind === "stopped" ? applied.left : undefined };
  }
  throw new UserError(
    `the catalog of ${ports.warehouse.title} was changed by another run each of ${ATTEMPTS} times`,
    {
      hint: "wait for the other runs to end, then run again",
    },
  );
}
