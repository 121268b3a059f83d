import type { PlanOptions } from "../actions/plan.ts";
import type { Scope } from "../actions/scope.ts";
import { readConfiguration } from "../config/configuration.ts";
import type { Settings } from "../config/settings.ts";
import { decideSettings } from "../config/settings.ts";
import type { Day } from "../core/day.ts";
import { addDays, dayFromTime, parseDayOption } from "../core/day.ts";
import { UserError } from "../core/user-error.ts";
import type { CommonFlags } from "./options.ts";

/** The settings of this call: flags over the environment over the configuration file. */
export async function readSettings(flags: CommonFlags): Promise<Settings> {
  return decideSettings(flags, await readConfiguration(flags.config, process.env));
}

/** Which logs the call is about. */
export function decideScope(
  flags: CommonFlags,
  { settings, today, within }: { readonly settings: Settings; readonly today: Day; readonly within: string },
): Scope {
  const from = flags.from === undefined ? undefined : parseDayOption(flags.from, "--from", today);
  const to = flags.to === undefined ? undefined : parseDayOption(flags.to, "--to", today);
  if (from !== undefined && to !== undefined && from > to) {
    throw new UserError(`--from ${from} is after --to ${to}`, { hint: "swap them" });
  }
  const { partitionDays, accounts, regions } = settings;
  const start = from ?? (partitionDays === undefined ? undefined : addDays(to ?? today, 1 - partitionDays));
  return {
    range: { from: start, to },
    accounts: flags.account ?? accounts,
    regions: flags.region ?? regions,
    within,
  };
}

/** What plan and run are told. */
export function decidePlanOptions(
  flags: CommonFlags,
  { settings, within }: { readonly settings: Settings; readonly within: string },
): PlanOptions {
  const today = dayFromTime(Date.now());
  return {
    ...decideScope(flags, { settings, today, within }),
    tablePrefix: settings.tablePrefix,
    today,
    check: flags.check ?? false,
    keepFrom: decideKeepFrom(settings, today),
  };
}

/** DuckDB's partitions cost nothing, and are kept. */
function decideKeepFrom({ engine, retentionDays }: Settings, today: Day): Day | undefined {
  return engine === "duckdb" || retentionDays === undefined ? undefined : addDays(today, 1 - retentionDays);
}
