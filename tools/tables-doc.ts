import { readFile } from "node:fs/promises";
import type { Column } from "../src/core/columns.ts";
import { PARTITION_COLUMNS, RECORD_COLUMNS } from "../src/core/columns.ts";
import { COVERAGE_COLUMNS } from "../src/core/lake/coverage.ts";
import { DATASET_COLUMNS, DATASET_TABLES, LAKE_KEYS, OTHER_COLUMNS } from "../src/core/lake/lake-columns.ts";
import type { Dataset } from "../src/core/lake/lake-day.ts";

export const TABLES_DOC = new URL("../docs/tables.md", import.meta.url);

/** Its lists, by what they are called there. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  columns: [...RECORD_COLUMNS.flatMap((column) => printColumn(column, "")), ...PARTITION_COLUMNS],
  "lake columns": (Object.keys(DATASET_TABLES) as Dataset[]).map(printLakeTable),
  "coverage columns": COVERAGE_COLUMNS.map(({ name, type }) =>
    type === "count" ? `${name}  integer` : name,
  ),
};

/** docs/tables.md as it should be: its lists of columns taken from the code. */
export async function printTablesDoc(): Promise<string> {
  return Object.entries(LISTS).reduce(replaceList, await readFile(TABLES_DOC, "utf8"));
}

function replaceList(text: string, [name, lines]: readonly [string, readonly string[]]): string {
  const begin = `<!-- ${name}: written by npm run tables-doc -->`;
  const end = `<!-- end of ${name} -->`;
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  const after = text.slice(text.indexOf(end));
  return [before, ["```text", ...lines, "```"].join("\n"), after].join("\n\n");
}

/** What follows the columns of the record. */
function printLakeTable(dataset: Dataset): string {
  const more = DATASET_COLUMNS[dataset].slice(RECORD_COLUMNS.length).map(({ name }) => name.toLowerCase());
  return `cloudtrail_${DATASET_TABLES[dataset]}: ${["…", ...more, ...OTHER_COLUMNS, ...LAKE_KEYS].join(", ")}`;
}

/** Fields of structs are indented below them. */
function printColumn({ name, type }: Column, indent: string): string[] {
  const line = `${indent}${name.toLowerCase()}`;
  switch (type.kind) {
    case "string":
      return [line];
    case "map":
      return [`${line}  map of text to text`];
    case "struct":
      return [line, ...type.fields.flatMap((field) => printColumn(field, `${indent}    `))];
    case "array": {
      const { element } = type;
      const fields = element.kind === "struct" ? element.fields : [];
      return [`${line}  list of`, ...fields.flatMap((field) => printColumn(field, `${indent}    `))];
    }
  }
}
