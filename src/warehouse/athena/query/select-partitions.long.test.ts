import { describe, expect, test } from "vitest";
import { estimate } from "../../../actions/estimate.ts";
import { query } from "../../../actions/query.ts";
import { errorOf } from "../../../fixtures.contract.ts";
import type { TestLog } from "../../../fixtures.contract.ts";
import type { Store } from "../../../store/store.ts";
import { openS3Store } from "../../../store/s3-store.ts";
import { lakeOf } from "../../lake.contract.ts";
import type { SelectedTable } from "../../warehouse.ts";
import type { AthenaOptions } from "../athena-options.ts";
import { LAKE_BUCKET, putDay, startLakeWorld } from "../lake-world.contract.ts";
import { runOn } from "../runs.contract.ts";
import { BUCKET, DATABASE } from "../world.contract.ts";
import type { QueryWorld } from "./queries.contract.ts";
import { askAll, startQueryWorld } from "./queries.contract.ts";

const LOGS: readonly TestLog[] = ["111122223333", "444455556666"].flatMap((account) =>
  ["us-east-1", "eu-west-1"].flatMap((region) =>
    ["2026-10-31", "2026-11-01", "2026-11-02"].map((day) => ({ account, region, day })),
  ),
);

async function startWorld(options?: Partial<AthenaOptions>): Promise<QueryWorld> {
  const world = await startQueryWorld(...LOGS);
  await world.makeTables(options);
  world.aws.clearCalls();
  return world;
}

function behind(location: string): string {
  return location.slice(location.indexOf("/CloudTrail/") + "/CloudTrail/".length);
}

/** By table, what lies behind CloudTrail/. */
function folders(selected: readonly SelectedTable[] | undefined): Record<string, string[]> {
  return Object.fromEntries(
    (selected ?? []).map(({ name, locations }) => [name, locations.map(behind).toSorted()]),
  );
}

const ONE = "cloudtrail_111122223333";

describe("selectPartitions", () => {
  test("gives the partitions that the conditions leave, of each table of the view", async () => {
    const world = await startWorld();
    const sql =
      "SELECT count(*) FROM cloudtrail WHERE region = 'us-east-1' AND year = '2026' AND month = '11'";
    const selected = await world.openQueries().selectPartitions(sql);
    const expected = ["us-east-1/2026/11/01/", "us-east-1/2026/11/02/"];
    expect(folders(selected)).toMatchObject({
      [ONE]: expect.arrayContaining(expected),
      cloudtrail_444455556666: expect.arrayContaining(expected),
    });
    for (const { locations, complete, partitions } of selected ?? []) {
      expect(locations.every((each) => /\/us-east-1\/2026\/11\//.test(each))).toBe(true);
      expect(complete).toBe(true);
      expect(partitions).toBeGreaterThan(locations.length);
    }
    expect(world.aws.athena.queries).toHaveLength(2);
    expect(world.aws.athena.queries.every((text) => text.startsWith("EXPLAIN ("))).toBe(true);
    const questions = world.aws.calls.filter(({ call }) => call === "Glue GetPartitions");
    expect(questions).toContainEqual(
      expect.objectContaining({
        input: expect.objectContaining({
          ExcludeColumnSchema: true,
          Expression: "region IN ('us-east-1') AND year IN ('2026') AND month IN ('11')",
        }),
      }),
    );
  });

  test("gives all partitions of a query without conditions, and asks for them once", async () => {
    const world = await startWorld();
    const [selected] = (await world.openQueries().selectPartitions(`SELECT * FROM ${ONE} LIMIT 1;`)) ?? [];
    expect(selected?.partitions).toBe(selected?.locations.length);
    expect(world.countCalls("Glue GetPartitions")).toBe(1);
  });

  test("gives a table that is joined to itself twice", async () => {
    const world = await startWorld();
    const day = "region = 'us-east-1' AND year = '2026' AND month = '10'";
    const sql = `WITH t AS (SELECT * FROM ${ONE} WHERE ${day}) SELECT count(*) FROM t AS a JOIN t AS b ON a.eventid = b.eventid`;
    const selected = await world.openQueries().selectPartitions(sql);
    expect(folders(selected)).toEqual({ [ONE]: ["us-east-1/2026/10/31/", "us-east-1/2026/10/31/"] });
    expect(selected?.[0]?.complete).toBe(true);
  });

  test("gives what each part of a union reads", async () => {
    const world = await startWorld();
    const part = (month: string, day: string): string =>
      `SELECT eventid FROM ${ONE} WHERE region = 'us-east-1' AND year = '2026' AND month = '${month}' AND day = '${day}'`;
    const selected = await world
      .openQueries()
      .selectPartitions(`${part("10", "31")} UNION ALL ${part("11", "01")} UNION ALL ${part("11", "01")}`);
    const found = folders(selected)[ONE] ?? [];
    expect(found.filter((each) => each === "us-east-1/2026/10/31/").length).toBeGreaterThanOrEqual(1);
    expect(found.filter((each) => each === "us-east-1/2026/11/01/").length).toBeGreaterThanOrEqual(2);
  });

  test("is not sure where the plan does not say how often a table is read", async () => {
    const world = await startWorld();
    world.aws.faults.onCall(({ name, input }) =>
      name === "Athena StartQueryExecution" && JSON.stringify(input).includes("DISTRIBUTED")
        ? {
            kind: "error",
            status: 400,
            code: "InvalidRequestException",
            message: "Queries of this type are not supported",
          }
        : undefined,
    );
    const selected = await world.openQueries().selectPartitions(`SELECT * FROM ${ONE}`);
    expect(selected).toMatchObject([{ name: ONE, complete: false }]);
    expect(selected?.[0]?.locations.length).toBeGreaterThan(0);
  });

  test("works projected partitions out", async () => {
    const world = await startWorld({ partitions: "projected" });
    const sql = `SELECT * FROM ${ONE} WHERE year = '2026' AND month = '11' AND day IN ('01', '02')`;
    const [selected] = (await world.openQueries().selectPartitions(sql)) ?? [];
    expect(selected).toMatchObject({ complete: true, partitions: undefined });
    expect(folders(selected === undefined ? [] : [selected])[ONE]).toEqual([
      "eu-west-1/2026/11/01/",
      "eu-west-1/2026/11/02/",
      "us-east-1/2026/11/01/",
      "us-east-1/2026/11/02/",
    ]);
    expect(world.countCalls("Glue GetPartitions")).toBe(0);
  });

  test.each(["SHOW TABLES", "DESCRIBE cloudtrail", `EXPLAIN SELECT * FROM ${ONE}`])(
    "gives nothing for %s, and asks nothing",
    async (sql) => {
      const world = await startQueryWorld();
      expect(await world.openQueries().selectPartitions(sql)).toEqual([]);
      expect(world.aws.calls).toEqual([]);
    },
  );

  test("gives nothing for a query of no table", async () => {
    const world = await startQueryWorld();
    expect(await world.openQueries().selectPartitions("SELECT 1")).toEqual([]);
  });

  test("says what is wrong with the statement in its own lines", async () => {
    const world = await startQueryWorld();
    world.aws.faults.onCall(({ name }) =>
      name === "Athena StartQueryExecution"
        ? {
            kind: "error",
            status: 400,
            code: "InvalidRequestException",
            message: "line 3:1: mismatched input 'FRO'",
          }
        : undefined,
    );
    const selected = world.openQueries().selectPartitions(`SELECT *\nFRO ${ONE}`);
    expect(await errorOf(Promise.resolve(selected))).toMatchObject({
      name: "UserError",
      message: "line 2:1: mismatched input 'FRO'",
    });
  });

  test("refuses what is no query", async () => {
    const world = await startQueryWorld();
    expect(
      await errorOf(Promise.resolve(world.openQueries().selectPartitions("DROP TABLE x"))),
    ).toMatchObject({
      name: "UserError",
    });
    expect(world.aws.calls).toEqual([]);
  });

  test("reads a table of many partitions in segments, and does not count beyond ten pages", async () => {
    const world = await startQueryWorld();
    const days = Array.from({ length: 3100 }, (_, index) =>
      new Date(Date.UTC(2018, 0, 1 + index)).toISOString().slice(0, 10),
    );
    const regions = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1"];
    world.aws.glue.makeTable(DATABASE, {
      Name: ONE,
      TableType: "EXTERNAL_TABLE",
      PartitionKeys: ["region", "year", "month", "day"].map((Name) => ({ Name, Type: "string" })),
      StorageDescriptor: {
        Columns: [{ Name: "eventid", Type: "string" }],
        Location: "s3://trail-logs/",
        InputFormat: "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
      },
    });
    const partitions = regions.flatMap((region) =>
      days.map((day) => ({
        values: [region, ...day.split("-")],
        location: `s3://trail-logs/${region}/${day.replaceAll("-", "/")}`,
      })),
    );
    world.aws.glue.seedPartitions(DATABASE, ONE, partitions);
    const queries = world.openQueries();
    const [all] = (await queries.selectPartitions(`SELECT * FROM ${ONE}`)) ?? [];
    expect(all?.partitions).toBe(12_400);
    expect(new Set(all?.locations).size).toBe(12_400);
    const [few] =
      (await queries.selectPartitions(`SELECT * FROM ${ONE} WHERE day = '31' AND month = '12'`)) ?? [];
    expect(few?.locations).toHaveLength(8 * 4);
    expect(few?.partitions).toBeUndefined();
  });
});

test("the estimate of a query is what it then scans", async () => {
  const world = await startWorld();
  const queries = world.openQueries();
  const ports = { store: world.store, warehouse: { ...world.openWarehouse(), ...queries } };
  for (const sql of [
    "SELECT count(*) FROM cloudtrail WHERE year = '2026' AND month = '11'",
    "SELECT * FROM cloudtrail WHERE region = 'eu-west-1' AND month = '10' AND day = '31'",
    "SELECT eventname FROM cloudtrail",
    "SELECT eventname FROM cloudtrail WHERE account = '111122223333'",
    `SELECT count(*) FROM ${ONE} AS a JOIN ${ONE} AS b ON a.eventid = b.eventid`,
    "SELECT * FROM cloudtrail WHERE day = '32'",
  ]) {
    const found = await estimate(ports, { sql });
    const { scan } = await askAll(queries, sql);
    expect({ sql, ...found }).toMatchObject({
      sql,
      bytes: scan?.bytes,
      dollars: scan?.dollars,
      complete: true,
    });
  }
});

test("the estimate of a query of a lake and logs has the files of each day's one place", async () => {
  const world = await startLakeWorld(LOGS);
  const accounts = ["111122223333", "444455556666"];
  const days = accounts.flatMap((account) =>
    ["2026-10-31", "2026-11-01"].map((date) => putDay(world, { account, day: date })),
  );
  await runOn(world, { logs: world.store, lake: lakeOf(world, await Promise.all(days)) });
  const { aws } = world;
  const sizeOf = (bucket: string, part: string): number =>
    aws.s3
      .keys(bucket)
      .filter((key) => key.includes(part))
      .reduce((sum, key) => sum + (aws.s3.read(bucket, key)?.length ?? 0), 0);
  const warehouse = world.openWarehouse();
  const openBucket = (url: string): Promise<Store> =>
    Promise.resolve(openS3Store({ bucket: url.slice("s3://".length), prefix: "", aws: world.settings }));
  const ports = { store: world.store, warehouse, openBucket };
  for (const [where, bytes] of [
    ["month = '11' AND day = '01'", sizeOf(LAKE_BUCKET, "month=11/day=01/")],
    ["month = '11' AND day = '02'", sizeOf(BUCKET, "/2026/11/02/")],
    ["year = '2026'", sizeOf(LAKE_BUCKET, "parquet/data/") + sizeOf(BUCKET, "/2026/11/02/")],
  ] as const) {
    const sql = `SELECT count(*) FROM cloudtrail WHERE ${where}`;
    const found = await estimate(ports, { sql });
    expect({ sql, ...found }).toMatchObject({ sql, bytes, complete: true });
    expect((await warehouse.query(sql)).scan?.bytes).toBe(bytes);
  }
  const { complete } = await estimate(
    { store: world.store, warehouse },
    { sql: "SELECT count(*) FROM cloudtrail_lake" },
  );
  expect(complete).toBe(false);
});

test("a query runs under maxScan by its estimate, by its workgroup's limit, or not at all", async () => {
  const world = await startWorld();
  world.aws.athena.setWorkGroup("limited", { bytesScannedCutoff: 10_000_000 });
  const ports = (workgroup?: string) => ({
    store: world.store,
    warehouse: { ...world.openWarehouse(), ...world.openQueries({ workgroup }) },
  });
  const sql = "SELECT count(*) AS count FROM cloudtrail WHERE month = '11'";
  const { bytes } = await estimate(ports(), { sql });
  world.aws.clearCalls();
  expect((await query(ports(), { sql, maxScan: bytes })).scan?.bytes).toBe(bytes);
  expect(await errorOf(query(ports(), { sql, maxScan: bytes - 1 }))).toMatchObject({
    message: expect.stringContaining("the query was not run"),
  });
  expect(world.aws.athena.queries.filter((text) => text === sql)).toHaveLength(1);
  world.aws.clearCalls();
  expect((await query(ports("limited"), { sql, maxScan: 10_000_000 })).scan?.bytes).toBe(bytes);
  expect(world.countCalls("S3 ListObjectsV2")).toBe(0);
  expect(world.countCalls("Athena StartQueryExecution")).toBe(1);
});
