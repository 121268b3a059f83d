import type { SetAsideFile } from "../../core/catalog.ts";
import { quoteName } from "../../core/sql-text.ts";
import { defineTable, defineView } from "./definitions.ts";
import type { Session } from "./session.ts";
import { namedTables, namesView } from "./state.ts";
import type { Statement } from "./statement.ts";

export interface SessionViewOptions {
  /** Files that are to be left out though the database could not be told so. By file. */
  readonly unrecorded: ReadonlyMap<string, SetAsideFile>;
  /** Whether to declare only the columns that the statement mentions. */
  readonly narrow: boolean;
}

/**
 * Puts views of the session's own before those of the file, for the tables that a statement names. DuckDB's JSON reader
 * builds every field that is declared, asked for or not: with few columns a query takes two thirds of the time, and a third
 * where files are tiny. A column that is needed after all is missing then, never NULL.
 * @returns whether views are narrower than the file's: an error of names must be tried again without
 */
export async function laySessionViews(
  session: Session,
  statement: Statement,
  { unrecorded, narrow }: SessionViewOptions,
): Promise<boolean> {
  const { connection, state } = session;
  const columns = narrow && (await mayNarrow(session, statement)) ? statement.columns : undefined;
  const setAside = new Map([...state.setAside, ...unrecorded]);
  const tables = [...state.tables.values()];
  const views = new Map(
    tables
      .filter(({ name }) => statement.names.has(name.toLowerCase()))
      .map((table) => [table.name, defineTable(table, setAside, columns)]),
  );
  if (state.viewName !== undefined && namesView(state, statement)) {
    views.set(state.viewName, defineView(tables, setAside, columns));
  }
  const asInFile = columns === undefined && unrecorded.size === 0;
  for (const [name, select] of views) {
    await connection.run(
      asInFile
        ? `DROP VIEW IF EXISTS temp.${quoteName(name)}`
        : `CREATE OR REPLACE TEMP VIEW ${quoteName(name)} AS ${select}`,
    );
  }
  return columns !== undefined;
}

/** Views and macros of the user's own may use any column of ours, without the statement saying so. */
async function mayNarrow(
  { connection, state }: Session,
  { names, ctes, isQuery }: Statement,
): Promise<boolean> {
  const ours = new Set(
    [...state.tables.keys(), state.viewName ?? "", ...ctes].map((name) => name.toLowerCase()),
  );
  if (!isQuery || namedTables(state, { names }).length === 0 || ![...names].every((name) => ours.has(name)))
    return false;
  const macros = await connection.runAndReadAll("SELECT count(*) FROM duckdb_functions() WHERE NOT internal");
  return Number(macros.getRowsJS()[0]?.[0]) === 0;
}
