import { realpath, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Ports } from "./actions/plan.ts";
import type { Compactor } from "./compactor/compactor.ts";
import { decideLakePlace, refuseNested } from "./config/lake-place.ts";
import type { Settings } from "./config/settings.ts";
import { DEFAULT_MEMORY } from "./config/settings.ts";
import { UserError } from "./core/user-error.ts";
import type { LakeStore } from "./lake-store/lake-store.ts";
import { locateLogs } from "./store/locate-logs.ts";
import type { Store } from "./store/store.ts";
import type { Warehouse } from "./warehouse/warehouse.ts";

export interface OpenPorts extends Ports {
  /** What was pointed at below the store; see locateLogs. */
  readonly within: string;
  /** Undefined where the settings name none. */
  readonly lake: LakeStore | undefined;
}

/** What compacting needs too. The compactor must be closed. */
export interface OpenCompactPorts extends OpenPorts {
  readonly lake: LakeStore;
  readonly compactor: Compactor;
}

/** What must be known to open a store and a warehouse; the rest has defaults. */
export type PortSettings = Pick<Settings, "logs" | "engine" | "database"> & Partial<Settings>;

export type LakePortSettings = PortSettings & { readonly lake: string };

/**
 * The one place where implementations are chosen.
 * @throws UserError where the logs are not named, not there, or of a kind that the engine does not read
 */
export async function openPorts(settings: PortSettings): Promise<OpenPorts> {
  const { lake } = settings;
  const ports = await openLogsAndTables(settings);
  return { ...ports, lake: lake === undefined ? undefined : await openLake({ ...settings, lake }) };
}

/** @throws UserError as openPorts does, and for less memory than compacting can do with */
export async function openCompactPorts(settings: LakePortSettings): Promise<OpenCompactPorts> {
  const ports = await openLogsAndTables(settings);
  const lake = await openLake(settings);
  const { openCompactor } = await import("./compactor/open-compactor.ts");
  return { ...ports, lake, compactor: await openCompactor({ memory: settings.memory ?? DEFAULT_MEMORY }) };
}

async function openLogsAndTables(settings: PortSettings): Promise<Omit<OpenPorts, "lake">> {
  refuseOtherScheme(settings);
  const { store, within } = await openStore(settings);
  return { store, within, warehouse: await openWarehouse({ ...settings, logs: store.url }) };
}

/** @throws UserError as openPorts does */
export async function openStore({
  logs,
  aws = {},
  requestPayer = false,
}: Partial<Settings>): Promise<{ readonly store: Store; readonly within: string }> {
  if (logs === undefined) {
    throw new UserError("there is no word of where the logs are", {
      hint: "name their place: --logs ./logs or --logs s3://bucket/prefix, or logs: ... in cloudtrail-partitioner.yaml",
    });
  }
  if (logs === "")
    throw new UserError("--logs is empty, perhaps a variable that is not set", {
      hint: "name the folder or bucket of the logs",
    });
  if (isS3Url(logs)) {
    const { openBucket } = await import("./open-aws-ports.ts");
    return openBucket(logs, { aws, requestPayer });
  }
  refuseUrl(logs);
  const { place, within } = locateLogs(resolve(logs));
  await refuseNoFolder(resolve(logs));
  const { openLocalStore } = await import("./store/local-store.ts");
  return { store: openLocalStore(place), within };
}

/** @throws UserError for a place that is no lake's: see decideLakePlace */
export async function openLake(settings: LakePortSettings): Promise<LakeStore> {
  const place = decideLakePlace(settings);
  switch (place.kind) {
    case "bucket": {
      const { openBucketLake } = await import("./open-aws-ports.ts");
      return openBucketLake(place, { aws: settings.aws ?? {} });
    }
    case "folder": {
      await refuseLinked(place.folder, settings.logs);
      const { openLocalLakeStore } = await import("./lake-store/local-lake-store.ts");
      return openLocalLakeStore(place.folder);
    }
  }
}

/** @param settings.logs absolute; undefined where only queries are to be run */
export async function openWarehouse(settings: PortSettings): Promise<Warehouse> {
  const { engine, database, logs } = settings;
  switch (engine) {
    case "duckdb": {
      const { openDuckDbWarehouse } = await import("./warehouse/duckdb/duckdb-warehouse.ts");
      return openDuckDbWarehouse({ database, logs });
    }
    case "athena": {
      const { openAthenaWarehouse } = await import("./warehouse/athena/athena-warehouse.ts");
      return openAthenaWarehouse({ ...settings, aws: settings.aws ?? {}, logs });
    }
  }
}

function isS3Url(logs: string): boolean {
  return /^s3:\/\//i.test(logs);
}

/** Each engine reads what lies where it runs. */
function refuseOtherScheme({ logs = "", engine }: PortSettings): void {
  if (engine === "athena" && !isS3Url(logs) && logs !== "") {
    throw new UserError(`Athena reads logs in S3, not in the folder ${logs}`, {
      hint: "use --engine duckdb for a folder, or name a bucket: --logs s3://bucket/prefix",
    });
  }
  if (engine === "duckdb" && isS3Url(logs)) {
    throw new UserError(`DuckDB reads logs from a folder here, not from ${logs}`, {
      hint: "copy them with their folders (aws s3 sync s3://bucket/AWSLogs logs/AWSLogs) and use --logs logs, or use --engine athena",
    });
  }
}

function refuseUrl(logs: string): void {
  if (!/^[a-z0-9]+:\/\//i.test(logs)) return;
  throw new UserError(`${logs} is neither a folder nor a bucket`, {
    hint: "use --logs ./logs or --logs s3://bucket/prefix",
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

/** A link can lead into the logs, too. */
async function refuseLinked(folder: string, logs: string | undefined): Promise<void> {
  if (logs !== undefined && !isS3Url(logs))
    refuseNested(await findReal(folder), await findReal(resolve(logs)));
}

/** Where a folder lies, or would lie if it were made, without links on the way. */
async function findReal(folder: string): Promise<string> {
  let existing = folder;
  for (;;) {
    const real = await realpath(existing).catch(() => undefined);
    if (real !== undefined) return join(real, relative(existing, folder));
    if (dirname(existing) === existing) return folder;
    existing = dirname(existing);
  }
}
