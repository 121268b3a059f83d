import type { PlanOptions } from "../actions/plan.ts";
import { decidePlanOptions } from "../config/plan-options.ts";
import type { Settings } from "../config/settings.ts";
import { UserError } from "../core/user-error.ts";
import type { OpenCompactPorts, OpenPorts } from "../open-ports.ts";
import { openCompactPorts, openPorts } from "../open-ports.ts";
import type { CommonFlags } from "./options.ts";
import { readSettings } from "./settings.ts";

/** What plan, run, compact and doctor start from. */
export interface Job<P extends OpenPorts = OpenPorts> {
  readonly settings: Settings;
  readonly ports: P;
  readonly options: PlanOptions;
}

type Hooks = Pick<PlanOptions, "signal" | "onProgress">;

/**
 * Opens what the settings name, and decides what is asked.
 * @param hooks.settings where they were read already
 */
export async function openJob(
  flags: CommonFlags,
  { settings: known, ...hooks }: Hooks & { readonly settings?: Settings },
): Promise<Job> {
  const settings = known ?? (await readSettings(flags));
  return makeJob(flags, { settings, ports: await openPorts(settings), hooks });
}

/**
 * The same with a compactor, which must be closed.
 * @throws UserError as refuseRegions does, too
 */
export async function openCompactJob(
  flags: CommonFlags,
  { settings, ...hooks }: Hooks & { readonly settings: Settings & { readonly lake: string } },
): Promise<Job<OpenCompactPorts>> {
  refuseRegions(flags, settings);
  const ports = await openCompactPorts(settings);
  try {
    return makeJob(flags, { settings, ports, hooks });
  } catch (error) {
    await ports.compactor.close();
    throw error;
  }
}

/**
 * Part of an account-day must not take the place of the whole.
 * @throws UserError where flags or the configuration name Regions
 */
export function refuseRegions({ region }: CommonFlags, { regions }: Pick<Settings, "regions">): void {
  if (region === undefined && regions === undefined) return;
  const named = region === undefined ? `regions: ${regions?.join(", ")}` : `--region ${region.join(",")}`;
  throw new UserError(`${named} means a part of each day, and whole days of accounts are compacted`, {
    hint:
      region === undefined
        ? "leave regions out of the configuration, or do without a lake"
        : "leave --region out",
  });
}

interface Parts<P> extends Omit<Job, "ports" | "options"> {
  readonly ports: P;
  readonly hooks: Hooks;
}

function makeJob<P extends OpenPorts>(flags: CommonFlags, { settings, ports, hooks }: Parts<P>): Job<P> {
  const options = decidePlanOptions(flags, { settings, within: ports.within });
  return { settings, ports, options: { ...options, ...hooks } };
}
