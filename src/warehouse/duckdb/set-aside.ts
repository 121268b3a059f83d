import type { SetAsideFile } from "../../core/catalog.ts";
import { openDatabase } from "./database.ts";
import { defineTable, defineView, writeView } from "./definitions.ts";
import type { State } from "./state.ts";
import { readState, writeSetAside, writeSettings } from "./state.ts";

/** A query does not wait long for another program's sake: it can answer without. */
const RECORD_WAIT_MS = 2000;

/**
 * Notes files in the database, and makes its views leave them out, for this tool and for every other client.
 * @throws UserError where the database cannot be written now
 */
export async function recordSetAside(
  file: string,
  found: readonly SetAsideFile[],
  signal?: AbortSignal,
): Promise<void> {
  const { connection, close } = await openDatabase(file, "READ_WRITE", { waitMs: RECORD_WAIT_MS, signal });
  try {
    const state = await readState(connection);
    await connection.run("BEGIN TRANSACTION");
    await writeSettings(connection, {
      generation: state.generation + 1,
      logs: state.logs,
      view: state.viewName,
    });
    await writeSetAside(connection, found);
    for (const [name, select] of redefine(state, found)) {
      if (state.mainNames.get(name.toLowerCase())?.fingerprint === undefined) continue;
      await writeView(connection, name, select);
    }
    await connection.run("COMMIT");
  } finally {
    close();
  }
}

/** The views, by name, that have to change for files to be set aside. */
function redefine(state: State, found: readonly SetAsideFile[]): Map<string, string> {
  const setAside = new Map([...state.setAside, ...found.map((file) => [file.file, file] as const)]);
  const accounts = new Set(found.map(({ account }) => account));
  const tables = [...state.tables.values()];
  const views = new Map(
    tables
      .filter(({ account }) => accounts.has(account))
      .map((table) => [table.name, defineTable(table, setAside)]),
  );
  if (state.viewName !== undefined)
    views.set(state.viewName, defineView(tables, { setAside, lake: state.lake }));
  return views;
}
