import type { SetAsideFile } from "../../core/catalog.ts";
import { quoteName } from "../../core/sql-text.ts";
import type { OpenLogs } from "./closed-days.ts";
import { findOpenLogs } from "./closed-days.ts";
import { defineTable, defineView } from "./definitions.ts";
import type { Session } from "./session.ts";
import type { State } from "./state.ts";
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
  const { state } = session;
  const { viewName, lake } = state;
  const tables = [...state.tables.values()];
  const named = tables.filter(({ name }) => statement.names.has(name.toLowerCase()));
  const openLogs = namesView(state, statement) ? await findOpenLogsOf(state) : undefined;
  const isWorthwhile = narrow && (named.length > 0 || (openLogs?.files ?? MANY_LOGS) >= MANY_LOGS);
  const columns = isWorthwhile && (await mayNarrow(session, statement)) ? statement.columns : undefined;
  const setAside = new Map([...state.setAside, ...unrecorded]);
  const isNew = columns !== undefined || unrecorded.size > 0;
  for (const table of named)
    await layView(session, table.name, isNew ? defineTable(table, setAside, columns) : undefined);
  if (viewName !== undefined && namesView(state, statement)) {
    const define = (): string =>
      defineView(tables, { setAside, lake, columns, openFolders: openLogs?.globs });
    await layView(session, viewName, isNew || openLogs !== undefined ? define() : undefined);
  }
  return columns !== undefined;
}

/** With fewer it takes longer to find out whether columns may be left out than that can save. */
const MANY_LOGS = 50;

/** @param select undefined for the view as it is in the file */
async function layView({ connection }: Session, name: string, select: string | undefined): Promise<void> {
  await connection.run(
    select === undefined
      ? `DROP VIEW IF EXISTS temp.${quoteName(name)}`
      : `CREATE OR REPLACE TEMP VIEW ${quoteName(name)} AS ${select}`,
  );
}

/**
 * Where most days are in a lake, naming the few folders of logs that are left spares DuckDB to list all logs there are.
 * @returns undefined where the view reads no lake, or where the folders are many
 */
async function findOpenLogsOf({ tables, lake }: State): Promise<OpenLogs | undefined> {
  const ranges = lake?.ranges ?? [];
  if (ranges.length === 0) return undefined;
  const sources = [...tables.values()].flatMap((table) => table.sources);
  return findOpenLogs(sources, ranges);
}

/** Views and macros of the user's own may use any column of ours, without the statement saying so. */
async function mayNarrow(
  { connection, state }: Session,
  { names, ctes, isQuery }: Statement,
): Promise<boolean> {
  const ours = new Set(
    [...state.tables.keys(), ...(state.lake?.tables.keys() ?? []), state.viewName ?? "", ...ctes].map(
      (name) => name.toLowerCase(),
    ),
  );
  if (!isQuery || namedTables(state, { names }).length === 0 || ![...names].every((name) => ours.has(name)))
    return false;
  const macros = await connection.runAndReadAll("SELECT count(*) FROM duckdb_functions() WHERE NOT internal");
  return Number(macros.getRowsJS()[0]?.[0]) === 0;
}
