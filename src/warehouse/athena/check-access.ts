import { GlueClient } from "@aws-sdk/client-glue";
import { makeClientConfig } from "../../aws/clients.ts";
import type { Check } from "../../core/check.ts";
import type { CallOptions } from "../warehouse.ts";
import type { AccessOptions, AccessTrial } from "./access-trial.ts";
import { ATTEMPTS } from "./access-trial.ts";
import { checkAnswers } from "./check-answers.ts";
import { checkCaller } from "./check-caller.ts";
import { checkCatalogReads } from "./check-catalog-reads.ts";
import { checkCatalogWrites } from "./check-catalog-writes.ts";
import { checkLakeAccess } from "./check-lake-access.ts";
import { checkLogAccess } from "./check-log-access.ts";
import { checkWorkgroup } from "./check-workgroup.ts";

/**
 * Tries what a run and a query need of AWS, one check each, and goes on after a failure. Changes nothing: writes are tried on
 * a table that does not exist, where Glue tells who may not from who has named a wrong one. Some twenty requests.
 */
export async function checkAthenaAccess(
  options: AccessOptions,
  { signal }: CallOptions = {},
): Promise<readonly Check[]> {
  const { checks, place } = await checkCaller(options, signal);
  if (place === undefined) return checks;
  const trial: AccessTrial = { options, place, signal };
  const catalog = await checkCatalogAccess(trial);
  const { check: workgroup, settings } = await checkWorkgroup(trial);
  const answers = await checkAnswers(trial, settings);
  const logs = await checkLogAccess(trial);
  return [...checks, ...catalog, workgroup, ...answers, ...logs, ...(await checkLakeAccess(trial))];
}

async function checkCatalogAccess(trial: AccessTrial): Promise<readonly Check[]> {
  const client = new GlueClient({ ...makeClientConfig(trial.options.aws), maxAttempts: ATTEMPTS });
  try {
    const { checks, ...found } = await checkCatalogReads(trial, client);
    return [...checks, ...(await checkCatalogWrites(trial, { client, ...found }))];
  } finally {
    client.destroy();
  }
}
