import type { DuckDBConnection } from "@duckdb/node-api";
import type { View } from "../../core/catalog.ts";
import type { Partition } from "../../core/partition-set.ts";
import type { Change, Plan } from "../../core/plan.ts";
import { refuseForeign } from "../../core/plan.ts";
import type { Applied, ApplyOptions } from "../warehouse.ts";
import { openDatabase } from "./database.ts";
import { writeView } from "./definitions.ts";
import { writeLake } from "./lake-books.ts";
import type { TableState } from "./state.ts";
import {
  deleteSetAside,
  foreignNames,
  readState,
  writePartitions,
  writeSetAside,
  writeSettings,
  writeTables,
} from "./state.ts";

export interface DuckDbApplyOptions extends ApplyOptions {
  /** Absolute. */
  readonly file: string;
  readonly logs: string | undefined;
}

/** Brings a plan about in one transaction: a run that is killed leaves the file as it was. */
export async function applyPlan(
  { changes, version }: Plan,
  { file, logs, signal, onProgress }: DuckDbApplyOptions,
): Promise<Applied> {
  if (changes.length === 0) return { kind: "done" };
  const { connection, close } = await openDatabase(file, "READ_WRITE", { signal });
  try {
    const state = await readState(connection);
    if (state.generation !== version) return { kind: "stale" };
    refuseForeign(changes, foreignNames(state));
    await connection.run("BEGIN TRANSACTION");
    await writeBooks(connection, changes, { generation: state.generation + 1, logs });
    await writeLake(connection, changes, { known: state.lake });
    const views = changes.flatMap(listView);
    for (const [index, { name, definition }] of views.entries()) {
      signal?.throwIfAborted();
      await writeView(connection, name, definition);
      onProgress?.(index / views.length);
    }
    await connection.run("COMMIT");
    return { kind: "done" };
  } finally {
    // An open transaction is rolled back with its connection.
    close();
  }
}

/** All but the views and the lake, many rows at a time. */
async function writeBooks(
  connection: DuckDBConnection,
  changes: readonly Change[],
  settings: { readonly generation: number; readonly logs: string | undefined },
): Promise<void> {
  const view = changes.flatMap((change) => ("view" in change ? [change.view.name] : [])).at(0);
  await writeSettings(connection, { ...settings, view });
  await writeTables(
    connection,
    changes.flatMap((change) => (isDefinition(change) ? [toState(change.table)] : [])),
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

/** @throws Error for a table of several accounts, which are never planned here */
function toState({ name, account, sources }: Definition["table"]): TableState {
  if (account === undefined) throw new Error(`the table ${name} is of no one account`);
  return { name, account, sources };
}

function* listPartitions(changes: readonly Change[]): Generator<Partition> {
  for (const change of changes) {
    if (change.kind === "create-table") yield* change.table.partitions;
    if (change.kind === "add-partitions") yield* change.partitions;
  }
}

/** The view that a change makes or replaces, a table's included. */
function listView(change: Change): View[] {
  if ("view" in change) return [change.view];
  if (change.kind === "create-lake-table" || change.kind === "replace-lake-table") return [change.lakeTable];
  return isDefinition(change) ? [change.table] : [];
}
