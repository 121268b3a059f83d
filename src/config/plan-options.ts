import type { PlanOptions } from "../actions/plan.ts";
import type { Scope } from "../actions/scope.ts";
import type { Day } from "../core/day.ts";
import { addDays, dayFromTime, parseDayOption } from "../core/day.ts";
import { UserError } from "../core/user-error.ts";
import type { Settings } from "./settings.ts";

/** What is asked this time, over the settings. */
export interface Question {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly account?: readonly string[] | undefined;
  readonly region?: readonly string[] | undefined;
  readonly check?: boolean | undefined;
}

/** Which logs the call is about. */
export function decideScope(
  question: Question,
  { settings, today, within }: { readonly settings: Settings; readonly today: Day; readonly within: string },
): Scope {
  const from = question.from === undefined ? undefined : parseDayOption(question.from, "--from", today);
  const to = question.to === undefined ? undefined : parseDayOption(question.to, "--to", today);
  if (from !== undefined && to !== undefined && from > to) {
    throw new UserError(`--from ${from} is after --to ${to}`, { hint: "swap them" });
  }
  const { partitionDays, accounts, regions } = settings;
  const start = from ?? (partitionDays === undefined ? undefined : addDays(to ?? today, 1 - partitionDays));
  return {
    range: { from: start, to },
    accounts: question.account ?? accounts,
    regions: question.region ?? regions,
    within,
  };
}

/** What plan and run are told. */
export function decidePlanOptions(
  question: Question,
  { settings, within }: { readonly settings: Settings; readonly within: string },
): PlanOptions {
  const today = dayFromTime(Date.now());
  return {
    ...decideScope(question, { settings, today, within }),
    tablePrefix: settings.tablePrefix,
    today,
    check: question.check ?? false,
    keepFrom: decideKeepFrom(settings, today),
  };
}

/** DuckDB's partitions cost nothing, and are kept. */
function decideKeepFrom({ engine, retentionDays }: Settings, today: Day): Day | undefined {
  return engine === "duckdb" || retentionDays === undefined ? undefined : addDays(today, 1 - retentionDays);
}
