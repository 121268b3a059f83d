import { DuckDBInstance } from "@duckdb/node-api";
import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openZstd } from "../../src/compactor/zstd.ts";
import { COVERAGE_COLUMNS } from "../../src/core/lake/coverage.ts";
import { DATASET_COLUMNS, OTHER_COLUMNS } from "../../src/core/lake/lake-columns.ts";
import type { Dataset, LakeDay } from "../../src/core/lake/lake-day.ts";
import { printDataFolder, printPartName } from "../../src/core/lake/lake-day.ts";
import { printParquet } from "../../src/core/parquet/print-parquet.ts";
import { ADVERSARIAL_TEXTS, SAMPLE_TEXT } from "../../src/core/shred/adversarial-texts.contract.ts";
import { makeRecordShape } from "../../src/core/shred/make-record-shape.ts";
import { NotALog } from "../../src/core/shred/not-a-log.ts";
import { Shredder } from "../../src/core/shred/shred-records.ts";
import { day as toDay, makeFolder, makeLog } from "../../src/fixtures.contract.ts";
import { parseIoPlan } from "../../src/warehouse/athena/query/io-plan.ts";
import { lakeOf, makeRecord, putCoverage } from "../../src/warehouse/lake.contract.ts";
import type { TrinoServers, TrinoWorld } from "./trino-world.ts";
import { onTrino, startTrinoWorld } from "./trino-world.ts";

const [ONE, TWO] = ["111122223333", "444455556666"] as const;
const LOGS = [ONE, TWO].flatMap((account) =>
  ["2026-10-18", "2026-10-19", "2026-10-20"].map((day) => makeLog({ account, day })),
);

/** What `run` and `compact` made, read by a real Trino. */
onTrino((servers) => {
  describe("Trino, on a lake", () => defineTests(servers));
});

/** The bytes of a file as the compactor writes it. */
async function makeParquet(dataset: Dataset, texts: readonly (string | Uint8Array)[]): Promise<Buffer> {
  const shredder = new Shredder(makeRecordShape(DATASET_COLUMNS[dataset]));
  for (const text of texts)
    try {
      shredder.shred(Buffer.from(text), "us-east-1");
    } catch (error) {
      if (!(error instanceof NotALog)) throw error;
    }
  const { columns } = shredder;
  const order = Int32Array.from({ length: columns.rows }, (_, row) => row);
  const options = { ...(await openZstd()), rowGroupRows: 100 };
  return Buffer.concat([...printParquet(columns, order, options)]);
}

interface Put {
  readonly dataset?: Dataset;
  readonly account?: string;
  readonly day?: string;
  readonly files: readonly Uint8Array[];
}

async function putDay(
  world: TrinoWorld,
  { dataset = "data", account = ONE, day = "2026-10-18", files }: Put,
): Promise<LakeDay> {
  const at = { dataset, account, day: toDay(day) };
  const folder = printDataFolder({ ...at, version: 1, fingerprint: "abc" });
  for (const [part, bytes] of files.entries())
    await world.putLakeFile(`${folder}${printPartName(part)}`, bytes);
  return { ...at, folder, parts: files.length };
}

function textOf(...records: readonly object[]): string {
  return JSON.stringify({ Records: records });
}

/** All rows of a file as DuckDB reads them, each column as JSON. */
async function readByDuckDb(file: Uint8Array): Promise<unknown[]> {
  const path = join(await makeFolder(), "part.parquet");
  await writeFile(path, file);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(`SELECT to_json(t) FROM read_parquet('${path}') t`);
    return reader.getRowsJson().map(([row]) => JSON.parse(String(row)) as unknown);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The same of a table, as Trino reads them. */
async function readByTrino({ ask }: TrinoWorld, dataset: Dataset, table: string): Promise<unknown[]> {
  const names = [...DATASET_COLUMNS[dataset].map(({ name }) => name.toLowerCase()), ...OTHER_COLUMNS];
  const values = names.map((name) => `json_format(CAST("${name}" AS JSON))`);
  const { rows } = await ask(`SELECT ${values.join(", ")} FROM ${table}`);
  return rows.map((row) =>
    Object.fromEntries(names.map((name, index) => [name, JSON.parse(String(row[index])) as unknown])),
  );
}

/** Rows in any order, as Trino reads row groups at once, and their members too: Trino sorts a map's keys. */
function sorted(rows: readonly unknown[]): string[] {
  return rows.map((row) => JSON.stringify(row, sortMembers)).toSorted();
}

function sortMembers(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function defineTests(servers: TrinoServers): void {
  test("every column of every kind of record is what DuckDB reads", async () => {
    const world = await startTrinoWorld(servers, LOGS);
    const file = await makeParquet("data", [...ADVERSARIAL_TEXTS, SAMPLE_TEXT, textOf(makeRecord("1", ONE))]);
    await world.runAs("tables", lakeOf(world, [await putDay(world, { files: [file] })]));
    const wanted = await readByDuckDb(file);
    expect(wanted.length).toBeGreaterThan(50);
    expect(sorted(await readByTrino(world, "data", "cloudtrail_lake"))).toEqual(sorted(wanted));
  });

  test("values of several megabytes are what they were", async () => {
    const world = await startTrinoWorld(servers, LOGS);
    const values = [randomBytes(3 << 20).toString("hex"), "x".repeat(9 << 20)];
    const records = values.map((value, index) => ({ eventID: String(index), errorMessage: value }));
    const file = await makeParquet(
      "data",
      records.map((each) => textOf(each)),
    );
    await world.runAs("tables", lakeOf(world, [await putDay(world, { files: [file] })]));
    const { rows } = await world.ask(
      "SELECT length(errormessage), to_hex(md5(to_utf8(errormessage))) FROM cloudtrail_lake ORDER BY eventid",
    );
    expect(rows).toEqual(
      values.map((value) => [value.length, createHash("md5").update(value).digest("hex").toUpperCase()]),
    );
  });

  test("all files of an account-day are read, one without rows too, and searched by their statistics", async () => {
    const world = await startTrinoWorld(servers, LOGS);
    const ids = Array.from({ length: 250 }, (_, index) => String(index).padStart(4, "0"));
    const whole = await makeParquet("data", [textOf(...ids.map((id) => makeRecord(id, ONE)))]);
    const empty = await makeParquet("data", []);
    const days = [
      await putDay(world, { files: [whole, await makeParquet("data", [textOf(makeRecord("last", ONE))])] }),
      await putDay(world, { account: TWO, files: [empty] }),
    ];
    await world.runAs("tables", lakeOf(world, days));
    const count = "SELECT account, count(*), count(DISTINCT eventid) FROM cloudtrail_lake";
    expect((await world.ask(`${count} GROUP BY 1`)).rows).toEqual([[ONE, 251, 251]]);
    expect((await world.ask(`${count} WHERE eventid IN ('0007', '0207') GROUP BY 1`)).rows).toEqual([
      [ONE, 2, 2],
    ]);
    expect((await world.ask(`${count} WHERE account = '${TWO}' GROUP BY 1`)).rows).toEqual([]);
    const nested = "SELECT count(*) FROM cloudtrail_lake WHERE useridentity.type = 'AssumedRole'";
    expect((await world.ask(nested)).rows).toEqual([[251]]);
  });

  test("tables of other logs and of the coverage are read", async () => {
    const world = await startTrinoWorld(servers, LOGS);
    const insight = await makeParquet("insight", [
      textOf({ eventID: "i", insightDetails: { state: "Start" }, x: 1 }),
    ]);
    const network = await makeParquet("network-activity", [
      textOf({ eventID: "n", vpcEndpointId: "vpce-1" }),
    ]);
    const days = [
      await putDay(world, { dataset: "insight", files: [insight] }),
      await putDay(world, { dataset: "network-activity", files: [network] }),
    ];
    const at = {
      account: ONE,
      kind: "CloudTrail",
      region: "us-east-1",
      year: "2026",
      month: "10",
      day: "18",
    };
    const counts = {
      objects: 3,
      bytes: 5_000_000_000,
      set_aside: 0,
      late: 0,
      events: 2,
      duplicates: 1,
      records: 1,
    };
    const row = { ...at, ...counts, first_event_time: null, last_event_time: "2026-10-18T01:02:03Z" };
    const coverage = await putCoverage(world, "abc", [row, { ...row, region: "eu-west-1" }]);
    await world.runAs("tables", lakeOf(world, days, coverage));
    expect(
      (await world.ask("SELECT eventid, insightdetails, otherfields FROM cloudtrail_insight")).rows,
    ).toEqual([["i", '{"state":"Start"}', '{"x":1}']]);
    expect((await world.ask("SELECT vpcendpointid FROM cloudtrail_network_activity")).rows).toEqual([
      ["vpce-1"],
    ]);
    const { columns, rows } = await world.ask("SELECT * FROM cloudtrail_coverage ORDER BY region DESC");
    expect(columns.map(({ name, type }) => [name, type])).toEqual(
      COVERAGE_COLUMNS.map(({ name, type }) => [name, type === "count" ? "bigint" : "varchar"]),
    );
    expect(rows).toEqual([Object.values(row), Object.values({ ...row, region: "eu-west-1" })]);
  });

  describe.each(["tables", "unified"] as const)("the view over all accounts, layout %s", (layout) => {
    /** The second of three days is in the lake; on the first and the third the logs are read. */
    async function start(): Promise<TrinoWorld> {
      const world = await startTrinoWorld(servers, LOGS);
      const days = await Promise.all(
        [ONE, TWO].map(async (account) => {
          const files = [
            await makeParquet("data", [textOf({ eventName: "lake", recipientAccountId: account })]),
          ];
          return putDay(world, { account, day: "2026-10-19", files });
        }),
      );
      await world.runAs(layout, lakeOf(world, days));
      return world;
    }

    test("reads each account-day in one place", async () => {
      const world = await start();
      const sql =
        "SELECT account, day, eventname LIKE 'AWSLogs/%', count(*) FROM cloudtrail GROUP BY 1, 2, 3 ORDER BY 1, 2";
      expect((await world.ask(sql)).rows).toEqual(
        [ONE, TWO].flatMap((account) => [
          [account, "18", true, 1],
          [account, "19", false, 1],
          [account, "20", true, 1],
        ]),
      );
      expect(
        (await world.ask(sql.replace("GROUP", "WHERE region = 'us-east-1' AND day > '18' GROUP"))).rows,
      ).toHaveLength(4);
    });

    test.each([
      ["the lake alone on a day that it has", "day = '19'", ["cloudtrail_lake"]],
      ["the logs alone on any other", "year = '2026' AND month = '10' AND day = '20'", ["raw"]],
      ["nothing of the years before", "year < '2026'", []],
      ["both over all", "year = '2026'", ["cloudtrail_lake", "raw"]],
    ])("plans to read %s", async (_, where, wanted) => {
      const world = await start();
      const { rows } = await world.ask(
        `EXPLAIN (TYPE IO, FORMAT JSON) SELECT count(*) FROM cloudtrail WHERE ${where}`,
      );
      const scans = parseIoPlan(rows.flat().join("\n"));
      const read = new Set(scans.map(({ table }) => (table === "cloudtrail_lake" ? table : "raw")));
      expect([...read].toSorted()).toEqual(wanted);
      const days = scans.flatMap(({ table, constraints = [] }) => {
        const ranges = constraints.find(({ column }) => column === "day")?.ranges ?? [];
        return ranges.map(({ low }) => `${table === "cloudtrail_lake" ? "lake" : "raw"} ${low.value}`);
      });
      const all = ["lake 19", "raw 18", "raw 20"];
      expect(days.filter((day) => !all.includes(day))).toEqual([]);
    });
  });
}
