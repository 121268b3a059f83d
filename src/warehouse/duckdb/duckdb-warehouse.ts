import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { SetAsideFile } from "../../core/catalog.ts";
import { PartitionSet } from "../../core/partition-set.ts";
import { UserError } from "../../core/user-error.ts";
import type { Warehouse } from "../warehouse.ts";
import { applyPlan } from "./apply-plan.ts";
import { defineCatalog, printCatalog, refuseBackslash } from "./catalog.ts";
import { interruptible, openDatabase, openScratch } from "./database.ts";
import { tryLogs } from "./log-trial.ts";
import { exportParquet, runQuery } from "./query.ts";
import { EMPTY_STATE, readPartitions, readState } from "./state.ts";

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
  refuseBackslash("the logs", logs);
  return {
    title: `DuckDB, ${shortPath(file)}`,
    requests: new Map(),
    detail: "files",
    async readCatalog({ signal }) {
      if (!existsSync(file)) return printCatalog(EMPTY_STATE, new PartitionSet());
      const { connection, close } = await openDatabase(file, "READ_ONLY", { signal });
      try {
        const state = await readState(connection);
        refuseOtherFolder(file, { logs, recorded: state.logs });
        return printCatalog(state, await readPartitions(connection, state));
      } finally {
        close();
      }
    },
    defineCatalog,
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
