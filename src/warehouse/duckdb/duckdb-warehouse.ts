import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Catalog, Table, TableContent } from "../../core/catalog.ts";
import { coverPartitions } from "../../core/partition-cover.ts";
import { UserError } from "../../core/user-error.ts";
import type { Content, Warehouse } from "../warehouse.ts";
import { applyPlan } from "./apply-plan.ts";
import { openDatabase, openScratch } from "./database.ts";
import { defineTable, defineView, fingerprint } from "./definitions.ts";
import { isMatched, printGlob } from "./glob-sources.ts";
import { tryLogs } from "./log-trial.ts";
import { exportParquet, runQuery } from "./query.ts";
import type { State } from "./state.ts";
import { EMPTY_STATE, readState } from "./state.ts";

export interface DuckDbOptions {
  /** The database file; it is made by the first plan that is applied. */
  readonly database: string;
  /** The folder of the logs, absolute; needed to define and apply, not to query. */
  readonly logs?: string | undefined;
}

/**
 * A warehouse in one DuckDB file: views over the log files, and the books about them. Nothing stays open between calls.
 * @throws UserError for a file among the logs, which are never written to
 */
export function openDuckDbWarehouse({ database, logs }: DuckDbOptions): Warehouse {
  const file = resolve(database);
  refuseAmongLogs(file);
  /** What the next plan will have been made from. */
  let seen: State = EMPTY_STATE;
  return {
    title: `DuckDB, ${shortPath(file)}`,
    async readCatalog({ signal } = {}) {
      seen = existsSync(file) ? await readFile(file, signal) : EMPTY_STATE;
      refuseOtherFolder(file, { logs, recorded: seen.logs });
      return printCatalog(seen);
    },
    defineCatalog: (content) => defineCatalog(content),
    async inspectLogs(files, options) {
      const scratch = await openScratch();
      try {
        return await tryLogs(scratch.connection, files, options);
      } finally {
        scratch.close();
      }
    },
    applyPlan: (plan, options) => applyPlan(plan, { file, logs, seen, ...options }),
    query: (sql, options) => runQuery(file, sql, options),
    exportParquet: (sql, target, options) =>
      exportParquet(file, sql, { ...options, target: resolve(target) }),
    close: () => {},
  };
}

function shortPath(file: string): string {
  const short = relative(process.cwd(), file);
  return short.startsWith("..") ? file : short;
}

async function readFile(file: string, signal: AbortSignal | undefined): Promise<State> {
  const database = await openDatabase(file, "READ_ONLY", { signal });
  try {
    return await readState(database.connection);
  } finally {
    database.close();
  }
}

function refuseAmongLogs(file: string): void {
  if (!file.split("/").includes("AWSLogs")) return;
  throw new UserError(`the database ${file} would lie among the logs, and nothing is ever written there`, {
    hint: "name a file elsewhere with --database",
  });
}

function refuseOtherFolder(
  file: string,
  { logs, recorded }: { readonly logs: string | undefined; readonly recorded: string | undefined },
): void {
  if (logs === undefined || recorded === undefined || recorded === logs) return;
  throw new UserError(`the database ${file} was made from the logs in ${recorded}, not from ${logs}`, {
    hint: "name another file with --database, or delete this one: run makes it anew",
  });
}

/** A view that someone else has replaced counts as one without our definition. */
function printCatalog(state: State): Catalog {
  const definition = (name: string, select: string): string =>
    state.mainNames.get(name.toLowerCase())?.fingerprint === fingerprint(select) ? select : "";
  const tables = [...state.tables.values()].map((table): [string, Table] => [
    table.name,
    { ...table, definition: definition(table.name, defineTable(table, state.setAside)) },
  ]);
  const view =
    state.viewName === undefined
      ? undefined
      : { name: state.viewName, select: defineView([...state.tables.values()], state.setAside) };
  return {
    tables: new Map(tables),
    view: view && { name: view.name, definition: definition(view.name, view.select) },
    setAside: state.setAside,
  };
}

async function defineCatalog({ viewName, tables, setAside, outside }: Content): Promise<Catalog> {
  const defined: Table[] = [];
  for (const content of tables) {
    const table = { ...content, sources: await findSources(content, outside) };
    defined.push({ ...table, definition: defineTable(table, setAside) });
  }
  return {
    tables: new Map(defined.map((table) => [table.name, table])),
    view: defined.length === 0 ? undefined : { name: viewName, definition: defineView(defined, setAside) },
    setAside,
  };
}

async function findSources(content: TableContent, outside: readonly string[]): Promise<string[]> {
  const globs: string[] = [];
  for (const pattern of coverPartitions(content, outside)) {
    if (await isMatched(pattern)) globs.push(printGlob(pattern));
  }
  return globs;
}
