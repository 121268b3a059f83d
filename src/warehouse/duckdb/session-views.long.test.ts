import { DuckDBInstance } from "@duckdb/node-api";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateLogs, writeLogs } from "../../../tools/generate-logs/generate-logs.ts";
import { run } from "../../actions/run.ts";
import { RECORD_COLUMNS } from "../../core/columns.ts";
import { ask, day } from "../../fixtures.contract.ts";
import { openLocalStore } from "../../store/local-store.ts";
import type { Warehouse } from "../warehouse.ts";
import { openScratch } from "./database.ts";
import { openDuckDbWarehouse } from "./duckdb-warehouse.ts";
import { parseStatement } from "./statement.ts";
import { toJson } from "./values.ts";

let database: string;
let warehouse: Warehouse;
let table: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "ctp-test-"));
  const logs = join(folder, "logs");
  database = join(folder, "catalog.duckdb");
  await writeLogs(logs, generateLogs({ accounts: 2, regions: 2, days: 2, files: 12, records: 12 }));
  warehouse = openDuckDbWarehouse({ database, logs });
  const { desired } = await run(
    { store: openLocalStore(logs), warehouse },
    { tablePrefix: "cloudtrail", today: day("2026-11-22") },
  );
  table = [...desired.tables.keys()][0] ?? "";
  return () => rm(folder, { recursive: true, force: true });
});

/** Over the views of the file, which have every column. */
async function askWidely(sql: string): Promise<unknown> {
  const instance = await DuckDBInstance.create(database, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  try {
    const result = await connection.run(sql);
    return await result.convertRows(toJson);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function expectSame(sql: string): Promise<void> {
  const query = sql.replaceAll("{table}", table);
  expect((await ask(warehouse, query)).rows, query).toEqual(await askWidely(query));
}

describe("a query answers as over the file's own views:", () => {
  test.each([
    "SELECT count(*) FROM cloudtrail",
    "SELECT count(*) FROM {table}",
    "SELECT t FROM cloudtrail t ORDER BY t.eventid, t.eventtime LIMIT 3",
    "SELECT cloudtrail FROM cloudtrail ORDER BY eventid, eventtime LIMIT 3",
    "SELECT to_json(t) FROM cloudtrail AS t ORDER BY eventid, eventtime LIMIT 3",
    "SELECT count(DISTINCT t) FROM cloudtrail t",
    "SELECT hash(t) FROM cloudtrail t ORDER BY 1 LIMIT 5",
    "SELECT struct_pack(x := t) FROM cloudtrail t ORDER BY t.eventid LIMIT 2",
    "SELECT a, b FROM cloudtrail AS t(a, b) ORDER BY 1, 2 LIMIT 5",
    "SELECT #1 FROM (SELECT * FROM cloudtrail) ORDER BY 1 LIMIT 5",
    "SELECT COLUMNS('event.*') FROM cloudtrail ORDER BY ALL LIMIT 5",
    "SELECT * EXCLUDE (useridentity) FROM cloudtrail ORDER BY eventid, eventtime LIMIT 2",
    "FROM cloudtrail ORDER BY eventid, eventtime LIMIT 2",
    "TABLE cloudtrail ORDER BY eventid, eventtime LIMIT 2",
    "SELECT count(*) FROM cloudtrail NATURAL JOIN {table}",
    "SELECT count(*) FROM cloudtrail JOIN {table} USING (eventid)",
    "SELECT count(*) FROM (SELECT eventid FROM cloudtrail) a JOIN {table} b ON a.eventid = b.eventid",
    "SELECT count(*) FROM cloudtrail a JOIN {table} b ON a.requestid = b.requestid AND a.region = b.region",
    "WITH c AS (SELECT eventname AS name FROM cloudtrail) SELECT name, count(*) FROM c GROUP BY ALL ORDER BY ALL",
    "WITH cloudtrail AS (SELECT * FROM {table}) SELECT count(*), min(eventid) FROM cloudtrail",
    "SELECT (SELECT max(eventtime) FROM {table}), count(*) FROM cloudtrail",
    "SELECT eventname FROM cloudtrail WHERE EXISTS (SELECT 1 FROM {table} t WHERE t.eventid = cloudtrail.eventid) ORDER BY 1",
    "SELECT eventname FROM cloudtrail UNION ALL BY NAME SELECT eventsource FROM {table} ORDER BY ALL LIMIT 9",
    'SELECT EVENTNAME, "UserIdentity"."ARN" FROM cloudtrail ORDER BY ALL LIMIT 9',
    "SELECT r.arn FROM cloudtrail, unnest(resources) AS u(r) ORDER BY 1 LIMIT 9",
    "SELECT count(*) AS cloudtrail FROM cloudtrail ORDER BY cloudtrail",
    "SELECT main.cloudtrail.eventid FROM main.cloudtrail ORDER BY 1 LIMIT 3",
    "SELECT count(*) FROM cloudtrail GROUP BY CUBE (region, account) ORDER BY ALL",
    "SELECT eventname, row_number() OVER (PARTITION BY region ORDER BY eventid, eventtime) AS n FROM cloudtrail QUALIFY n = 1 ORDER BY ALL",
    "SELECT list_transform([1], x -> x + 1), count(*) FROM cloudtrail",
    "DESCRIBE cloudtrail",
    "DESCRIBE SELECT eventname, region FROM cloudtrail",
  ])("%s", expectSame);

  test("queries made at random", async () => {
    const columns = [
      ...RECORD_COLUMNS.map(({ name }) => name.toLowerCase()),
      "account",
      "region",
      "year",
      "month",
      "day",
    ];
    const column = fc.constantFrom(...columns);
    const condition = fc.oneof(
      column.map((name) => `${name} IS NOT NULL`),
      column.map((name) => `CAST(${name} AS VARCHAR) LIKE '%a%'`),
      fc.constantFrom(
        "region = 'us-east-1'",
        "day = '22'",
        "errorcode != ''",
        "useridentity.type = 'IAMUser'",
      ),
    );
    const query = fc.record({
      shown: fc.uniqueArray(column, { minLength: 1, maxLength: 4 }),
      conditions: fc.array(condition, { maxLength: 3 }),
      grouped: fc.boolean(),
      from: fc.constantFrom(
        "cloudtrail",
        "cloudtrail AS t",
        "(SELECT * FROM cloudtrail)",
        "(FROM cloudtrail)",
      ),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ shown, conditions, grouped, from }) => {
        const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
        const tail = grouped ? " GROUP BY ALL ORDER BY ALL" : " ORDER BY ALL LIMIT 20";
        const list = [...shown, ...(grouped ? ["count(*) AS n"] : [])].join(", ");
        await expectSame(`SELECT ${list} FROM ${from}${where}${tail}`);
      }),
      { numRuns: 30, seed: 7 },
    );
  });
});

test("a query over names that exist nowhere is told the file's own columns", async () => {
  await expect(ask(warehouse, "SELECT event_time FROM cloudtrail")).rejects.toThrow(/eventtime/);
});

test("a view of the user's own over ours sees every column", async () => {
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  await connection.run(
    "CREATE VIEW mine AS SELECT * FROM cloudtrail; CREATE MACRO newest() AS TABLE SELECT * FROM cloudtrail",
  );
  connection.closeSync();
  instance.closeSync();
  try {
    await expectSame("SELECT eventname FROM mine WHERE region = 'us-east-1' ORDER BY ALL");
    await expectSame("SELECT count(*) FROM mine JOIN cloudtrail USING (eventid)");
  } finally {
    const again = await DuckDBInstance.create(database);
    const cleaning = await again.connect();
    await cleaning.run("DROP VIEW mine; DROP MACRO TABLE newest");
    cleaning.closeSync();
    again.closeSync();
  }
});

describe("parseStatement tells which columns a statement may need:", () => {
  test.each([
    ["SELECT count(*) FROM cloudtrail", false],
    ["SELECT eventname AS count FROM cloudtrail ORDER BY count", false],
    ["SELECT * FROM cloudtrail", true],
    ["SELECT t FROM cloudtrail t", true],
    ["SELECT x FROM (SELECT eventname FROM cloudtrail) x", true],
    ["SELECT a FROM cloudtrail t(a)", true],
    ["SELECT 1 FROM cloudtrail NATURAL JOIN b", true],
  ])("%s: all of them: %s", async (sql, all) => {
    const scratch = await openScratch();
    const { columns } = await parseStatement(scratch.connection, sql).finally(() => scratch.close());
    expect(columns === undefined).toBe(all);
  });
});
