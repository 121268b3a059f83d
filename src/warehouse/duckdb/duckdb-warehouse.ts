import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Catalog, SetAsideFile, Table, View } from "../../core/catalog.ts";
import { tableName } from "../../core/catalog.ts";
import type { Covered, Surroundings } from "../../core/partition-cover.ts";
import { extendCover } from "../../core/partition-cover.ts";
import { UserError } from "../../core/user-error.ts";
import type { Content, Warehouse } from "../warehouse.ts";
import { applyPlan } from "./apply-plan.ts";
import { interruptible, openDatabase, openScratch } from "./database.ts";
import { defineTable, defineView, fingerprint } from "./definitions.ts";
import { isMatched, parseGlob, printGlob } from "./glob-sources.ts";
import { tryLogs } from "./log-trial.ts";
import { exportParquet, runQuery } from "./query.ts";
import type { State } from "./state.ts";
import { EMPTY_STATE, foreignNames, readState } from "./state.ts";

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
    requests: new Map(),
    detail: "files",
    async readCatalog({ signal }) {
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
    checkAccess: async () => {
      (await openScratch()).close();
      return [{ name: "engine", ok: true, found: "DuckDB starts" }];
    },
    selectPartitions: async () => undefined,
    readScanLimit: async () => undefined,
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
  const { viewName } = state;
  const views = new Map<string, View>();
  if (viewName !== undefined) {
    const select = defineView([...state.tables.values()], state.setAside);
    views.set(viewName, { name: viewName, definition: definition(viewName, select) });
  }
  const { setAside, generation: version } = state;
  return { tables: new Map(tables), views, setAside, foreign: foreignNames(state), version };
}

async function defineCatalog({
  tablePrefix,
  partitions,
  actual,
  setAside,
  ...around
}: Content): Promise<Catalog> {
  const known = new Map([...actual.tables.values()].map(({ account, sources }) => [account, sources]));
  const tables = new Map<string, Table>();
  for (const account of partitions.accounts) {
    const name = tableName(tablePrefix, account);
    const content = { name, account, partitions: partitions.ofAccount(account) };
    const sources = await findSources(content, { known: known.get(account) ?? [], around });
    tables.set(name, { ...content, sources, definition: defineTable({ account, sources }, setAside) });
  }
  const view = { name: tablePrefix, definition: defineView([...tables.values()], setAside) };
  return { tables, views: new Map(tables.size === 0 ? [] : [[view.name, view]]), setAside };
}

async function findSources(
  content: Covered,
  { known, around }: { readonly known: readonly string[]; readonly around: Surroundings },
): Promise<string[]> {
  const globs: string[] = [];
  for (const pattern of extendCover(content, known.map(parseGlob), around)) {
    if (await isMatched(pattern)) globs.push(printGlob(pattern));
  }
  return globs;
}
