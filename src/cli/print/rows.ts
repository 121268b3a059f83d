import { stringify } from "csv-stringify/sync";
import type { QueryResult, Value } from "../../warehouse/warehouse.ts";
import { printSafeJson, printSafeLines } from "../../core/safe-text.ts";
import { printTable } from "./table.ts";

export const ROW_FORMATS = ["table", "json", "csv", "ndjson"] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

type Rows = Pick<QueryResult, "rows" | "columns">;

/** The rows as text, batch by batch; nothing is held but a batch. */
export function printRows(
  { columns, rows }: Rows,
  { format, width }: { readonly format: RowFormat; readonly width: number | undefined },
): AsyncIterable<string> {
  const names = columns.map(({ name }) => name);
  switch (format) {
    case "table":
      return isExplain(names) ? printExplain(rows) : printTable(names, rows, { width });
    case "json":
      return printJsonArray(distinct(names), rows);
    case "ndjson":
      return printJsonLines(distinct(names), rows);
    case "csv":
      return printCsv(columns, rows);
  }
}

function isExplain(names: readonly string[]): boolean {
  return names.join() === "explain_key,explain_value";
}

/** A plan is a drawing of many lines, which a table's cell would spoil. */
async function* printExplain(rows: Rows["rows"]): AsyncGenerator<string> {
  for await (const batch of rows) {
    for (const [, plan] of batch) yield `${printSafeLines(String(plan)).trimEnd()}\n`;
  }
}

/** JSON objects cannot hold one name twice: `count`, `count_1`. */
function distinct(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let unused = name;
    for (let suffix = 1; used.has(unused); suffix++) unused = `${name}_${suffix}`;
    used.add(unused);
    return unused;
  });
}

async function* printJsonArray(names: readonly string[], rows: Rows["rows"]): AsyncGenerator<string> {
  let first = true;
  yield "[";
  for await (const batch of rows) {
    for (const row of batch) {
      yield `${first ? "\n" : ",\n"}${printObject(names, row)}`;
      first = false;
    }
  }
  yield first ? "]\n" : "\n]\n";
}

async function* printJsonLines(names: readonly string[], rows: Rows["rows"]): AsyncGenerator<string> {
  for await (const batch of rows) yield batch.map((row) => `${printObject(names, row)}\n`).join("");
}

/** Joined by hand: JavaScript's objects put names that are numbers first. */
function printObject(names: readonly string[], row: readonly Value[]): string {
  const fields = names.map((name, index) => `${JSON.stringify(name)}:${JSON.stringify(row[index] ?? null)}`);
  return printSafeJson(`{${fields.join(",")}}`);
}

/**
 * As RFC 4180, but for text that a spreadsheet would run: a cell that begins with =, +, -, @, a tab or a line break gets a
 * single quote in front. Numbers stay as they are.
 */
async function* printCsv(columns: Rows["columns"], rows: Rows["rows"]): AsyncGenerator<string> {
  const isNumber = columns.map(({ type }) => NUMBER_TYPE.test(type));
  yield stringify([columns.map(({ name }) => neutralize(name))]);
  for await (const batch of rows) {
    yield stringify(
      batch.map((row) => row.map((value, index) => printCsvCell(value, isNumber[index] ?? false))),
    );
  }
}

/** DuckDB's and Athena's. Numbers that JavaScript cannot hold exactly arrive as text. */
const NUMBER_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL|FLOAT|DOUBLE|REAL|BIGNUM)\b/i;

function printCsvCell(value: Value, isNumber: boolean): string {
  if (value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return isNumber || typeof value !== "string" ? text : neutralize(text);
}

/** The full-width forms are read as the plain ones by some spreadsheets. */
function neutralize(text: string): string {
  return /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
}
