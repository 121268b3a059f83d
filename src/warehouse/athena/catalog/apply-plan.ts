import type { Table as GlueTable, TableInput } from "@aws-sdk/client-glue";
import type { Table, View } from "../../../core/catalog.ts";
import { forEachConcurrently } from "../../../core/for-each-concurrently.ts";
import type { Partition } from "../../../core/partition-set.ts";
import { PartitionSet } from "../../../core/partition-set.ts";
import type { Change } from "../../../core/plan.ts";
import { findOutdated, listWrites } from "../../../core/plan.ts";
import { isAwsError } from "../../../aws/explain-error.ts";
import { UserError } from "../../../core/user-error.ts";
import type { GlueAddress } from "./glue-reader.ts";
import { isOurs, isTable, readPartitions } from "./read-catalog.ts";
import { StaleCatalog } from "./stale-catalog.ts";
import type { TableDefinition } from "./table-definition.ts";
import { makeTableInput, parseDefinition } from "./table-definition.ts";
import { makeViewInput, readViewDefinition } from "./view-definition.ts";
import type { PartitionAction, PartitionFailure, Unwritten, WriteOptions } from "./write-partitions.ts";
import { writePartitions } from "./write-partitions.ts";
import { createDatabase, createTable, ensureIndex, readTable, updateTable } from "./write-tables.ts";

/** Tables and views are independent of each other, but for the order of the steps below. */
const TABLES_AT_ONCE = 8;

export interface ApplyContext extends WriteOptions {
  readonly address: GlueAddress;
  /** What was there when the plan was made, by name. */
  readonly entries: ReadonlyMap<string, GlueTable>;
  /** The tool's. */
  readonly version: string;
}

/**
 * Brings a plan about in three steps: the database, the tables with their partitions, the views. After every single call
 * each name that answered before still answers, with all that it had. Where time is up no view is written: it might read
 * a table that is not there yet.
 * @returns whether time was up, and how many partitions are left then
 * @throws StaleCatalog where another run was faster; UserError naming the partitions that Glue did not take
 */
export async function applyChanges(
  changes: readonly Change[],
  context: ApplyContext,
): Promise<{ readonly isStopped: boolean; readonly left: number }> {
  for (const change of changes) if (change.kind === "create-database") await createDatabase(context.address);
  const { failures, refusals, unfinished, isStopped, left } = await applyToTables(changes, context);
  // One account's table that lacks partitions keeps no other account out of the view. The shared table does: names that
  // answer from tables of their own so far would answer with less.
  const isSharedWhole = [...unfinished].every(({ account }) => account !== undefined);
  const views = isSharedWhole && !isStopped ? changes.filter(isViewChange) : [];
  // The one over all accounts does not read the others, and they read none that changes: any order is right.
  await forEachConcurrently(views, TABLES_AT_ONCE, (change) => applyToView(change, context));
  const [refusal] = refusals;
  if (refusal !== undefined) throw refusal;
  // Whoever goes on later tries these again, and hears of them then.
  if (isStopped) return { isStopped, left: left + failures.length };
  refuseFailures(failures);
  return { isStopped, left };
}

/** What became of the tables. */
interface TablesOutcome {
  readonly failures: readonly PartitionFailure[];
  readonly refusals: readonly UserError[];
  /** Those that lack partitions which failed or were refused. */
  readonly unfinished: ReadonlySet<Table>;
  readonly isStopped: boolean;
  /** Partitions that were not tried, as time was up. */
  readonly left: number;
}

async function applyToTables(changes: readonly Change[], context: ApplyContext): Promise<TablesOutcome> {
  const failures: PartitionFailure[] = [];
  const refusals: UserError[] = [];
  const unfinished = new Set<Table>();
  let isStopped = false;
  let left = 0;
  await forEachConcurrently(groupByTable(changes), TABLES_AT_ONCE, async (group) => {
    for (const change of group) {
      isStopped ||= context.isTimeUp();
      if (isStopped) {
        left += listWrites(change)?.size ?? 0;
        continue;
      }
      try {
        const unwritten = await applyToTable(change, context);
        failures.push(...unwritten.failures);
        if (unwritten.failures.length > 0) unfinished.add(change.table);
        left += unwritten.left;
      } catch (error) {
        if (!(error instanceof PartitionsRefused)) throw error;
        refusals.push(error.refusal);
        unfinished.add(change.table);
      }
    }
  });
  return { failures, refusals, unfinished, isStopped: isStopped || left > 0, left };
}

/** One table's partitions may not be written, or it may not be turned over: it answers with what it has. */
class PartitionsRefused extends Error {
  readonly refusal: UserError;

  constructor(refusal: UserError) {
    super(refusal.message, { cause: refusal });
    this.refusal = refusal;
  }
}

async function whereverAllowed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserError ? new PartitionsRefused(error) : error;
  }
}

type TableChange = Extract<Change, { readonly table: Table }>;
type ViewChange = Extract<Change, { readonly view: View }>;

function isViewChange(change: Change): change is ViewChange {
  return "view" in change;
}

/** The changes of one table stay in their order. */
function groupByTable(changes: readonly Change[]): readonly TableChange[][] {
  const groups = new Map<string, TableChange[]>();
  for (const change of changes) {
    if (!("table" in change)) continue;
    const group = groups.get(change.table.name) ?? [];
    groups.set(change.table.name, group);
    group.push(change);
  }
  return [...groups.values()];
}

const ALL_WRITTEN: Unwritten = { failures: [], left: 0 };

async function applyToTable(change: TableChange, context: ApplyContext): Promise<Unwritten> {
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

function writeAll({ name, definition }: Table, work: Work, context: ApplyContext): Promise<Unwritten> {
  const whole = { ...work, table: name, definition: parseDefinition(definition) };
  return writePartitions(context.address, whole, context);
}

/** A table that another run has made meanwhile is as good as ours, and gets its partitions from both. */
async function createOrMeet(table: Table, { address, version }: ApplyContext): Promise<void> {
  const definition = parseDefinition(table.definition);
  const input = makeTableInput(table.name, definition, { version });
  if (await createTable(address, input, { indexKeys: indexKeys(definition) })) return;
  const met = await readTable(address, table.name);
  if (met === undefined || !isOurs(met) || !isTable(met))
    throw new StaleCatalog(`${table.name} has appeared`);
}

const INDEX_PARAMETER = "partition_filtering.enabled";

function indexKeys({ keys, parameters }: TableDefinition): readonly string[] | undefined {
  return parameters[INDEX_PARAMETER] === "true" ? keys : undefined;
}

function withoutIndex({ parameters, ...rest }: TableDefinition): TableDefinition {
  const { [INDEX_PARAMETER]: _, ...others } = parameters;
  return { ...rest, parameters: others };
}

async function replaceTable(
  table: Table,
  existing: GlueTable | undefined,
  { address, version }: ApplyContext,
): Promise<void> {
  const definition = parseDefinition(table.definition);
  const keys = indexKeys(definition);
  // Glue makes one index at a time, and three at most: where it refuses, the next run tries again.
  const hasIndex = keys === undefined || (await ensureIndex(address, table.name, keys));
  const feasible = hasIndex ? definition : withoutIndex(definition);
  await updateTable(address, makeTableInput(table.name, feasible, { version, existing }), existing);
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
  if (left > 0) return { failures: [], left };
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

async function applyToView(
  { kind, view }: ViewChange,
  { address, entries, version }: ApplyContext,
): Promise<void> {
  const existing = entries.get(view.name);
  const input = makeViewInput(view, { version, existing });
  switch (kind) {
    case "create-view":
      if (!(await createTable(address, input))) throw new StaleCatalog(`${view.name} has appeared`);
      return;
    case "replace-view":
    case "turn-into-view":
      return updateTable(address, input, existing);
  }
}

const NAMED_AT_MOST = 5;

function refuseFailures(failures: readonly PartitionFailure[]): void {
  if (failures.length === 0) return;
  const named = failures
    .slice(0, NAMED_AT_MOST)
    .map(({ table, values, code, message }) => `${values.join("/")} of ${table} (${code}: ${message})`);
  const more = failures.length - named.length;
  throw new UserError(
    `Glue did not take ${failures.length} partitions: ${named.join("; ")}${more > 0 ? ` and ${more} more` : ""}`,
    {
      hint: "all others were written; run again, and see Glue's quotas where it says ResourceNumberLimitExceeded",
    },
  );
}
