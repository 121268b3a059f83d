import type { DuckDBConnection } from "@duckdb/node-api";
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
  writeTable,
} from "./state.ts";

export interface ApplyOptions extends CallOptions {
  /** Absolute. */
  readonly file: string;
  readonly logs: string | undefined;
  /** The state that the plan was made from. */
  readonly seen: State;
}

/** Brings a plan about in one transaction: a run that is killed leaves the file as it was. */
export async function applyPlan(
  { changes }: Plan,
  { file, logs, seen, signal, onProgress }: ApplyOptions,
): Promise<boolean> {
  if (changes.length === 0) return true;
  const { connection, close } = await openDatabase(file, "READ_WRITE", { signal });
  try {
    const state = await readState(connection);
    if (state.generation !== seen.generation) return false;
    refuseForeignNames(file, { changes, state });
    await connection.run("BEGIN TRANSACTION");
    const view = changes.flatMap((change) => ("view" in change ? [change.view.name] : [])).at(0);
    await writeSettings(connection, { generation: state.generation + 1, logs, view });
    for (const [index, change] of changes.entries()) {
      signal?.throwIfAborted();
      await applyChange(connection, change);
      onProgress?.(index / changes.length);
    }
    await connection.run("COMMIT");
    return true;
  } finally {
    // An open transaction is rolled back with its connection.
    close();
  }
}

async function applyChange(connection: DuckDBConnection, change: Change): Promise<void> {
  switch (change.kind) {
    case "create-table":
      await writePartitions(connection, change.table.account, change.table.partitions.values());
      await writeTable(connection, change.table);
      return writeView(connection, change.table.name, change.table.definition);
    case "add-partitions":
      return writePartitions(connection, change.table.account, change.partitions);
    case "replace-table":
      await writeTable(connection, change.table);
      return writeView(connection, change.table.name, change.table.definition);
    case "create-view":
    case "replace-view":
      return writeView(connection, change.view.name, change.view.definition);
    case "set-aside":
      return writeSetAside(connection, change.files);
    case "take-back":
      return deleteSetAside(connection, change.files);
  }
}

/** A name counts as ours only while the view under it bears our mark. */
function refuseForeignNames(
  file: string,
  { changes, state }: { readonly changes: readonly Change[]; readonly state: State },
): void {
  const names = changes.flatMap((change): string[] => {
    if ("view" in change) return [change.view.name];
    return change.kind === "create-table" || change.kind === "replace-table" ? [change.table.name] : [];
  });
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
