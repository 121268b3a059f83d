import type * as Grammars from "dt-sql-parser";
import { build } from "esbuild";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { PARTITION_COLUMNS, printHiveType, printTrinoType, RECORD_COLUMNS } from "../src/core/columns.ts";
import { quoteName } from "../src/core/sql-text.ts";
import { printAccountView, printAllView } from "../src/warehouse/athena/catalog/view-sql.ts";

const REPOSITORY = new URL("../", import.meta.url);
// The package imports folders, which Node does not know as modules.
const scratch = await mkdtemp(join(tmpdir(), "sql-syntax-"));
afterAll(() => rm(scratch, { recursive: true, force: true }));
const outfile = join(scratch, "grammars.cjs");
const contents = 'export { HiveSQL, TrinoSQL } from "dt-sql-parser"';
const stdin = { contents, resolveDir: import.meta.dirname };
await build({ stdin, outfile, bundle: true, format: "cjs", platform: "node", logLevel: "error" });
const grammars = createRequire(import.meta.url)(outfile) as typeof Grammars;
const trino: Grammars.TrinoSQL = new grammars.TrinoSQL();
const hive: Grammars.HiveSQL = new grammars.HiveSQL();

/** What a grammar has to say against a text. */
function faultsOf(parser: Grammars.TrinoSQL | Grammars.HiveSQL, sql: string): string[] {
  return parser.validate(sql).map(({ startLine, message }) => `line ${startLine}: ${message}`);
}

test("the grammars find faults", () => {
  expect(faultsOf(trino, "SELECT FROM WHERE")).not.toEqual([]);
  expect(faultsOf(hive, "CREATE EXTERNAL TABLE t (a struct<b:>)")).not.toEqual([]);
});

const DATABASE = { database: "security" };
const VIEWS = {
  "one account of the shared table": printAccountView(
    { ...DATABASE, table: "cloudtrail_raw" },
    "111122223333",
  ),
  "one table": printAllView([{ ...DATABASE, table: "cloudtrail_111122223333", account: "111122223333" }]),
  "tables and the shared one": printAllView([
    { ...DATABASE, table: "cloudtrail_111122223333", account: "111122223333" },
    { ...DATABASE, table: "cloudtrail_444455556666", account: "444455556666" },
    { ...DATABASE, table: "cloudtrail_raw", account: undefined },
  ]),
  "a database with an odd name": printAllView([
    { database: 'we"ird', table: "cloudtrail_raw", account: undefined },
  ]),
};

test.each(Object.entries(VIEWS))("the view over %s is Trino's SQL", (_, sql) => {
  expect(faultsOf(trino, `CREATE OR REPLACE VIEW cloudtrail AS ${sql}`)).toEqual([]);
});

test("the columns' types are Hive's", () => {
  const columns = RECORD_COLUMNS.map(({ name, type }) => `\`${name.toLowerCase()}\` ${printHiveType(type)}`);
  const keys = PARTITION_COLUMNS.map((name) => `\`${name}\` string`);
  const ddl = `CREATE EXTERNAL TABLE t (${columns.join(", ")}) PARTITIONED BY (${keys.join(", ")}) LOCATION 's3://b/'`;
  expect(faultsOf(hive, ddl)).toEqual([]);
});

test("the columns' types are Trino's", () => {
  const columns = RECORD_COLUMNS.map(
    ({ name, type }) => `CAST(NULL AS ${printTrinoType(type)}) AS ${quoteName(name)}`,
  );
  expect(faultsOf(trino, `SELECT ${columns.join(", ")}`)).toEqual([]);
});

test("every statement in the documents is Trino's SQL, but for those that are marked as DuckDB's", async () => {
  const docs = (await readdir(new URL("docs/", REPOSITORY))).filter((name) => name.endsWith(".md"));
  const files = ["README.md", ...docs.map((name) => `docs/${name}`)];
  const faults: string[] = [];
  let statements = 0;
  for (const file of files) {
    for (const sql of findSql(await readFile(new URL(file, REPOSITORY), "utf8"))) {
      statements++;
      faults.push(...faultsOf(trino, sql).map((fault) => `${file}: ${fault} in ${sql}`));
    }
  }
  expect(faults).toEqual([]);
  expect(statements).toBeGreaterThan(2);
});

/** Blocks of SQL, and what `query "..."` is shown with; DuckDB's own tables are known by their schema. */
function* findSql(markdown: string): Generator<string> {
  const blocks = [...markdown.matchAll(/```sql\n([^]*?)```/g)].map(([, block = ""]) => block);
  const commands = [...markdown.matchAll(/query (?:--\S+ \S+ )*"([^"]*)"/g)].map(([, sql = ""]) => sql);
  for (const text of [...blocks, ...commands]) if (!text.includes("cloudtrail_partitioner.")) yield text;
}
