import type { LakeTable, Table, View } from "../../../core/catalog.ts";
import { forEachConcurrently } from "../../../core/for-each-concurrently.ts";
import type { Change } from "../../../core/plan.ts";
import { countPartitions } from "../../../core/plan.ts";
import type { UserError } from "../../../core/user-error.ts";
import type { ApplyContext } from "./apply-context.ts";
import type { LakeChange } from "./apply-lake.ts";
import { applyToLake } from "./apply-lake.ts";
import type { TableChange } from "./apply-table.ts";
import { applyToTable } from "./apply-table.ts";
import { refuseFailures } from "./partition-failures.ts";
import { PartitionsRefused } from "./partitions-refused.ts";
import { StaleCatalog } from "./stale-catalog.ts";
import { makeViewInput } from "./view-definition.ts";
import type { PartitionFailure, Unwritten } from "./write-partitions.ts";
import { createDatabase, createTable, updateTable } from "./write-tables.ts";

/** Tables and views are independent of each other, but for the order of the steps below. */
const TABLES_AT_ONCE = 8;

/**
 * Brings a plan about in steps: the database, the tables with their partitions, the views, and what the views read no more.
 * After every single call each name that answered before still answers, with all that it had. Where time is up no view is
 * written: it might read a table that is not there yet.
 * @returns whether time was up, and how many partitions are left then
 * @throws StaleCatalog where another run was faster; UserError naming the partitions that Glue did not take
 */
export async function applyChanges(
  changes: readonly Change[],
  context: ApplyContext,
): Promise<{ readonly isStopped: boolean; readonly left: number }> {
  for (const change of changes) if (change.kind === "create-database") await createDatabase(context.address);
  const { first, views, last } = splitChanges(changes, context);
  const before = await applyToTables(first, context);
  const isReady = !before.isStopped && !before.isViewHeld;
  // The one over all accounts does not read the others, and they read none that changes: any order is right.
  if (isReady) await forEachConcurrently(views, TABLES_AT_ONCE, (change) => applyToView(change, context));
  const after = isReady ? await applyToTables(last, context) : leaveAll(last, before);
  const [refusal] = [...before.refusals, ...after.refusals];
  if (refusal !== undefined) throw refusal;
  const failures = [...before.failures, ...after.failures];
  const isStopped = before.isStopped || after.isStopped;
  // Whoever goes on later tries these again, and hears of them then.
  if (isStopped) return { isStopped, left: before.left + after.left + failures.length };
  refuseFailures(failures);
  return { isStopped, left: 0 };
}

interface Steps {
  readonly first: readonly (TableChange | LakeChange)[];
  readonly views: readonly ViewChange[];
  readonly last: readonly (TableChange | LakeChange)[];
}

/**
 * An account-day is taken from the lake when the view reads its logs again, and a partition of logs, where there is a lake,
 * when the view reads the lake's files: until then it may be the one place that has the day's rows.
 */
function splitChanges(changes: readonly Change[], { lakeTables }: ApplyContext): Steps {
  const hasLake = lakeTables.size > 0 || changes.some(isLakeChange);
  const isLast = ({ kind }: Change): boolean =>
    kind === "drop-lake-days" || (hasLake && kind === "drop-partitions");
  const ofTables = changes.filter((change) => isTableChange(change) || isLakeChange(change));
  return {
    first: ofTables.filter((change) => !isLast(change)),
    views: changes.filter(isViewChange),
    last: ofTables.filter(isLast),
  };
}

type ViewChange = Extract<Change, { readonly view: View }>;

function isViewChange(change: Change): change is ViewChange {
  return "view" in change;
}

function isTableChange(change: Change): change is TableChange {
  return "table" in change;
}

function isLakeChange(change: Change): change is LakeChange {
  return "lakeTable" in change;
}

/** What became of the tables. */
interface TablesOutcome {
  readonly failures: readonly PartitionFailure[];
  readonly refusals: readonly UserError[];
  /** Whether a table lacks partitions without which the views would answer with less. */
  readonly isViewHeld: boolean;
  readonly isStopped: boolean;
  /** Partitions that were not tried, as time was up. */
  readonly left: number;
}

function leaveAll(changes: readonly Change[], { isStopped }: TablesOutcome): TablesOutcome {
  const left = isStopped ? changes.reduce((sum, change) => sum + countPartitions(change), 0) : 0;
  return { failures: [], refusals: [], isViewHeld: false, isStopped, left };
}

async function applyToTables(
  changes: readonly (TableChange | LakeChange)[],
  context: ApplyContext,
): Promise<TablesOutcome> {
  const failures: PartitionFailure[] = [];
  const refusals: UserError[] = [];
  let isViewHeld = false;
  let isStopped = false;
  let left = 0;
  await forEachConcurrently(groupByTable(changes), TABLES_AT_ONCE, async (group) => {
    for (const change of group) {
      isStopped ||= context.isTimeUp();
      if (isStopped) {
        left += countPartitions(change);
        continue;
      }
      try {
        const unwritten = await applyToAny(change, context);
        failures.push(...unwritten.failures);
        isViewHeld ||= unwritten.failures.length > 0 && holdsViews(tableOf(change));
        left += unwritten.left;
      } catch (error) {
        if (!(error instanceof PartitionsRefused)) throw error;
        refusals.push(error.refusal);
        isViewHeld ||= holdsViews(tableOf(change));
      }
    }
  });
  return { failures, refusals, isViewHeld, isStopped: isStopped || left > 0, left };
}

function applyToAny(change: TableChange | LakeChange, context: ApplyContext): Promise<Unwritten> {
  return isLakeChange(change) ? applyToLake(change, context) : applyToTable(change, context);
}

/**
 * One account's table that lacks partitions keeps no other account out of the view. The shared table does: names that
 * answer from tables of their own so far would answer with less. So does the lake's, of which the view may read other days.
 */
function holdsViews(table: Table | LakeTable): boolean {
  return "days" in table || table.account === undefined;
}

function tableOf(change: TableChange | LakeChange): Table | LakeTable {
  return isLakeChange(change) ? change.lakeTable : change.table;
}

/** The changes of one table stay in their order. */
function groupByTable<Of extends TableChange | LakeChange>(changes: readonly Of[]): readonly Of[][] {
  const groups = new Map<string, Of[]>();
  for (const change of changes) {
    const { name } = tableOf(change);
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(change);
  }
  return [...groups.values()];
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
