import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../../core/sql-text.ts";

/** What the tool keeps in its database file beside the views. */
export const SCHEMA = "cloudtrail_partitioner";

export type Rows = readonly (readonly unknown[])[];

/** Runs a query on the books. */
export type Read = (sql: string) => Promise<Rows>;

export async function writeSetting(connection: DuckDBConnection, key: string, value: string): Promise<void> {
  await connection.run(`INSERT OR REPLACE INTO ${SCHEMA}.settings VALUES ($1, $2)`, [key, value]);
}

export type Row = readonly (string | number | readonly string[])[];

const ROWS_AN_INSERT = 1000;

/** Adds rows, or replaces those of the same key. In chunks, since a run can add a million rows, and since a statement a row takes longer than all the rest. */
export async function insertRows(
  connection: DuckDBConnection,
  table: string,
  rows: Iterable<Row>,
): Promise<void> {
  let chunk: string[] = [];
  const flush = async (): Promise<void> => {
    if (chunk.length > 0)
      await connection.run(`INSERT OR REPLACE INTO ${SCHEMA}.${table} VALUES ${chunk.join(", ")}`);
    chunk = [];
  };
  for (const row of rows) {
    if (chunk.push(`(${row.map(printValue).join(", ")})`) >= ROWS_AN_INSERT) await flush();
  }
  await flush();
}

function printValue(value: Row[number]): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? quoteText(value) : `[${value.map(quoteText).join(", ")}]::VARCHAR[]`;
}
