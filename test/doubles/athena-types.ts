import type { Column as RecordColumn, ColumnType } from "../../src/core/columns.ts";
import { RECORD_COLUMNS } from "../../src/core/columns.ts";
import { quoteName } from "../../src/core/sql-text.ts";

/** A type as Glue's columns spell it. */
export type HiveType =
  | { readonly kind: "scalar"; readonly name: string }
  | { readonly kind: "array"; readonly element: HiveType }
  | { readonly kind: "map"; readonly key: HiveType; readonly value: HiveType }
  | { readonly kind: "struct"; readonly fields: readonly HiveField[] };

export interface HiveField {
  readonly name: string;
  readonly type: HiveType;
}

/** @throws Error where the text is no type */
export function parseHiveType(text: string): HiveType {
  const tokens =
    text
      .toLowerCase()
      .match(/decimal\(\s*\d+\s*,\s*\d+\s*\)|(?:var)?char\(\s*\d+\s*\)|[a-z0-9_-]+|[<>:,]/g) ?? [];
  if (tokens.join("") !== text.toLowerCase().replaceAll(/\s/g, ""))
    throw new Error(`${text} is no Hive type`);
  let at = 0;
  const expect = (token: string): void => {
    if (tokens[at++] !== token) throw new Error(`${text} is no Hive type`);
  };
  const parse = (): HiveType => {
    const name = tokens[at++] ?? "";
    if (name !== "array" && name !== "map" && name !== "struct") {
      if (!(name.replace(/\(.*/, "") in SCALARS)) throw new Error(`${text} is no Hive type`);
      return { kind: "scalar", name };
    }
    expect("<");
    const type = name === "array" ? parseArray() : name === "map" ? parseMap() : parseStruct();
    expect(">");
    return type;
  };
  const parseArray = (): HiveType => ({ kind: "array", element: parse() });
  const parseMap = (): HiveType => {
    const key = parse();
    expect(",");
    return { kind: "map", key, value: parse() };
  };
  const parseStruct = (): HiveType => {
    const fields: HiveField[] = [];
    do {
      const name = tokens[at++] ?? "";
      expect(":");
      fields.push({ name, type: parse() });
    } while (tokens[at] === "," && at++ > 0);
    return { kind: "struct", fields };
  };
  const type = parse();
  if (at < tokens.length) throw new Error(`${text} is no Hive type`);
  return type;
}

const SCALARS: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  varchar: "VARCHAR",
  char: "VARCHAR",
  boolean: "BOOLEAN",
  tinyint: "TINYINT",
  smallint: "SMALLINT",
  int: "INTEGER",
  integer: "INTEGER",
  bigint: "BIGINT",
  float: "FLOAT",
  double: "DOUBLE",
  date: "DATE",
  timestamp: "TIMESTAMP",
  binary: "BLOB",
  decimal: "DECIMAL",
};

/** The type in DuckDB, with the names of its fields as `spell` has them. */
export function printDuckDbType(type: HiveType, spelling?: ColumnType): string {
  switch (type.kind) {
    case "scalar":
      return type.name.startsWith("decimal(")
        ? type.name.toUpperCase()
        : SCALARS[type.name.replace(/\(.*/, "")]!;
    case "array":
      return `${printDuckDbType(type.element, spelling?.kind === "array" ? spelling.element : undefined)}[]`;
    case "map":
      return `MAP(${printDuckDbType(type.key)}, ${printDuckDbType(type.value)})`;
    case "struct": {
      const known = spelling?.kind === "struct" ? spelling.fields : [];
      const fields = type.fields.map(({ name, type: inner }) => {
        const found = findSpelling(name, known);
        return `${quoteName(found?.name ?? name)} ${printDuckDbType(inner, found?.type)}`;
      });
      return `STRUCT(${fields.join(", ")})`;
    }
  }
}

/** How CloudTrail's JSON spells a column: Hive's SerDe takes keys in any case, DuckDB does not. */
export function findSpelling(
  name: string,
  known: readonly RecordColumn[] = RECORD_COLUMNS,
): RecordColumn | undefined {
  return known.find((column) => column.name.toLowerCase() === name.toLowerCase());
}
