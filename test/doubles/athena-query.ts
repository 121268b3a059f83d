import type { DuckDBConnection } from "@duckdb/node-api";
import { DuckDBInstance } from "@duckdb/node-api";
import { quoteName } from "../../src/core/sql-text.ts";
import { explainDuckDbError, QueryFailure } from "./athena-failure.ts";
import type { FileCache } from "./athena-files.ts";
import { printIoPlan } from "./athena-io-plan.ts";
import { printPlan } from "./athena-plan.ts";
import { nameColumns } from "./athena-names.ts";
import { createEmptyViews, createTableViews } from "./athena-load.ts";
import { narrowScan, selectPartitions } from "./athena-partitions.ts";
import type { SelectedPartition } from "./athena-partitions.ts";
import type { Relations, TableRelation } from "./athena-relations.ts";
import { loadRelations } from "./athena-relations.ts";
import type { Scan } from "./athena-scans.ts";
import { listScans } from "./athena-scans.ts";
import type { Statement } from "./athena-statement.ts";
import { runShow } from "./athena-show.ts";
import type { SqlNode } from "./athena-syntax.ts";
import { parseQuery, translateTypes } from "./athena-syntax.ts";
import type { TextRow } from "./athena-csv.ts";
import type { ColumnInfo } from "./athena-values.ts";
import { describeColumn, makeColumn, printValue } from "./athena-values.ts";
import { createView } from "./athena-view.ts";
import type { GlueCatalog } from "./glue-catalog.ts";

export interface QueryAnswer {
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly TextRow[];
  readonly bytesScanned: number;
}

export interface QueryOptions {
  readonly catalog: GlueCatalog;
  readonly cache: FileCache;
  readonly database: string;
  /** @throws to end the query before it reads so many bytes */
  readonly checkBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs a statement on DuckDB, over what Glue and S3 hold at this moment.
 * @throws QueryFailure
 */
export async function runStatement(statement: Statement, options: QueryOptions): Promise<QueryAnswer> {
  switch (statement.kind) {
    case "query":
      return withQuery(statement.sql, options, (query) => readRows(query, options));
    case "explain-io":
      return withQuery(statement.sql, options, (query) => explain(query, printIoPlan));
    case "explain":
      return withQuery(statement.sql, options, (query) => explain(query, printPlan));
    case "show":
      return { ...runShow(statement, options), bytesScanned: 0 };
    case "other":
      throw new QueryFailure(
        `NOT_SUPPORTED: line 1:1: the double does not run ${statement.sql.slice(0, 40)}`,
      );
  }
}

/** A query that is understood, on a connection of its own. */
interface OpenQuery {
  readonly connection: DuckDBConnection;
  /** In DuckDB's dialect. */
  readonly sql: string;
  readonly node: SqlNode;
  readonly relations: Relations;
  readonly scans: readonly Scan[];
}

async function withQuery(
  text: string,
  { catalog, database, signal }: QueryOptions,
  use: (query: OpenQuery) => Promise<QueryAnswer>,
): Promise<QueryAnswer> {
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "4GB", threads: "2" });
  const connection = await instance.connect();
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener("abort", interrupt);
  try {
    await prepare(connection, catalog);
    const sql = translateTypes(text);
    const node = await parseQuery(connection, sql);
    const relations = await loadRelations({ connection, catalog }, { node, sql, database });
    const scans = listScans(node, database, relations.find);
    if (catalog.databases.has(database)) await connection.run(`USE awsdatacatalog.${quoteName(database)}`);
    return await use({ connection, sql, node, relations, scans });
  } catch (error) {
    throw explainDuckDbError(error);
  } finally {
    signal.removeEventListener("abort", interrupt);
    connection.closeSync();
    instance.closeSync();
  }
}

/** Functions that Trino has by another name, or with another meaning. */
const MACROS = [
  "json_extract_scalar(j, p) AS CASE WHEN json_type(j, p) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(j, p) END",
  "from_iso8601_timestamp(t) AS t::TIMESTAMPTZ",
  "regexp_like(t, p) AS regexp_matches(t, p)",
  "cardinality(x) AS len(x)",
  "element_at(x, i) AS x[i]",
  "approx_distinct(x) AS approx_count_distinct(x)",
];

async function prepare(connection: DuckDBConnection, { databases }: GlueCatalog): Promise<void> {
  const statements = [
    "SET TimeZone = 'UTC'",
    "ATTACH ':memory:' AS awsdatacatalog",
    ...MACROS.map((macro) => `CREATE TEMP MACRO ${macro}`),
    "USE awsdatacatalog",
    ...[...databases.keys()].map((name) => `CREATE SCHEMA IF NOT EXISTS ${quoteName(name)}`),
  ];
  await connection.run(statements.join("; "));
}

async function readRows(query: OpenQuery, { cache, checkBytes }: QueryOptions): Promise<QueryAnswer> {
  const lister = cache.openLister();
  const contents = new Map<TableRelation, Map<string, SelectedPartition>>();
  let bytesScanned = 0;
  for (const scan of query.scans) {
    const known = contents.get(scan.table) ?? new Map<string, SelectedPartition>();
    contents.set(scan.table, known);
    for (const partition of selectPartitions(scan)) {
      known.set(JSON.stringify(partition.values), partition);
      for (const object of lister.list(partition.location)) bytesScanned += lister.size(object);
    }
  }
  checkBytes(bytesScanned);
  const tables = listBaseTables(query).map((table) => ({
    table,
    partitions: [...(contents.get(table)?.values() ?? [])],
  }));
  await createTableViews(tables, { connection: query.connection, cache, lister });
  await createViews(query);
  const result = await query.connection.runAndReadAll(query.sql);
  const types = result.columnTypes();
  return {
    columns: nameColumns(query.node, result.columnNames()).map((name, index) =>
      describeColumn(name, types[index]!),
    ),
    rows: result.getRows().map((row) => row.map((value, index) => printValue(value, types[index]!))),
    bytesScanned,
  };
}

async function explain(query: OpenQuery, print: (scans: readonly Scan[]) => string): Promise<QueryAnswer> {
  await createEmptyViews(listBaseTables(query), query.connection);
  await createViews(query);
  await query.connection.run(`EXPLAIN ${query.sql}`);
  return {
    columns: [makeColumn("Query Plan", "varchar")],
    rows: print(query.scans.flatMap((scan) => narrowScan(scan) ?? []))
      .split("\n")
      .map((line) => [line]),
    bytesScanned: 0,
  };
}

function listBaseTables({ relations }: OpenQuery): TableRelation[] {
  return relations.inOrder.filter((relation) => relation.kind === "table");
}

async function createViews({ connection, relations }: OpenQuery): Promise<void> {
  for (const relation of relations.inOrder)
    if (relation.kind === "view") await createView(connection, relation);
}
