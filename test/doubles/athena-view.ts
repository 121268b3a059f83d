import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../src/core/sql-text.ts";
import { explainDuckDbError, QueryFailure } from "./athena-failure.ts";
import type { ViewRelation } from "./athena-relations.ts";
import { translateTypes } from "./athena-syntax.ts";

interface NamedType {
  readonly name: string;
  readonly type: string;
}

/**
 * Makes the DuckDB view of an Athena view; what it needs is there.
 * @throws QueryFailure where its SQL does not give the columns that it declares
 */
export async function createView(connection: DuckDBConnection, view: ViewRelation): Promise<void> {
  const { schema, name, sql } = view;
  const id = `${quoteName(schema)}.${quoteName(name)}`;
  try {
    await connection.run(`CREATE VIEW ${id} AS ${sql}`);
  } catch (error) {
    throw stale(view, explainDuckDbError(error).message);
  }
  const described = await connection.runAndReadAll(`DESCRIBE ${id}`);
  const found = described
    .getRowsJson()
    .map(([column, type]) => ({ name: String(column), type: String(type) }));
  const declared = await resolveTypes(connection, view);
  if (found.length !== declared.length) {
    throw stale(
      view,
      `stored view column count (${declared.length}) does not match column count derived from the view query analysis (${found.length})`,
    );
  }
  declared.forEach((column, index) => {
    const real = found[index]!;
    if (real.name.toLowerCase() === column.name.toLowerCase() && isAlike(real.type, column.type)) return;
    const differs = real.name === column.name ? "cannot be coerced to" : "has a different name from";
    throw stale(
      view,
      `column [${real.name}] of type ${real.type} projected from query view at position ${index} ${differs} column [${column.name}] of type ${column.type} stored in view definition`,
    );
  });
}

/** The declared columns with their types as DuckDB spells them. */
async function resolveTypes(connection: DuckDBConnection, view: ViewRelation): Promise<NamedType[]> {
  const { columns } = view.definition;
  const types = columns.map(
    ({ type }) => `typeof(NULL::${translateTypes(type.replaceAll(/(timestamp|time)\(\d+\)/g, "$1"))})`,
  );
  try {
    const reader = await connection.runAndReadAll(`SELECT ${types.join(", ")}`);
    const [row = []] = reader.getRowsJson();
    return columns.map(({ name }, index) => ({ name, type: String(row[index]) }));
  } catch (error) {
    throw stale(view, `its types cannot be understood: ${(error as Error).message}`);
  }
}

const WHOLE = /^(U?(TINY|SMALL|BIG|HUGE)INT|INTEGER)$/;

function isAlike(a: string, b: string): boolean {
  return a === b || a === '"NULL"' || (WHOLE.test(a) && WHOLE.test(b));
}

function stale({ schema, name }: ViewRelation, why: string): QueryFailure {
  return new QueryFailure(
    `INVALID_VIEW: line 1:1: View 'awsdatacatalog.${schema}.${name}' is stale or in invalid state: ${why}`,
  );
}
