import { readConfiguration } from "../config/configuration-file.ts";
import type { Settings } from "../config/settings.ts";
import { decideSettings } from "../config/settings.ts";
import type { CommonFlags } from "./options.ts";

/** The settings of this call: flags over the environment over the configuration file. */
export async function readSettings(flags: CommonFlags): Promise<Settings> {
  return decideSettings(flags, await readConfiguration(flags.config, process.env));
}
