import * as fc from "fast-check";
import { expect, test } from "vitest";
import { UserError } from "../../../core/user-error.ts";
import { readTokens } from "./sql-tokens.ts";
import { parseStatement } from "./statement.ts";

test.each([
  "SELECT 1",
  "select * from cloudtrail",
  "  \n\t SELECT 1",
  "-- what is this?\nSELECT 1",
  "-- drop table x;\r\nSELECT 1",
  "/* DROP TABLE x; */ SELECT 1",
  "/* one *//* two */-- three\n((SELECT 1) UNION ALL (SELECT 2))",
  "( /* in */ ( SELECT 1 ) )",
  "WITH a AS (SELECT 1) SELECT * FROM a",
  "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 3), b AS (TABLE a) (SELECT * FROM b)",
  'WITH "insert" AS (SELECT 1 AS x) SELECT count(*) AS "delete" FROM "insert"',
  "WITH a AS (SELECT ')' AS x, (1) y) VALUES 1",
  "VALUES (1, 'a'), (2, 'b')",
  "TABLE cloudtrail",
])("a query may run: %s", (sql) => {
  expect(parseStatement(sql)).toEqual({ sql, isQuery: true, read: sql });
});

test.each([
  "SHOW TABLES",
  "show partitions cloudtrail_111122223333",
  "DESCRIBE cloudtrail",
  "DESC cloudtrail",
  "DESCRIBE `default`.`cloudtrail`",
  "EXPLAIN SELECT 1",
  "EXPLAIN (TYPE IO, FORMAT JSON) SELECT 1",
  "EXPLAIN (FORMAT JSON) (SELECT 1)",
  "EXPLAIN (SELECT 1)",
  "EXPLAIN CREATE TABLE x AS SELECT 1",
])("what looks and reads nothing may run: %s", (sql) => {
  expect(parseStatement(sql)).toEqual({ sql, isQuery: false, read: undefined });
});

test.each([
  ["EXPLAIN ANALYZE SELECT 1", "SELECT 1"],
  ["EXPLAIN ANALYZE VERBOSE (FORMAT JSON) WITH a AS (SELECT 1) TABLE a", "WITH a AS (SELECT 1) TABLE a"],
  ["explain analyze (format text) /* x */ (SELECT 1)", "(SELECT 1)"],
])("EXPLAIN ANALYZE of a query may run, and reads: %s", (sql, read) => {
  expect(parseStatement(sql)).toEqual({ sql, isQuery: false, read });
});

test.each([
  "DROP TABLE cloudtrail",
  "-- SELECT\nDROP TABLE cloudtrail",
  "-- SELECT\rDROP TABLE cloudtrail",
  "/* SELECT */ DROP TABLE cloudtrail",
  "DROP VIEW cloudtrail",
  "CREATE TABLE x AS SELECT 1",
  "CREATE OR REPLACE VIEW x AS SELECT 1",
  "CREATE EXTERNAL TABLE x (a int) LOCATION 's3://bucket/'",
  "INSERT INTO x SELECT 1",
  "INSERT INTO x WITH a AS (SELECT 1) SELECT * FROM a",
  "UNLOAD (SELECT 1) TO 's3://bucket/x/' WITH (format = 'PARQUET')",
  "(UNLOAD (SELECT 1) TO 's3://bucket/x/')",
  "ALTER TABLE x ADD PARTITION (day = '01')",
  "MSCK REPAIR TABLE x",
  "DELETE FROM x",
  "UPDATE x SET a = 1",
  "MERGE INTO x USING y ON x.a = y.a WHEN MATCHED THEN DELETE",
  "OPTIMIZE x REWRITE DATA USING BIN_PACK",
  "VACUUM x",
  "PREPARE p FROM DROP TABLE x",
  "EXECUTE p",
  "DEALLOCATE PREPARE p",
  "USE other",
  "SET SESSION x = 1",
  "GRANT SELECT ON x TO y",
  "CALL system.x()",
  "USING EXTERNAL FUNCTION f(x varchar) RETURNS varchar LAMBDA 'f' SELECT f('a')",
  "FROM x INSERT INTO y SELECT 1",
  "WITH a AS (SELECT 1) INSERT INTO x SELECT * FROM a",
  "WITH a AS (SELECT 1) DELETE FROM x",
  "WITH a AS (SELECT 1)",
  "WITH",
  "EXPLAIN ANALYZE DROP TABLE x",
  "EXPLAIN ANALYZE INSERT INTO x SELECT 1",
  "EXPLAIN (FORMAT JSON) ANALYZE UNLOAD (SELECT 1) TO 's3://bucket/x/'",
  "EXPLAIN ANALYZE VERBOSE CREATE TABLE x AS SELECT 1",
  "EXPLAIN ANALYZE",
  "EXPLAIN ANALYZE EXPLAIN ANALYZE DROP TABLE x",
  '"SELECT" 1',
  "'SELECT' 1",
  "123",
  "",
  "-- nothing",
  "((",
  ";",
])("what is no query is refused: %s", (sql) => {
  expect(() => parseStatement(sql)).toThrow(UserError);
  expect(() => parseStatement(sql)).toThrow(/only queries may run here/);
});

test.each([
  ["SELECT 1;", "SELECT 1"],
  ["SELECT 1 ;\n\n", "SELECT 1 "],
  ["SELECT 1; -- the end\n/* really; */", "SELECT 1"],
  ["SELECT 1;;", "SELECT 1"],
  ["SELECT ';';", "SELECT ';'"],
])("a semicolon at the end goes: %j", (sql, expected) => {
  expect(parseStatement(sql).sql).toBe(expected);
});

test.each([
  "SELECT 1; DROP TABLE x",
  "SELECT 1; SELECT 2;",
  ";SELECT 1",
  "SELECT 1 -- x\r; DROP TABLE x",
  "SELECT '\\'; DROP TABLE x; --'",
  "SELECT /* a /* b */ 1; DROP TABLE x /* */",
])("more than one statement is refused: %j", (sql) => {
  expect(() => parseStatement(sql)).toThrow(/more than one statement/);
});

test("text over Athena's limit is refused, in bytes", () => {
  expect(() => parseStatement(`SELECT '${"é".repeat(131_080)}'`)).toThrow(/262169 bytes/);
  expect(parseStatement(`SELECT '${"e".repeat(262_000)}'`).isQuery).toBe(true);
});

const quoted = fc.oneof(
  fc.string().map((text) => `'${text.replaceAll("'", "''")}'`),
  fc.string().map((text) => `"${text.replaceAll('"', '""')}"`),
  fc.string().map((text) => `\`${text.replaceAll("`", "``")}\``),
  fc.string().map((text) => `/* ${text.replaceAll("*", "")} */`),
  fc.string().map((text) => `--${text.replaceAll(/[\r\n]/g, "")}\n`),
);

test("tokens together are the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (sql) => {
      expect(
        readTokens(sql)
          .map(({ text }) => text)
          .join(""),
      ).toBe(sql);
    }),
  );
});

test("whatever stands in texts, names and comments separates nothing and begins nothing", () => {
  fc.assert(
    fc.property(fc.array(quoted), (parts) => {
      const sql = `SELECT ${parts.join(" , ")}`;
      expect(parseStatement(sql)).toEqual({ sql, isQuery: true, read: sql });
      expect(() => parseStatement(`${sql}; DROP TABLE x`)).toThrow(/more than one statement/);
    }),
  );
});

test("a comment of any kind before it makes no statement a query", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const comment = `/* ${text.replaceAll("*", "")} */`;
      expect(() => parseStatement(`${comment} DROP TABLE x`)).toThrow(UserError);
    }),
  );
});
