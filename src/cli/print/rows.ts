import { stringify } from "csv-stringify/sync";
import type { QueryResult, Value } from "../../warehouse/warehouse.ts";
import { printSafeJson, printSafeLines } from "./safe-text.ts";
import { printTable } from "./table.ts";

export const ROW_FORMATS = ["table", "json", "csv", "ndjson"] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

type Rows = Pick<QueryResult, "rows"> & { readonly columns: readonly { readonly name: string }[] };

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
      return printCsv(names, rows);
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

function printObject(names: readonly string[], row: readonly Value[]): string {
  return printSafeJson(
    JSON.stringify(Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))),
  );
}

/**
 * As RFC 4180, but for text that a spreadsheet would run: a cell that begins with =, +, -, @, a tab or a line break gets a
 * single quote in front. Numbers stay as they are.
 */
async function* printCsv(names: readonly string[], rows: Rows["rows"]): AsyncGenerator<string> {
  yield printRecords([names]);
  for await (const batch of rows) yield printRecords(batch.map((row) => row.map(printCsvCell)));
}

function printRecords(records: readonly (readonly (string | number)[])[]): string {
  return stringify(
    records.map((record) => [...record]),
    { escape_formulas: true },
  );
}

function printCsvCell(value: Value): string | number {
  if (value === null) return "";
  if (typeof value === "string" || typeof value === "number") return value;
  return typeof value === "boolean" ? String(value) : JSON.stringify(value);
}
