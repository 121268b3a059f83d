import type { TableInput } from "@aws-sdk/client-glue";
import type { Table } from "../../../core/catalog.ts";
import type { Partition } from "../../../core/partition-set.ts";
import { PartitionSet } from "../../../core/partition-set.ts";
import type { Change } from "../../../core/plan.ts";
import { findOutdated } from "../../../core/plan.ts";
import { isAwsError } from "../../../aws/explain-error.ts";
import { UserError } from "../../../core/user-error.ts";
import type { ApplyContext } from "./apply-context.ts";
import { createOrMeet, indexKeys, replaceTable, withoutIndex } from "./apply-definition.ts";
import { refuseFailures } from "./partition-failures.ts";
import { whereverAllowed } from "./partitions-refused.ts";
import { placePartitions } from "./places.ts";
import { readPartitions } from "./read-catalog.ts";
import { isShared, makeTableInput, parseDefinition } from "./table-definition.ts";
import { makeViewInput, readViewDefinition } from "./view-definition.ts";
import type { PartitionAction, Unwritten } from "./write-partitions.ts";
import { ALL_WRITTEN, writePartitions } from "./write-partitions.ts";
import { readTable, updateTable } from "./write-tables.ts";

/** A change to a table over raw logs. */
export type TableChange = Extract<Change, { readonly table: Table }>;

/**
 * Brings a change about, call by call.
 * @throws PartitionsRefused where the table goes on answering with what it has
 */
export async function applyToTable(change: TableChange, context: ApplyContext): Promise<Unwritten> {
  const { table } = change;
  const write = (action: PartitionAction, partitions: Iterable<Partition>): Promise<Unwritten> =>
    whereverAllowed(() => writeAll(table, { action, partitions }, context));
  switch (change.kind) {
    case "create-table":
      await createOrMeet(table, context);
      return write("create", table.partitions);
    case "replace-table":
      await replaceTable(table, context.entries.get(table.name), context);
      return ALL_WRITTEN;
    case "turn-into-table":
      return whereverAllowed(() => turnIntoTable(table, context));
    case "add-partitions":
      return write("create", change.partitions);
    case "update-partitions":
      return write("update", change.partitions);
    case "drop-partitions":
      return write("delete", change.partitions);
  }
}

interface Work {
  readonly action: PartitionAction;
  readonly partitions: Iterable<Partition>;
}

function writeAll(
  { name, definition: text }: Table,
  { action, partitions }: Work,
  context: ApplyContext,
): Promise<Unwritten> {
  const definition = parseDefinition(text);
  const placed = placePartitions(partitions, { shared: isShared(definition) });
  return writePartitions(context.address, { action, table: name, definition, partitions: placed }, context);
}

/**
 * A view answers until its partitions are there: it gets the keys first, then the partitions, and becomes a table last.
 * Partitions of the time before it was a view are still there, perhaps with fewer columns. Its index, where it is to have
 * one, is made when it is a table: whether Glue makes one for a view is not documented.
 */
async function turnIntoTable(table: Table, context: ApplyContext): Promise<Unwritten> {
  const { address, entries, version } = context;
  const existing = entries.get(table.name);
  const definition = parseDefinition(table.definition);
  const input = makeTableInput(table.name, withoutIndex(definition), { version, existing });
  let view = existing;
  if (existing !== undefined && printKeys(existing.PartitionKeys) !== printKeys(input.PartitionKeys)) {
    const asItIs = { name: table.name, definition: readViewDefinition(existing) };
    const keyed = makeViewInput(asItIs, { version, existing, keys: input.PartitionKeys });
    await turn(table, () => updateTable(address, keyed, existing));
    view = await readTable(address, table.name);
  }
  let left = 0;
  await turn(table, async () => {
    const known = view === undefined ? undefined : await readPartitions(address, view, table.account);
    const missing = table.partitions.difference(known?.partitions ?? new PartitionSet());
    const outdated = findOutdated(known?.outdated, table);
    for (const work of [
      { action: "create", partitions: missing },
      { action: "update", partitions: outdated },
    ] as const) {
      const unwritten = await writeAll(table, work, context);
      refuseFailures(unwritten.failures);
      left += unwritten.left;
    }
    if (left === 0) await updateTable(address, input, view);
  });
  if (left > 0) return { ...ALL_WRITTEN, left };
  if (indexKeys(definition) !== undefined) {
    await replaceTable(table, await readTable(address, table.name), context);
  }
  return ALL_WRITTEN;
}

/** @throws UserError where Glue does not want a view to become a table: it still answers as it is */
async function turn({ name }: Table, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof UserError) || !isAwsError(error.cause, "InvalidInputException")) throw error;
    throw new UserError(`Glue does not turn the view ${name} into a table: ${String(error)}`, {
      hint: "set layout: unified in the configuration file; all names answer as before",
      cause: error,
    });
  }
}

function printKeys(keys: TableInput["PartitionKeys"] = []): string {
  return JSON.stringify(keys.map(({ Name, Type }) => [Name, Type]));
}
