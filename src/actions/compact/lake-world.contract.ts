import { rm } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Compactor } from "../../compactor/compactor.ts";
import { openCompactor } from "../../compactor/open-compactor.ts";
import type { TestFile } from "../../fixtures.contract.ts";
import { ask, day, makeFolder, makeLog, putFiles } from "../../fixtures.contract.ts";
import { openLocalLakeStore } from "../../lake-store/local-lake-store.ts";
import type { LakeStore } from "../../lake-store/lake-store.ts";
import { openLocalStore } from "../../store/local-store.ts";
import type { Store } from "../../store/store.ts";
import { openDuckDbWarehouse } from "../../warehouse/duckdb/duckdb-warehouse.ts";
import type { Warehouse } from "../../warehouse/warehouse.ts";
import type { CompactOptions, CompactPorts, CompactReport } from "./compact.ts";
import { compact } from "./compact.ts";

/** The afternoon of the day after the last closed one. */
export const NOW = Date.parse("2026-11-22T15:00:00Z");

export const HOUR = 3_600_000;

/** A folder of logs, a lake and a database, of one test. */
export interface LakeWorld {
  readonly logs: string;
  readonly lakeFolder: string;
  readonly database: string;
  readonly ports: CompactPorts & { readonly warehouse: Warehouse; readonly store: Store };
  put(...files: TestFile[]): Promise<void>;
  removeLog(key: string): Promise<void>;
  /** @param lake to use another way to the same lake, such as one that fails */
  compact(
    options?: Partial<CompactOptions> & { readonly lake?: LakeStore; readonly store?: Store },
  ): Promise<CompactReport>;
  /** The eventIDs of the view, by account and day: `111122223333 2026-11-20`. */
  readView(): Promise<Record<string, string[]>>;
}

export async function makeLakeWorld(...files: TestFile[]): Promise<LakeWorld> {
  const logs = await makeFolder("logs");
  const lakeFolder = join(await makeFolder(), "lake");
  const database = join(await makeFolder(), "catalog.duckdb");
  const compactor: Compactor = await openCompactor({ memory: 1e9, threads: 0 });
  onTestFinished(() => compactor.close());
  await putFiles(logs, files);
  const ports = {
    compactor,
    store: openLocalStore(logs),
    warehouse: openDuckDbWarehouse({ database, logs }),
    lake: openLocalLakeStore(lakeFolder),
  };
  return {
    logs,
    lakeFolder,
    database,
    ports,
    put: (...more) => putFiles(logs, more),
    removeLog: (key) => rm(join(logs, key)),
    compact: ({ lake = ports.lake, store = ports.store, ...options } = {}) =>
      compact(
        { ...ports, lake, store },
        { tablePrefix: "cloudtrail", today: day("2026-11-22"), now: NOW, ...options },
      ),
    readView: async () => {
      const { rows } = await ask(
        ports.warehouse,
        `SELECT account || ' ' || year || '-' || month || '-' || day AS account_day, eventid FROM cloudtrail ORDER BY 1, 2`,
      );
      const days: Record<string, string[]> = {};
      for (const [id, event] of rows) (days[String(id)] ??= []).push(String(event));
      return days;
    },
  };
}

export const ACCOUNTS = ["111122223333", "444455556666"] as const;

/** Two accounts, two Regions and four days, the last of which is open; two files each with two events, all different. */
export function makeFourDays(): TestFile[] {
  const days = ["2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"];
  return ACCOUNTS.flatMap((account) =>
    ["us-east-1", "eu-west-1"].flatMap((region) =>
      days.flatMap((date) => ["a", "b"].map((name) => makeEvents({ account, region, date, name }))),
    ),
  );
}

export interface EventsPlace {
  readonly account?: string;
  readonly region?: string;
  readonly date?: string;
  readonly name: string;
}

/** A file with two events that no other has. */
export function makeEvents({
  account = ACCOUNTS[0],
  region = "us-east-1",
  date = "2026-11-20",
  name,
}: EventsPlace): TestFile {
  const records = ["1", "2"].map((number) => ({
    eventVersion: "1.11",
    eventTime: `${date}T0${number}:00:00Z`,
    eventID: `${name}${number} ${region}`,
    recipientAccountId: account,
    awsRegion: region,
    requestParameters: { amount: 0.1 },
  }));
  return makeLog({ account, region, day: date, file: `${name}.json.gz`, records });
}

/** What the view is to have of such files. */
export function expectView(files: readonly TestFile[]): Record<string, string[]> {
  const days: Record<string, string[]> = {};
  for (const { key } of files) {
    const [, account, , region, year, month, date, file = ""] = key.split("/");
    const name = file.replace(".json.gz", "");
    (days[`${account} ${year}-${month}-${date}`] ??= []).push(`${name}1 ${region}`, `${name}2 ${region}`);
  }
  return Object.fromEntries(
    Object.entries(days)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, events]) => [id, events.toSorted()]),
  );
}
