import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Ports } from "./actions/plan.ts";
import type { Settings } from "./config/settings.ts";
import { UserError } from "./core/user-error.ts";
import { locateLogs } from "./store/locate-logs.ts";
import type { Store } from "./store/store.ts";
import type { Warehouse } from "./warehouse/warehouse.ts";

export interface OpenPorts extends Ports {
  /** What was pointed at below the store; see locateLogs. */
  readonly within: string;
}

/**
 * The one place where implementations are chosen.
 * @throws UserError where the logs are not named, not there, or of a kind that this version does not read
 */
export async function openPorts(
  settings: Pick<Settings, "logs" | "engine" | "database">,
): Promise<OpenPorts> {
  const { store, within } = await openStore(settings.logs);
  return { store, within, warehouse: await openWarehouse({ ...settings, logs: store.url }) };
}

/** @throws UserError as openPorts does */
export async function openStore(
  logs: string | undefined,
): Promise<{ readonly store: Store; readonly within: string }> {
  if (logs === undefined) {
    throw new UserError("there is no word of where the logs are", {
      hint: "name their folder: --logs ./logs, or logs: ./logs in cloudtrail-partitioner.yaml",
    });
  }
  if (logs === "")
    throw new UserError("--logs is empty, perhaps a variable that is not set", {
      hint: "name the folder of the logs",
    });
  refuseUrl(logs);
  const { place, within } = locateLogs(resolve(logs));
  await refuseNoFolder(resolve(logs));
  const { openLocalStore } = await import("./store/local-store.ts");
  return { store: openLocalStore(place), within };
}

/** @param settings.logs absolute; undefined where only queries are to be run */
export async function openWarehouse({
  engine,
  database,
  logs,
}: Pick<Settings, "logs" | "engine" | "database">): Promise<Warehouse> {
  switch (engine) {
    case "duckdb": {
      const { openDuckDbWarehouse } = await import("./warehouse/duckdb/duckdb-warehouse.ts");
      return openDuckDbWarehouse({ database, logs });
    }
    case "athena":
      throw new UserError("this version has no Athena engine yet", {
        hint: "copy the logs (aws s3 sync s3://bucket/AWSLogs logs/AWSLogs) and use --logs logs --engine duckdb",
      });
  }
}

function refuseUrl(logs: string): void {
  if (!/^[a-z0-9]+:\/\//i.test(logs)) return;
  throw new UserError(`this version reads logs from folders only, not from ${logs}`, {
    hint: "copy them with their folders (aws s3 sync s3://bucket/AWSLogs logs/AWSLogs) and use --logs logs",
  });
}

async function refuseNoFolder(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory() === true) return;
  throw new UserError(
    `${folder} ${stats === undefined ? "does not exist" : "is a file"}, and a folder of logs was wanted`,
    {
      hint: "name the folder that holds AWSLogs/ with --logs",
    },
  );
}
