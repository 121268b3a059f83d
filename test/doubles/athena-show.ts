import type { TextRow } from "./athena-csv.ts";
import { QueryFailure } from "./athena-failure.ts";
import type { ShowStatement } from "./athena-statement.ts";
import type { ColumnInfo } from "./athena-values.ts";
import { makeColumn } from "./athena-values.ts";
import type { GlueCatalog, StoredTable } from "./glue-catalog.ts";
import { readValues } from "./glue-partition-list.ts";
import { isView, parseViewText } from "./glue-view-text.ts";

interface ShowAnswer {
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly TextRow[];
}

/** @throws QueryFailure where there is no such table */
export function runShow(
  { what, database, name }: ShowStatement,
  { catalog, database: current }: { readonly catalog: GlueCatalog; readonly database: string },
): ShowAnswer {
  const schema = (database ?? current).toLowerCase();
  switch (what) {
    case "databases":
      return list("database_name", [...catalog.databases.keys()].toSorted());
    case "tables":
      return list(
        "tab_name",
        listNames(catalog, schema, () => true),
      );
    case "views":
      return list(
        "views",
        listNames(catalog, schema, ({ input }) => isView(input)),
      );
    case "describe":
      return list("col_name", describe(find(catalog, schema, name)));
    case "partitions":
      return list("partition", listPartitions(find(catalog, schema, name)));
    case "create-view": {
      const definition = parseViewText(find(catalog, schema, name).input.ViewOriginalText);
      if (definition === undefined) {
        throw new QueryFailure(
          `NOT_SUPPORTED: line 1:1: Relation '${schema}.${name}' is a table, not a view`,
        );
      }
      const text = `CREATE VIEW "${schema}"."${name?.toLowerCase()}" AS ${definition.originalSql}`;
      return list("Create View", text.trimEnd().split("\n"));
    }
  }
}

function list(column: string, lines: readonly string[]): ShowAnswer {
  return { columns: [makeColumn(column, "string")], rows: lines.map((line) => [line]) };
}

function listNames(
  { databases }: GlueCatalog,
  schema: string,
  isWanted: (table: StoredTable) => boolean,
): string[] {
  const tables = databases.get(schema)?.tables;
  if (tables === undefined) {
    throw new QueryFailure(`FAILED: SemanticException [Error 10072]: Database does not exist: ${schema}`);
  }
  return [...tables]
    .filter(([, table]) => isWanted(table))
    .map(([name]) => name)
    .toSorted();
}

function find({ databases }: GlueCatalog, schema: string, name: string | undefined): StoredTable {
  const found = databases.get(schema)?.tables.get((name ?? "").toLowerCase());
  if (found !== undefined) return found;
  throw new QueryFailure(`FAILED: SemanticException [Error 10001]: Table not found ${schema}.${name}`);
}

/** In columns of spaces and tabs, as Hive prints them. */
function describe({ input }: StoredTable): string[] {
  const columns = [...(input.StorageDescriptor?.Columns ?? []), ...(input.PartitionKeys ?? [])];
  return columns.map(({ Name = "", Type = "", Comment = "" }) =>
    [Name, Type, Comment].map((text) => text.padEnd(20)).join("\t"),
  );
}

function listPartitions({ input, partitions }: StoredTable): string[] {
  const keys = (input.PartitionKeys ?? []).map(({ Name = "" }) => Name);
  return [...partitions].map((stored) =>
    readValues(stored)
      .map((value, index) => `${keys[index]}=${value}`)
      .join("/"),
  );
}
