import type { PlanOptions } from "../actions/plan.ts";
import { decidePlanOptions } from "../config/plan-options.ts";
import type { Settings } from "../config/settings.ts";
import type { OpenPorts } from "../open-ports.ts";
import { openPorts } from "../open-ports.ts";
import type { CommonFlags } from "./options.ts";
import { readSettings } from "./settings.ts";

/** What plan, run and doctor start from. */
export interface Job {
  readonly settings: Settings;
  readonly ports: OpenPorts;
  readonly options: PlanOptions;
}

/** Reads the settings, opens what they name, and decides what is asked. */
export async function openJob(
  flags: CommonFlags,
  { signal, onProgress }: Pick<PlanOptions, "signal" | "onProgress">,
): Promise<Job> {
  const settings = await readSettings(flags);
  const ports = await openPorts(settings);
  const options = decidePlanOptions(flags, { settings, within: ports.within });
  return { settings, ports, options: { ...options, signal, onProgress } };
}
