import type { DuckDBConnection } from "@duckdb/node-api";
import type { Partition } from "../../core/catalog.ts";
import type { Change, Plan } from "../../core/plan.ts";
import { UserError } from "../../core/user-error.ts";
import type { CallOptions } from "../warehouse.ts";
import { openDatabase } from "./database.ts";
import { writeView } from "./definitions.ts";
import type { State } from "./state.ts";
import {
  deleteSetAside,
  readState,
  writePartitions,
  writeSetAside,
  writeSettings,
  writeTables,
} from "./state.ts";

export interface ApplyOptions extends CallOptions {
  /** Absolute. */
  readonly file: string;
  readonly logs: string | undefined;
}

/** Brings a plan about in one transaction: a run that is killed leaves the file as it was. */
export async function applyPlan(
  { changes, version }: Plan,
  { file, logs, signal, onProgress }: ApplyOptions,
): Promise<boolean> {
  if (changes.length === 0) return true;
  const { connection, close } = await openDatabase(file, "READ_WRITE", { signal });
  try {
    const state = await readState(connection);
    if (state.generation !== version) return false;
    refuseForeignNames(file, { changes, state });
    await connection.run("BEGIN TRANSACTION");
    await writeBooks(connection, changes, { generation: state.generation + 1, logs });
    const views = changes.flatMap(listView);
    for (const [index, { name, definition }] of views.entries()) {
      signal?.throwIfAborted();
      await writeView(connection, name, definition);
      onProgress?.(index / views.length);
    }
    await connection.run("COMMIT");
    return true;
  } finally {
    // An open transaction is rolled back with its connection.
    close();
  }
}

/** All but the views, many rows at a time. */
async function writeBooks(
  connection: DuckDBConnection,
  changes: readonly Change[],
  settings: { readonly generation: number; readonly logs: string | undefined },
): Promise<void> {
  const view = changes.flatMap((change) => ("view" in change ? [change.view.name] : [])).at(0);
  await writeSettings(connection, { ...settings, view });
  await writeTables(
    connection,
    changes.flatMap((change) => (isDefinition(change) ? [change.table] : [])),
  );
  await writePartitions(connection, listPartitions(changes));
  for (const change of changes) {
    if (change.kind === "take-back") await deleteSetAside(connection, change.files);
    if (change.kind === "set-aside") await writeSetAside(connection, change.files);
  }
}

type Definition = Extract<Change, { readonly kind: "create-table" | "replace-table" }>;

function isDefinition(change: Change): change is Definition {
  return change.kind === "create-table" || change.kind === "replace-table";
}

function* listPartitions(changes: readonly Change[]): Generator<Partition & { readonly account: string }> {
  for (const change of changes) {
    if (change.kind !== "create-table" && change.kind !== "add-partitions") continue;
    const { account, partitions } = change.table;
    for (const partition of change.kind === "create-table" ? partitions.values() : change.partitions) {
      yield { account, ...partition };
    }
  }
}

/** The view that a change makes or replaces, a table's included. */
function listView(change: Change): { readonly name: string; readonly definition: string }[] {
  if ("view" in change) return [change.view];
  return isDefinition(change) ? [change.table] : [];
}

/** A name counts as ours only while the view under it bears our mark. */
function refuseForeignNames(
  file: string,
  { changes, state }: { readonly changes: readonly Change[]; readonly state: State },
): void {
  const names = changes.flatMap(listView).map(({ name }) => name);
  const foreign = names.filter((name) => {
    const known = state.mainNames.get(name.toLowerCase());
    return known !== undefined && known.fingerprint === undefined;
  });
  if (foreign.length === 0) return;
  throw new UserError(
    `${foreign.join(", ")} in ${file} was not made by cloudtrail-partitioner, and is left as it is`,
    {
      hint: "rename it, or let the tool use another file (--database) or other names (table_prefix in the configuration file)",
    },
  );
}
