import type { LogKey } from "../../src/core/log-key.ts";
import type { Roots } from "./layouts.ts";
import { chooseRoot } from "./layouts.ts";
import type { Settings } from "./options.ts";
import type { World } from "./world.ts";

/** The folder of the first account's first Region on the last day: what is added to a bucket lies there. */
export function lastPlace(settings: Settings, world: World, roots: Roots): Omit<LogKey, "file"> {
  const region = settings.regions[0];
  const day = settings.days.at(-1);
  if (region === undefined || day === undefined) throw new Error("settings without a Region or a day");
  const root = chooseRoot(settings, roots, { account: 0, file: 0, progress: 1 });
  return { root, account: world.home.id, kind: "CloudTrail", region, day };
}
