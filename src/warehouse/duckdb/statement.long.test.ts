import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../actions/run.ts";
import { UserError } from "../../core/user-error.ts";
import { ask, errorOf, makeLog, putFiles, readTree } from "../../fixtures.contract.ts";
import { openLocalStore } from "../../store/local-store.ts";
import type { Warehouse } from "../warehouse.ts";
import { openDuckDbWarehouse } from "./duckdb-warehouse.ts";
import { askPlainly, OPTIONS } from "./plain-client.contract.ts";

/** One place for all: no statement may change it. */
let folder: string;
let warehouse: Warehouse;
let before: ReadonlyMap<string, string>;
let log: string;
let cwd: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ctp-test-"));
  const logs = join(folder, "logs");
  const file = makeLog();
  await putFiles(logs, [file]);
  log = join(logs, file.key);
  await writeFile(join(folder, "secret.json"), '{"secret": "of the machine"}');
  await writeFile(join(folder, "secret.csv"), "secret\nof the machine\n");
  warehouse = openDuckDbWarehouse({ database: join(folder, "catalog.duckdb"), logs });
  await run({ store: openLocalStore(logs), warehouse }, OPTIONS);
  before = await readTree(folder);
  cwd = [...(await readTree(join(process.cwd(), "src/warehouse"))).keys()];
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** `{folder}`, `{logs}` and `{log}` stand for paths, which differ from run to run. */
function fill(sql: string): string {
  return sql.replaceAll("{folder}", folder).replaceAll("{logs}", dirname(log)).replaceAll("{log}", log);
}

describe("refused, and nothing written:", () => {
  test.each([
    // Reading what is no log.
    "SELECT * FROM read_text('{folder}/secret.json')",
    "SELECT * FROM read_blob('{folder}/secret.json')",
    "SELECT * FROM read_csv('{folder}/secret.csv')",
    "SELECT * FROM read_csv_auto('{folder}/secret.csv')",
    "SELECT * FROM read_json('{folder}/secret.json')",
    "SELECT * FROM read_json_auto('{folder}/secret.json')",
    "SELECT * FROM read_ndjson('{folder}/secret.json')",
    "SELECT * FROM read_json_objects('{folder}/secret.json')",
    "SELECT * FROM read_parquet('{folder}/secret.parquet')",
    "SELECT * FROM parquet_metadata('{folder}/secret.parquet')",
    "SELECT * FROM parquet_schema('{folder}/secret.parquet')",
    "SELECT * FROM sniff_csv('{folder}/secret.csv')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM glob('{logs}/*')",
    "SELECT * FROM '{folder}/secret.json'",
    "FROM '{folder}/secret.csv'",
    'SELECT * FROM "{folder}/secret.json"',
    "FROM 'secret.json'",
    "FROM 'package.json'",
    "FROM 'file.parquet'",
    "FROM 'file.csv.gz'",
    "FROM 'file.JSON'",
    "FROM '{folder}/catalog.duckdb'",
    "FROM 'https://example.com/a.parquet'",
    "FROM 's3://bucket/a.parquet'",
    "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "SELECT * FROM cloudtrail WHERE eventid IN (SELECT content FROM read_text('/etc/passwd'))",
    "WITH t AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM t",
    "WITH t AS MATERIALIZED (FROM 'package.json') SELECT * FROM t",
    "SELECT 1 UNION ALL SELECT content FROM read_text('/etc/passwd')",
    "SELECT * FROM cloudtrail, LATERAL (SELECT * FROM read_text('/etc/passwd'))",
    "SELECT 1 ORDER BY (SELECT content FROM read_text('/etc/passwd'))",
    "SELECT list_transform([1], x -> (SELECT content FROM read_text('/etc/passwd')))",
    "SUMMARIZE FROM 'package.json'",
    "DESCRIBE SELECT * FROM read_text('/etc/passwd')",
    "DESCRIBE 'package.json'",
    "EXPLAIN SELECT * FROM read_text('/etc/passwd')",
    "EXPLAIN ANALYZE SELECT * FROM read_csv('{folder}/secret.csv')",
    "SELECT * FROM query('SELECT content FROM read_text(''/etc/passwd'')')",
    "SELECT * FROM query_table('{folder}/secret.json')",
    "SELECT * FROM query_table('cloudtrail')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('FROM ''package.json'''))",
    "PIVOT 'package.json' ON name USING count(*)",
    "SELECT getenv('HOME')",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM which_secret('s3://bucket', 's3')",
    "SELECT * FROM pragma_database_list()",
    "SELECT * FROM READ_TEXT('/etc/passwd')",
    "SELECT * FROM \"read_text\"('/etc/passwd')",
    "SELECT * FROM main.read_text('/etc/passwd')",
    "SELECT * FROM system.main.read_text('/etc/passwd')",
    // Writing.
    "COPY (SELECT 1) TO '{folder}/stolen.csv'",
    "COPY (SELECT 1) TO '{logs}/stolen.csv'",
    "COPY cloudtrail TO '{logs}/stolen.parquet' (FORMAT parquet)",
    "COPY t FROM '{folder}/secret.csv'",
    "COPY FROM DATABASE catalog TO memory",
    "EXPORT DATABASE '{folder}/stolen'",
    "IMPORT DATABASE '{folder}/stolen'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{logs}/stolen.csv'",
    "EXPLAIN COPY (SELECT 1) TO '{logs}/stolen.csv'",
    "EXPLAIN EXPLAIN SELECT 1",
    "CREATE TABLE t AS SELECT 1",
    "CREATE TEMP TABLE t AS SELECT 1",
    "CREATE OR REPLACE VIEW cloudtrail AS SELECT 1",
    "CREATE MACRO m() AS 1",
    "CREATE SCHEMA s",
    "CREATE SECRET s (TYPE s3)",
    "DROP VIEW cloudtrail",
    "DROP SCHEMA cloudtrail_partitioner CASCADE",
    "ALTER VIEW cloudtrail RENAME TO t",
    "INSERT INTO cloudtrail_partitioner.settings VALUES ('a', 'b')",
    "UPDATE cloudtrail_partitioner.settings SET value = ''",
    "DELETE FROM cloudtrail_partitioner.settings",
    "TRUNCATE cloudtrail_partitioner.settings",
    "MERGE INTO cloudtrail_partitioner.settings USING (SELECT 1 AS a) s ON true WHEN MATCHED THEN DELETE",
    "WITH x AS (INSERT INTO cloudtrail_partitioner.settings VALUES ('a', 'b') RETURNING *) SELECT * FROM x",
    "WITH x AS (DELETE FROM cloudtrail_partitioner.settings RETURNING *) SELECT * FROM x",
    // Changing the engine.
    "ATTACH '{folder}/other.duckdb'",
    "ATTACH ':memory:' AS other",
    "DETACH catalog",
    "USE memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{folder}/evil.duckdb_extension'",
    "SET enable_external_access = true",
    "SET threads = 1",
    "RESET threads",
    "PRAGMA table_info('cloudtrail')",
    "PRAGMA enable_profiling",
    "CALL pragma_version()",
    "CALL force_checkpoint()",
    "CHECKPOINT",
    "VACUUM",
    "ANALYZE",
    "BEGIN TRANSACTION",
    "COMMIT",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "DEALLOCATE p",
    // More than one statement, and ways out of the parentheses that the text will stand in.
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY (SELECT 1) TO '{logs}/stolen.csv'",
    "COPY (SELECT 1) TO '{logs}/stolen.csv'; SELECT 1",
    "SELECT 1; -- a comment\nDROP VIEW cloudtrail",
    "SELECT 1 /* ; */ ; DROP VIEW cloudtrail",
    "SELECT ';'; DROP VIEW cloudtrail",
    "SELECT $$;$$; DROP VIEW cloudtrail",
    "SELECT $a$ $b$;$a$; DROP VIEW cloudtrail",
    "SELECT E'\\';'; DROP VIEW cloudtrail",
    "SELECT '\\'; DROP VIEW cloudtrail --'",
    'SELECT 1 AS ";"; DROP VIEW cloudtrail',
    "EXPLAIN SELECT 1; DROP VIEW cloudtrail",
    "EXPLAIN ANALYZE SELECT 1; COPY (SELECT 1) TO '{logs}/stolen.csv'",
    "SELECT 1) TO '{logs}/stolen.csv'; --",
    "SELECT 1) TO '{logs}/stolen.csv' --",
    "SELECT 1) TO '{logs}/stolen.csv' /*",
    "SELECT 1\n); DROP VIEW cloudtrail; CREATE TEMP TABLE t AS (\nSELECT 1",
    "SELECT 1 /*",
    "SELECT 1 /* /* */",
    "SELECT 'open",
    'SELECT 1 AS "open',
    "SELECT $$open",
    "SELECT ‘a’ FROM cloudtrail",
    "SELECT “eventid” FROM cloudtrail",
    "FROM “package.json”",
    // No statement at all.
    "",
    ";",
    "-- a comment",
    "/* a comment */",
    "SELEC 1",
    "\u0000",
  ])("%j", async (sql) => {
    const error = await errorOf(ask(warehouse, fill(sql)));
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).not.toContain("of the machine");
  });

  test("and the answer in a Parquet file is no way round it", async () => {
    for (const sql of [
      "SELECT * FROM read_text('{folder}/secret.json')",
      "COPY (SELECT 1) TO '{logs}/stolen.csv'",
      "SELECT 1) TO '{logs}/stolen.csv'; --",
      "SELECT 1; SELECT 2",
      "EXPLAIN SELECT 1",
      "SHOW TABLES",
    ]) {
      const error = await errorOf(warehouse.exportParquet(fill(sql), join(folder, "stolen.parquet")));
      expect(error, sql).toBeInstanceOf(UserError);
    }
  });

  test("all of it left the database, the logs and the working directory as they were", async () => {
    expect(await readTree(folder)).toEqual(before);
    expect([...(await readTree(join(process.cwd(), "src/warehouse"))).keys()]).toEqual(cwd);
  });
});

describe("the second wall holds alone: a view that somebody else made", () => {
  test("reads no file but the logs", async () => {
    const database = join(folder, "second.duckdb");
    const logs = join(folder, "logs");
    const second = openDuckDbWarehouse({ database, logs });
    await run({ store: openLocalStore(logs), warehouse: second }, OPTIONS);
    await askPlainly(database, fill("CREATE VIEW escape AS SELECT * FROM read_text('{folder}/secret.json')"));
    const error = await errorOf(ask(second, "SELECT * FROM escape"));
    expect(error).toBeInstanceOf(UserError);
    expect((await ask(second, "SELECT count(*) FROM cloudtrail")).rows).toEqual([[1]]);
    await rm(database);
  });
});

describe("allowed:", () => {
  test.each<[string, readonly unknown[][]]>([
    ["SELECT 1", [[1]]],
    ["select 1", [[1]]],
    ["  \n SELECT 1 \n ", [[1]]],
    ["SELECT 1;", [[1]]],
    ["SELECT 1 ; ; ", [[1]]],
    ["SELECT 1 -- a comment", [[1]]],
    ["SELECT 1; -- a comment", [[1]]],
    ["SELECT 1; /* a; comment */ -- and; one", [[1]]],
    ["-- a comment\nSELECT 1", [[1]]],
    ["/* a ; comment */ SELECT 1", [[1]]],
    ["SELECT /* a ; comment */ 1", [[1]]],
    ["SELECT ';' AS a", [[";"]]],
    ["SELECT '--' AS a -- really", [["--"]]],
    ["SELECT 'it''s; so'", [["it's; so"]]],
    ["SELECT $$a;b$$", [["a;b"]]],
    ["SELECT $tag$a;'b$tag$;", [["a;'b"]]],
    ["SELECT E'a\\';b';", [["a';b"]]],
    ['SELECT 1 AS "a;b"', [[1]]],
    ["(SELECT 1)", [[1]]],
    [
      "VALUES (1, 'a'), (2, 'b')",
      [
        [1, "a"],
        [2, "b"],
      ],
    ],
    ["WITH t AS (SELECT 1 AS a) SELECT a FROM t", [[1]]],
    [
      "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT max(n) FROM t",
      [[3]],
    ],
    ["FROM cloudtrail SELECT count(*)", [[1]]],
    ["FROM (VALUES (1)) t(a)", [[1]]],
    ["SELECT unnest([1, 2])", [[1], [2]]],
    ["SELECT * FROM unnest([1, 2])", [[1], [2]]],
    ["SELECT count(*) FROM cloudtrail CROSS JOIN UNNEST([1, 2]) AS t(x)", [[2]]],
    ["SELECT count(*) FROM range(3)", [[3]]],
    ["SELECT count(*) FROM generate_series(1, 3)", [[3]]],
    ["SELECT count(*) FROM main.cloudtrail_111122223333", [[1]]],
    ["SELECT count(*) FROM CloudTrail", [[1]]],
    ['SELECT count(*) FROM "cloudtrail"', [[1]]],
    ["SELECT count(*) FROM cloudtrail_partitioner.set_aside", [[0]]],
    ["SELECT 1 UNION ALL SELECT 2", [[1], [2]]],
    ["SELECT 'read_text(''/etc/passwd'')'", [["read_text('/etc/passwd')"]]],
    ["SELECT 'COPY x TO y'", [["COPY x TO y"]]],
    ["SELECT upper('a') AS count", [["A"]]],
    ["SHOW TABLES", [["cloudtrail"], ["cloudtrail_111122223333"]]],
    [
      "SELECT table_name FROM information_schema.tables WHERE table_type = 'VIEW' AND table_schema = 'main' ORDER BY table_name",
      [["cloudtrail"], ["cloudtrail_111122223333"]],
    ],
  ])("%s", async (sql, rows) => {
    expect((await ask(warehouse, sql)).rows).toEqual(rows);
  });

  test.each([
    ["DESCRIBE cloudtrail", 35],
    ["DESCRIBE SELECT 1 AS a", 1],
    ["SUMMARIZE cloudtrail", 35],
    ["SUMMARIZE SELECT 1 AS a", 1],
    ["EXPLAIN SELECT * FROM cloudtrail", 1],
    ["explain analyze SELECT * FROM cloudtrail;", 1],
    ["EXPLAIN (FORMAT json) SELECT * FROM cloudtrail", 1],
    ["SELECT name FROM (DESCRIBE cloudtrail) t(name, a, b, c, d, e) WHERE name = 'eventid'", 1],
    ["SHOW ALL TABLES", undefined],
    ["SELECT view_name FROM duckdb_views() WHERE NOT internal", 2],
  ])("%s", async (sql, rows) => {
    const answer = await ask(warehouse, sql);
    if (rows === undefined) expect(answer.rows.length).toBeGreaterThan(0);
    else expect(answer.rows).toHaveLength(rows);
  });
});

describe("what is wrong with a query is said:", () => {
  test.each([
    ["SELEC 1", "syntax error"],
    ["SELECT nothing FROM cloudtrail", "nothing"],
    ["SELECT * FROM cloudtrail_999999999999", "cloudtrail_999999999999"],
    ["SELECT CAST('x' AS INTEGER)", "Conversion Error"],
    ["SELECT error('of my own')", "of my own"],
    ["SELECT 1; SELECT 2", "more than one statement"],
    ["FROM 'a.json'", "a.json"],
    ["SELECT * FROM read_text('a')", "read_text"],
    ["DROP VIEW cloudtrail", "only queries"],
  ])("%s", async (sql, said) => {
    expect(await errorOf(ask(warehouse, sql))).toMatchObject({
      name: "UserError",
      message: expect.stringContaining(said),
    });
  });

  test("a database that does not exist is not made by a query", async () => {
    const missing = join(folder, "missing.duckdb");
    const error = await errorOf(ask(openDuckDbWarehouse({ database: missing }), "SELECT 1"));
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain(missing);
    expect(await readTree(folder)).toEqual(before);
  });
});
