import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import type { PlanOptions, PlanReport } from "../actions/plan.ts";
import { run } from "../actions/run.ts";
import type { LakeContent } from "../core/catalog.ts";
import { PARTITION_COLUMNS, RECORD_COLUMNS } from "../core/columns.ts";
import { COVERAGE_COLUMNS, COVERAGE_FILE, printCoverageFolder } from "../core/lake/coverage.ts";
import { DATASET_COLUMNS, LAKE_KEYS, OTHER_COLUMNS } from "../core/lake/lake-columns.ts";
import type { Dataset, LakeDay } from "../core/lake/lake-day.ts";
import { printAccountDay, printDataFolder, printPartName } from "../core/lake/lake-day.ts";
import { printParquet } from "../core/parquet/print-parquet.ts";
import { makeRecordShape } from "../core/shred/make-record-shape.ts";
import { Shredder } from "../core/shred/shred-records.ts";
import type { TestFile } from "../fixtures.contract.ts";
import { ask, day as toDay, makeLog } from "../fixtures.contract.ts";
import type { Value, Warehouse } from "./warehouse.ts";
import type { WarehouseFixture } from "./warehouse.contract.ts";

/** A store and a lake that can be filled, and one catalog over both. Each fixture is a world of its own. */
export interface LakeFixture extends Pick<WarehouseFixture, "store" | "put" | "openWarehouse" | "close"> {
  /** As in LakeContent. */
  readonly lakeUrl: string;
  /** @param key below the lake */
  putLakeFile(key: string, bytes: Uint8Array): Promise<void>;
}

const OPTIONS: PlanOptions = { tablePrefix: "cloudtrail", today: toDay("2026-11-22") };
const ACCOUNTS = ["111122223333", "444455556666"] as const;
const DAYS = ["2026-11-18", "2026-11-19", "2026-11-20"] as const;

/** An account-day of a lake; what is left out is of account 111122223333 on 2026-11-18, version 1, without a record. */
export interface TestLakeDay {
  readonly dataset?: Dataset;
  readonly account?: string;
  readonly day?: string;
  readonly version?: number;
  readonly records?: readonly object[];
}

/** Puts an account-day's file where a lake has it; all records are of us-east-1. */
export async function putLakeDay(
  { putLakeFile }: Pick<LakeFixture, "putLakeFile">,
  { dataset = "data", account = ACCOUNTS[0], day = DAYS[0], version = 1, records = [] }: TestLakeDay = {},
): Promise<LakeDay> {
  const at = { dataset, account, day: toDay(day) };
  const folder = printDataFolder({ ...at, version, fingerprint: `${version}abc` });
  await putLakeFile(`${folder}${printPartName(0)}`, makeParquet(dataset, records));
  return { ...at, folder, parts: 1 };
}

export function makeParquet(dataset: Dataset, records: readonly object[]): Uint8Array {
  const shredder = new Shredder(makeRecordShape(DATASET_COLUMNS[dataset]));
  shredder.shred(Buffer.from(JSON.stringify({ Records: records })), "us-east-1");
  const { columns } = shredder;
  const order = Int32Array.from({ length: columns.rows }, (_, row) => row);
  return Buffer.concat([
    ...printParquet(columns, order, { codec: "GZIP", compress: (page) => gzipSync(page) }),
  ]);
}

/** Days in the order in which a lake has them. */
export function lakeOf(
  { lakeUrl: url }: Pick<LakeFixture, "lakeUrl">,
  days: readonly LakeDay[],
  coverage?: string,
): LakeContent {
  const sorted = days.toSorted((a, b) => (printAccountDay(a) < printAccountDay(b) ? -1 : 1));
  return { url, days: sorted, coverage };
}

/** A record with every kind of column in it. */
export function makeRecord(id: string, account: string): object {
  return {
    eventVersion: "1.11",
    eventID: id,
    recipientAccountId: account,
    readOnly: true,
    userIdentity: {
      type: "AssumedRole",
      arn: `arn:aws:sts::${account}:assumed-role/a/b`,
      sessionContext: {
        attributes: { mfaAuthenticated: "false" },
        webIdFederationData: { federatedProvider: "p", attributes: { "app:Id": "7" } },
      },
    },
    resources: [{ ARN: "arn:aws:s3:::a", type: "AWS::S3::Bucket" }, { accountId: account }],
    requestParameters: { bucketName: "a" },
    tlsDetails: { tlsVersion: "TLSv1.3" },
  };
}

/** Two records of each account on each day, and a third one on the day that no lake has yet. */
function listRecords(account: string, day: string): object[] {
  const ids = day === DAYS[2] ? ["1", "2", "3"] : ["1", "2"];
  return ids.map((id) => makeRecord(`${account} ${day} ${id}`, account));
}

function makeLogs(): TestFile[] {
  return ACCOUNTS.flatMap((account) =>
    DAYS.map((day) => makeLog({ account, day, records: listRecords(account, day) })),
  );
}

/** What every warehouse has to do with a lake, whichever it is. */
export function lakeContract(name: string, open: () => Promise<LakeFixture>): void {
  async function start(): Promise<LakeFixture & { readonly warehouse: Warehouse }> {
    const fixture = await open();
    onTestFinished(() => fixture.close());
    await fixture.put(makeLogs());
    return Object.assign(fixture, { warehouse: fixture.openWarehouse() });
  }

  describe(`${name}: a lake`, () => {
    const columns = [...RECORD_COLUMNS.map((column) => column.name.toLowerCase()), "account"];
    const view = [...columns, ...PARTITION_COLUMNS].join(", ");
    const readAll = `SELECT ${view} FROM cloudtrail ORDER BY eventid`;

    test("gives the same columns, types and rows, as its account-days come in one after another", async () => {
      const ports = await start();
      const { warehouse } = ports;
      await run(ports, OPTIONS);
      const types = await describeView(warehouse);
      const { rows } = await ask(warehouse, readAll);
      expect(rows).toHaveLength(14);
      const days: LakeDay[] = [];
      for (const day of DAYS.slice(0, 2)) {
        for (const account of ACCOUNTS) {
          days.push(await putLakeDay(ports, { account, day, records: listRecords(account, day) }));
          await run(ports, { ...OPTIONS, lake: lakeOf(ports, days) });
          expect((await ask(warehouse, readAll)).rows).toEqual(rows);
        }
      }
      expect(await describeView(warehouse)).toEqual(types);
      const { rows: inLake } = await ask(
        warehouse,
        "SELECT account, day, count(*) FROM cloudtrail_lake GROUP BY 1, 2 ORDER BY 1, 2",
      );
      expect(inLake).toEqual(
        ACCOUNTS.flatMap((account) => [
          [account, "18", 2],
          [account, "19", 2],
        ]),
      );
    });

    test("is what the view reads on days that every account has there, whatever the logs have", async () => {
      const ports = await start();
      const put = (account: string, day: string): Promise<LakeDay> =>
        putLakeDay(ports, { account, day, records: [makeRecord("lake", account)] });
      const days = [
        await put(ACCOUNTS[0], DAYS[0]),
        await put(ACCOUNTS[1], DAYS[0]),
        await put(ACCOUNTS[0], DAYS[1]),
      ];
      await run(ports, { ...OPTIONS, lake: lakeOf(ports, days) });
      const count = "SELECT day, account, count(*) FROM cloudtrail GROUP BY 1, 2 ORDER BY 1, 2";
      expect((await ask(ports.warehouse, count)).rows).toEqual([
        ...ACCOUNTS.map((account) => ["18", account, 1]),
        ...ACCOUNTS.map((account) => ["19", account, 2]),
        ...ACCOUNTS.map((account) => ["20", account, 3]),
      ]);
      const { rows } = await ask(ports.warehouse, "SELECT count(*) FROM cloudtrail_111122223333");
      expect(rows).toEqual([[7]]);
      const where =
        "region = 'us-east-1' AND account = '444455556666' AND year = '2026' AND month = '11' AND day IN ('18', '20')";
      const { rows: some } = await ask(ports.warehouse, `SELECT count(*) FROM cloudtrail WHERE ${where}`);
      expect(some).toEqual([[4]]);
    });

    test("shows a new version of an account-day, and the logs again of one that it has lost", async () => {
      const ports = await start();
      const put = (account: string, version: number): Promise<LakeDay> =>
        putLakeDay(ports, { account, version, records: [makeRecord(`v${version}`, account)] });
      const first = [await put(ACCOUNTS[0], 1), await put(ACCOUNTS[1], 1)];
      await run(ports, { ...OPTIONS, lake: lakeOf(ports, first) });
      const ids = async (table: string): Promise<unknown[]> => {
        const sql = `SELECT account, eventid FROM ${table} WHERE day = '18' ORDER BY 1, 2`;
        return (await ask(ports.warehouse, sql)).rows.map(([account, id]) => [account, id].join(" "));
      };
      const second = [await put(ACCOUNTS[0], 2), first[1]!];
      await run(ports, { ...OPTIONS, lake: lakeOf(ports, second) });
      const both = [`${ACCOUNTS[0]} v2`, `${ACCOUNTS[1]} v1`];
      expect(await ids("cloudtrail")).toEqual(both);
      expect(await ids("cloudtrail_lake")).toEqual(both);
      await run(ports, { ...OPTIONS, lake: lakeOf(ports, second.slice(0, 1)) });
      expect(await ids("cloudtrail_lake")).toEqual([`${ACCOUNTS[0]} v2`]);
      expect(await ids("cloudtrail")).toEqual(
        ACCOUNTS.flatMap((account) => ["1", "2"].map((id) => `${account} ${account} ${DAYS[0]} ${id}`)),
      );
    });

    test("is read back as it was planned, and needs no second run", async () => {
      const ports = await start();
      const days = [await putLakeDay(ports), await putLakeDay(ports, { account: ACCOUNTS[1] })];
      const lake = lakeOf(ports, days, await putCoverage(ports, "abc", []));
      const { desired } = await run(ports, { ...OPTIONS, lake });
      const read = await ports.openWarehouse().readCatalog(OPTIONS);
      expect(read.lake).toMatchObject(lake);
      expect(read.views).toEqual(desired.views);
      const shown = [...(read.lakeTables?.values() ?? [])].map(({ name: table, days: of, definition }) => ({
        table,
        of,
        definition,
      }));
      const wanted = [...(desired.lakeTables?.values() ?? [])].map(
        ({ name: table, days: of, definition }) => ({ table, of, definition }),
      );
      expect(shown).toEqual(expect.arrayContaining(wanted));
      expect(shown).toHaveLength(wanted.length);
      expect(kinds(await run(ports, { ...OPTIONS, lake }))).toEqual([]);
      expect(kinds(await run(ports, OPTIONS))).toEqual([]);
    });

    test("has tables of Insight events and of its coverage", async () => {
      const ports = await start();
      const records = [{ eventID: "1", insightDetails: { state: "Start" }, newField: 1 }];
      const days = [await putLakeDay(ports, { dataset: "insight", records }), await putLakeDay(ports)];
      const at = {
        account: ACCOUNTS[0],
        kind: "CloudTrail",
        region: "us-east-1",
        year: "2026",
        month: "11",
        day: "18",
      };
      const counts = {
        objects: 3,
        bytes: 5_000_000_000,
        set_aside: 0,
        late: 1,
        events: 2,
        duplicates: 1,
        records: 1,
      };
      const times = { first_event_time: null, last_event_time: "2026-11-18T01:02:03Z" };
      const first = await putCoverage(ports, "aaa", [{ ...at, ...counts, ...times }]);
      await run(ports, { ...OPTIONS, lake: lakeOf(ports, days, first) });
      const insight = await ask(ports.warehouse, "SELECT * FROM cloudtrail_insight");
      expect(insight.columns.map((column) => column.name)).toEqual([
        ...DATASET_COLUMNS.insight.map((column) => column.name.toLowerCase()),
        ...OTHER_COLUMNS,
        ...LAKE_KEYS,
      ]);
      expect(insight.rows[0]?.slice(-7)).toEqual([
        '{"state":"Start"}',
        '{"newField":1}',
        "us-east-1",
        ACCOUNTS[0],
        "2026",
        "11",
        "18",
      ]);
      const coverage = await ask(ports.warehouse, "SELECT * FROM cloudtrail_coverage");
      expect(coverage.columns.map((column) => column.name)).toEqual(
        COVERAGE_COLUMNS.map((column) => column.name),
      );
      expect(coverage.rows).toEqual([Object.values({ ...at, ...counts, ...times })]);
      const second = await putCoverage(ports, "bbb", [
        { ...at, ...counts, ...times },
        { ...at, ...counts, ...times, region: "eu-west-1" },
      ]);
      await run(ports, { ...OPTIONS, lake: lakeOf(ports, days, second) });
      expect((await ask(ports.warehouse, "SELECT count(*) FROM cloudtrail_coverage")).rows).toEqual([[2]]);
    });
  });
}

async function describeView(warehouse: Warehouse): Promise<readonly (readonly Value[])[]> {
  return (await ask(warehouse, "DESCRIBE cloudtrail")).rows;
}

/** Puts the file of the coverage, and gives its key. */
export async function putCoverage(
  { putLakeFile }: Pick<LakeFixture, "putLakeFile">,
  hash: string,
  rows: readonly object[],
): Promise<string> {
  const key = `${printCoverageFolder(hash)}${COVERAGE_FILE}`;
  await putLakeFile(key, gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join("")));
  return key;
}

/** Of a database that comes by itself nothing is planned. */
function kinds({ plan: { changes } }: PlanReport): string[] {
  return changes.map(({ kind }) => kind).filter((kind) => kind !== "create-database");
}
