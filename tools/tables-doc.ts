import { readFile } from "node:fs/promises";
import type { Column } from "../src/core/columns.ts";
import { PARTITION_COLUMNS, RECORD_COLUMNS } from "../src/core/columns.ts";

export const TABLES_DOC = new URL("../docs/tables.md", import.meta.url);

const BEGIN = "<!-- columns: written by npm run tables-doc -->";
const END = "<!-- end of columns -->";

/** docs/tables.md as it should be: its list of columns taken from the code. */
export async function printTablesDoc(): Promise<string> {
  const text = await readFile(TABLES_DOC, "utf8");
  const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
  const after = text.slice(text.indexOf(END));
  return `${before}\n\n${printColumns()}\n\n${after}`;
}

function printColumns(): string {
  const lines = [...RECORD_COLUMNS.flatMap((column) => printColumn(column, "")), ...PARTITION_COLUMNS];
  return ["```text", ...lines, "```"].join("\n");
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
