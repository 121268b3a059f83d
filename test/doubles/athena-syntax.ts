import type { DuckDBConnection } from "@duckdb/node-api";
import { printPosition, QueryFailure } from "./athena-failure.ts";

/** A node of DuckDB's syntax tree. */
export type SqlNode = Readonly<Record<string, unknown>>;

/** A table's name as a query spells it, in lower case. */
export interface TableReference {
  readonly catalog?: string;
  readonly database?: string;
  readonly name: string;
  /** In the text that was parsed. */
  readonly offset: number;
}

/**
 * The tree of a query.
 * @throws QueryFailure where it cannot be parsed
 */
export async function parseQuery(connection: DuckDBConnection, sql: string): Promise<SqlNode> {
  const reader = await connection.runAndReadAll(
    "SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true)",
    [sql],
  );
  const answer = JSON.parse(reader.getRowsJson()[0]?.[0] as string) as SyntaxAnswer;
  if (!answer.error) {
    const [statement, ...others] = answer.statements;
    if (statement !== undefined && others.length === 0) return statement.node;
    throw new QueryFailure("line 1:1: Only one sql statement is allowed");
  }
  throw new QueryFailure(`${printPosition(sql, Number(answer.position ?? 0))}: ${answer.error_message}`);
}

type SyntaxAnswer =
  | { readonly error: false; readonly statements: readonly { readonly node: SqlNode }[] }
  | { readonly error: true; readonly error_message: string; readonly position?: string };

/** The tables that a query names, those of its WITH left out. */
export function listTables(node: SqlNode): TableReference[] {
  const tables: TableReference[] = [];
  const named = new Set<string>();
  visit(node, (one) => {
    for (const { key } of listCtes(one)) named.add(key);
    if (one["type"] === "BASE_TABLE") tables.push(readTable(one));
  });
  return tables.filter(({ database, name }) => database !== undefined || !named.has(name));
}

export function readTable(node: SqlNode): TableReference {
  const { catalog_name: catalog, schema_name: database, table_name: name } = node as Record<string, string>;
  return {
    ...(catalog === undefined ? {} : { catalog: catalog.toLowerCase() }),
    ...(database === undefined ? {} : { database: database.toLowerCase() }),
    name: (name ?? "").toLowerCase(),
    offset: Number(node["query_location"] ?? 0),
  };
}

export function listCtes(node: SqlNode): { readonly key: string; readonly node: SqlNode }[] {
  const { map = [] } = (node["cte_map"] ?? {}) as { map?: readonly Cte[] };
  return map.map(({ key, value }) => ({ key: key.toLowerCase(), node: value.query.node }));
}

interface Cte {
  readonly key: string;
  readonly value: { readonly query: { readonly node: SqlNode } };
}

/** Calls `look` for every node from the top down; what it answers `false` for is not gone into. */
export function visit(value: unknown, look: (node: SqlNode) => boolean | void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, look);
  else if (typeof value === "object" && value !== null) {
    if (look(value as SqlNode) === false) return;
    for (const item of Object.values(value)) visit(item, look);
  }
}

/** Trino's `array(T)` as DuckDB's `T[]`; its row(...) and map(...) are DuckDB's too. */
export function translateTypes(sql: string): string {
  const pattern = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\barray\s*\(|[()]/gi;
  const closings: string[] = [];
  return sql.replaceAll(pattern, (token) => {
    if (/^array/i.test(token)) {
      closings.push("[]");
      return "";
    }
    if (token === "(") closings.push(")");
    if (token === ")") return closings.pop() ?? ")";
    return token;
  });
}
