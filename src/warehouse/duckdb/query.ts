import type { DuckDBConnection } from "@duckdb/node-api";
import { existsSync } from "node:fs";
import { copyFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { quoteText } from "../../core/sql-text.ts";
import { UserError } from "../../core/user-error.ts";
import { writeWhole } from "../../files/write-whole.ts";
import type { QueryOptions, QueryResult, ResultColumn } from "../warehouse.ts";
import { answer } from "./answer.ts";
import type { Session } from "./session.ts";
import type { Statement } from "./statement.ts";
import { toJson } from "./values.ts";

/**
 * Runs a query to its end before the first row is given out: a file that cannot be read may be met at any row, and the
 * answer then starts anew without it. DuckDB keeps the rows meanwhile, on disk where they outgrow memory.
 */
export async function runQuery(file: string, sql: string, options: QueryOptions = {}): Promise<QueryResult> {
  refuseMissing(file);
  const { session, result, ...rest } = await answer(file, sql, { ...options, execute: materialize });
  return { ...rest, columns: result.columns, rows: readRows(session, result.from) };
}

/** Runs a query and moves its answer, once it is whole, to a Parquet file. */
export async function exportParquet(
  file: string,
  sql: string,
  { target, ...options }: QueryOptions & { readonly target: string },
): Promise<Pick<QueryResult, "setAside" | "unrecorded">> {
  refuseMissing(file);
  const { session, result, ...rest } = await answer(file, sql, { ...options, execute: copyToParquet });
  try {
    await writeWhole(target, (path) => moveFile(result, path));
    return rest;
  } finally {
    await session.close();
  }
}

async function copyToParquet({ connection, scratch }: Session, { sql, isQuery }: Statement): Promise<string> {
  if (!isQuery)
    throw new UserError("EXPLAIN, DESCRIBE and SHOW have no Parquet form", {
      hint: "choose another --format",
    });
  const path = join(scratch, "result.parquet");
  await connection.run(`COPY (\n${sql}\n) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`);
  return path;
}

function refuseMissing(file: string): void {
  if (existsSync(file)) return;
  throw new UserError(`there is no database ${file}`, {
    hint: "make it with: cloudtrail-partitioner run --logs <folder>, or name another with --database; a Glue database needs --engine athena",
  });
}

interface Materialized {
  readonly columns: readonly ResultColumn[];
  /** SQL that reads the rows. */
  readonly from: string;
}

const RESULT = "temp.cloudtrail_partitioner_result";

async function materialize({ connection }: Session, { sql, isQuery }: Statement): Promise<Materialized> {
  if (!isQuery) return { columns: await describeColumns(connection, sql), from: sql };
  try {
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${RESULT} AS (\n${sql}\n)`);
  } catch (error) {
    // What is wrong with the statement itself is said with its own lines and columns.
    await describeColumns(connection, sql);
    throw error;
  }
  const from = `FROM ${RESULT}`;
  return { columns: await describeColumns(connection, from), from };
}

async function describeColumns(connection: DuckDBConnection, sql: string): Promise<ResultColumn[]> {
  const prepared = await connection.prepare(sql);
  try {
    return Array.from({ length: prepared.columnCount }, (_, index) => ({
      name: prepared.columnName(index),
      type: String(prepared.columnType(index)),
    }));
  } finally {
    prepared.destroySync();
  }
}

async function* readRows(session: Session, sql: string): AsyncGenerator<QueryResultRows> {
  try {
    const result = await session.connection.stream(sql);
    yield* result.yieldConvertedRows(toJson);
  } finally {
    await session.close();
  }
}

type QueryResultRows = QueryResult["rows"] extends AsyncIterable<infer Rows> ? Rows : never;

async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    await copyFile(from, to);
  }
}
