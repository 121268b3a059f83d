import type { DuckDBConnection } from "@duckdb/node-api";
import { printPosition, QueryFailure } from "./athena-failure.ts";
import type { SqlNode, TableReference } from "./athena-syntax.ts";
import { listTables, parseQuery, translateTypes } from "./athena-syntax.ts";
import type { HiveType } from "./athena-types.ts";
import { parseHiveType } from "./athena-types.ts";
import type { GlueCatalog, StoredTable } from "./glue-catalog.ts";
import type { ViewDefinition } from "./glue-view-text.ts";
import { isView, parseViewText } from "./glue-view-text.ts";

export interface TableColumn {
  /** In lower case. */
  readonly name: string;
  readonly type: HiveType;
}

export interface TableRelation {
  readonly kind: "table";
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly keys: readonly TableColumn[];
  readonly stored: StoredTable;
}

export interface ViewRelation {
  readonly kind: "view";
  readonly schema: string;
  readonly name: string;
  readonly definition: ViewDefinition;
  /** Its SQL in DuckDB's dialect, and its tree. */
  readonly sql: string;
  readonly node: SqlNode;
}

export type Relation = TableRelation | ViewRelation;

/** Knows every relation that a query needs. */
export type RelationFinder = (reference: TableReference, database: string) => Relation;

/** All that a query reads, views' own tables too; each stands behind what it needs. */
export interface Relations {
  readonly inOrder: readonly Relation[];
  readonly find: RelationFinder;
}

/** @throws QueryFailure where there is no such table, or a view cannot be understood */
export async function loadRelations(
  { connection, catalog }: { readonly connection: DuckDBConnection; readonly catalog: GlueCatalog },
  query: { readonly node: SqlNode; readonly sql: string; readonly database: string },
): Promise<Relations> {
  const known = new Map<string, Relation>();
  const load = async ({ node, sql, database }: typeof query): Promise<void> => {
    for (const reference of listTables(node)) {
      const schema = reference.database ?? database;
      const id = `${schema}.${reference.name}`;
      if (known.has(id)) continue;
      const place = printPosition(sql, reference.offset);
      const relation = await openRelation(connection, {
        ...locate(catalog, reference, { schema, place }),
        schema,
        place,
      });
      if (relation.kind === "view")
        await load({ ...relation, database: relation.definition.schema ?? schema });
      known.set(id, relation);
    }
  };
  await load(query);
  return {
    inOrder: [...known.values()],
    find: (reference, database) => known.get(`${reference.database ?? database}.${reference.name}`)!,
  };
}

function locate(
  { databases }: GlueCatalog,
  { catalog = "awsdatacatalog", name }: TableReference,
  { schema, place }: { readonly schema: string; readonly place: string },
): { readonly stored: StoredTable; readonly name: string } {
  if (catalog !== "awsdatacatalog") {
    throw new QueryFailure(`CATALOG_NOT_FOUND: ${place}: Catalog '${catalog}' does not exist`);
  }
  const database = databases.get(schema);
  if (database === undefined)
    throw new QueryFailure(`SCHEMA_NOT_FOUND: ${place}: Schema '${schema}' does not exist`);
  const stored = database.tables.get(name);
  if (stored !== undefined) return { stored, name };
  throw new QueryFailure(
    `TABLE_NOT_FOUND: ${place}: Table 'awsdatacatalog.${schema}.${name}' does not exist`,
  );
}

async function openRelation(
  connection: DuckDBConnection,
  { stored, schema, name, place }: { stored: StoredTable; schema: string; name: string; place: string },
): Promise<Relation> {
  if (isView(stored.input)) return openView(connection, { stored, schema, name, place });
  const { StorageDescriptor, PartitionKeys = [] } = stored.input;
  return {
    kind: "table",
    schema,
    name,
    stored,
    columns: parseColumns(StorageDescriptor?.Columns, `${schema}.${name}`),
    keys: parseColumns(PartitionKeys, `${schema}.${name}`),
  };
}

/** @throws QueryFailure where a type is none */
export function parseColumns(
  columns: readonly { readonly Name?: string | undefined; readonly Type?: string | undefined }[] | undefined,
  table: string,
): TableColumn[] {
  try {
    return (columns ?? []).map(({ Name = "", Type = "string" }) => ({
      name: Name.toLowerCase(),
      type: parseHiveType(Type),
    }));
  } catch (error) {
    throw new QueryFailure(`HIVE_INVALID_METADATA: Glue table '${table}': ${(error as Error).message}`);
  }
}

async function openView(
  connection: DuckDBConnection,
  { stored, schema, name, place }: { stored: StoredTable; schema: string; name: string; place: string },
): Promise<ViewRelation> {
  const definition = parseViewText(stored.input.ViewOriginalText);
  if (definition === undefined) {
    throw new QueryFailure(`HIVE_INVALID_VIEW_DATA: Invalid view JSON: ${stored.input.ViewOriginalText}`);
  }
  const sql = translateTypes(definition.originalSql);
  try {
    const node = await parseQuery(connection, sql);
    return { kind: "view", schema: definition.schema ?? schema, name, definition, sql, node };
  } catch (error) {
    const why = (error as Error).message;
    throw new QueryFailure(
      `INVALID_VIEW: ${place}: Failed parsing stored view 'awsdatacatalog.${schema}.${name}': ${why}`,
    );
  }
}
