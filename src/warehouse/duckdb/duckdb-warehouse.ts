import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Catalog, SetAsideFile, Table, TableContent } from "../../core/catalog.ts";
import { extendCover } from "../../core/partition-cover.ts";
import type { Surroundings } from "../../core/partition-cover.ts";
import { UserError } from "../../core/user-error.ts";
import type { Content, Warehouse } from "../warehouse.ts";
import { applyPlan } from "./apply-plan.ts";
import { interruptible, openDatabase, openScratch } from "./database.ts";
import { defineTable, defineView, fingerprint } from "./definitions.ts";
import { isMatched, parseGlob, printGlob } from "./glob-sources.ts";
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
  refuseBackslash(logs);
  return {
    title: `DuckDB, ${shortPath(file)}`,
    async readCatalog({ signal } = {}) {
      const state = existsSync(file) ? await readFile(file, signal) : EMPTY_STATE;
      refuseOtherFolder(file, { logs, recorded: state.logs });
      return printCatalog(state);
    },
    defineCatalog: (content) => defineCatalog(content),
    async inspectLogs(files, options) {
      const scratch = await openScratch();
      try {
        const work = (): Promise<SetAsideFile[]> => tryLogs(scratch.connection, files, options);
        return await interruptible(scratch.connection, options?.signal, work);
      } finally {
        scratch.close();
      }
    },
    applyPlan: (plan, options) => applyPlan(plan, { file, logs, ...options }),
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

/** DuckDB's globs take it for a slash, and have no way to mean it. */
function refuseBackslash(logs: string | undefined): void {
  if (logs?.includes("\\") !== true) return;
  throw new UserError(`the path of the logs has a backslash, which DuckDB cannot read: ${logs}`, {
    hint: "make a link to the folder under another name, and use that",
  });
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
    version: state.generation,
  };
}

async function defineCatalog({ viewName, tables, setAside, ...surroundings }: Content): Promise<Catalog> {
  const defined: Table[] = [];
  for (const content of tables) {
    const table = { ...content, sources: await findSources(content, surroundings) };
    defined.push({ ...table, definition: defineTable(table, setAside) });
  }
  return {
    tables: new Map(defined.map((table) => [table.name, table])),
    view: defined.length === 0 ? undefined : { name: viewName, definition: defineView(defined, setAside) },
    setAside,
  };
}

async function findSources(content: TableContent, surroundings: Surroundings): Promise<string[]> {
  const globs: string[] = [];
  for (const pattern of extendCover(content, content.sources.map(parseGlob), surroundings)) {
    if (await isMatched(pattern)) globs.push(printGlob(pattern));
  }
  return globs;
}
