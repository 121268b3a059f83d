import { UserError } from "../core/user-error.ts";
import type { PlanOptions, PlanReport, Ports } from "./plan.ts";
import { discoverFor, planFrom } from "./plan.ts";

export type RunOptions = PlanOptions;

/** What was changed, and what the warehouse holds now. */
export type RunReport = PlanReport;

/** Another run that wins the race changes what ours was planned from; then it is planned anew. */
const ATTEMPTS = 5;

/**
 * Brings the catalog up to date with the store: tables, partitions and the view. Can be run at any time, any number of
 * times, two at once; a second run finds nothing to do.
 */
export async function run(ports: Ports, options: RunOptions): Promise<RunReport> {
  const { signal, onProgress } = options;
  const inventory = await discoverFor(ports, options);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const report = await planFrom(ports, inventory, options);
    const applied = await ports.warehouse.applyPlan(report.plan, {
      signal,
      onProgress: (share) =>
        onProgress?.({ step: "writing the catalog", done: Math.round((share ?? 0) * 100), total: 100 }),
    });
    if (applied) return report;
  }
  throw new UserError(
    `the catalog of ${ports.warehouse.title} was changed by another run each of ${ATTEMPTS} times`,
    {
      hint: "wait for the other runs to end, then run again",
    },
  );
}
