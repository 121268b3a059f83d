import type { Catalog, LakeTable, SetAsideFile, Table, View } from "./catalog.ts";
import type { Day } from "./day.ts";
import type { LakeDay } from "./lake/lake-day.ts";
import type { Partition } from "./partition-set.ts";
import { PartitionSet } from "./partition-set.ts";
import { UserError } from "./user-error.ts";

/** One step from the actual catalog to the desired one. */
export type Change =
  | { readonly kind: "create-database"; readonly database: string }
  | { readonly kind: "create-table"; readonly table: Table }
  /** A table whose definition differs: it reads other files, or has more columns. */
  | { readonly kind: "replace-table"; readonly table: Table }
  /** A table in the place of a view of ours, with all of its partitions. */
  | { readonly kind: "turn-into-table"; readonly table: Table }
  /** Partitions that are new, or that lie under more roots than the catalog knows. */
  | { readonly kind: "add-partitions"; readonly table: Table; readonly partitions: PartitionSet }
  /** Partitions whose own columns or location are of an earlier time. */
  | { readonly kind: "update-partitions"; readonly table: Table; readonly partitions: PartitionSet }
  /** Partitions beyond their retention. The logs stay. */
  | { readonly kind: "drop-partitions"; readonly table: Table; readonly partitions: PartitionSet }
  | { readonly kind: "create-lake-table"; readonly lakeTable: LakeTable }
  | { readonly kind: "replace-lake-table"; readonly lakeTable: LakeTable }
  /** Account-days that are new, or that have new files: each answers from the old ones or from the new ones. */
  | { readonly kind: "put-lake-days"; readonly lakeTable: LakeTable; readonly days: readonly LakeDay[] }
  /** Account-days whose files are damaged or gone: until they are made anew, the logs answer for them. */
  | { readonly kind: "drop-lake-days"; readonly lakeTable: LakeTable; readonly days: readonly LakeDay[] }
  | { readonly kind: "create-view"; readonly view: View }
  | { readonly kind: "replace-view"; readonly view: View }
  /** A view in the place of a table of ours. */
  | { readonly kind: "turn-into-view"; readonly view: View }
  /** Files that queries leave out, or read leniently, from now on. */
  | { readonly kind: "set-aside"; readonly files: readonly SetAsideFile[] }
  /** Files that were repaired, or are gone. */
  | { readonly kind: "take-back"; readonly files: readonly SetAsideFile[] };

/** The difference of two catalogs, in the order in which it must be applied. */
export interface Plan {
  readonly changes: readonly Change[];
  /** The version of the catalog that the plan was made from. */
  readonly version?: number | undefined;
}

/** The partitions that a change is to write. */
export function listWrites(change: Change): PartitionSet | undefined {
  switch (change.kind) {
    case "create-table":
    case "turn-into-table":
      return change.table.partitions;
    case "add-partitions":
    case "update-partitions":
    case "drop-partitions":
      return change.partitions;
    case "create-database":
    case "create-lake-table":
    case "replace-lake-table":
    case "put-lake-days":
    case "drop-lake-days":
    case "replace-table":
    case "create-view":
    case "replace-view":
    case "turn-into-view":
    case "set-aside":
    case "take-back":
      return undefined;
  }
}

/** How many partitions a change is to write: a lake's account-day is one. */
export function countPartitions(change: Change): number {
  if (change.kind === "put-lake-days" || change.kind === "drop-lake-days") return change.days.length;
  return listWrites(change)?.size ?? 0;
}

/** Numbers of partitions. */
export interface WriteCounts {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
}

/**
 * How many partitions a plan is to write, at most: a table that was a view may have some of its own already, and so may a
 * lake's table, of the same account-days with other files: those are updated then.
 */
export function countWrites({ changes }: Pick<Plan, "changes">): WriteCounts {
  const counts = { create: 0, update: 0, delete: 0 };
  for (const change of changes) {
    const size = countPartitions(change);
    if (change.kind === "drop-partitions" || change.kind === "drop-lake-days") counts.delete += size;
    else if (change.kind === "update-partitions") counts.update += size;
    else counts.create += size;
  }
  return counts;
}

export interface PlanCatalogOptions {
  /** Partitions of earlier days are dropped; by default nothing ever is. */
  readonly dropBefore?: Day | undefined;
}

/**
 * Tables come before the views that read them, and a table's columns before its partitions'. A table that is in the actual
 * catalog only stays, and keeps the partitions that are not beyond their retention.
 * @throws UserError where a name is taken by something that the tool did not make
 */
export function planCatalog(desired: Catalog, actual: Catalog, options: PlanCatalogOptions = {}): Plan {
  const { database } = desired;
  const changes: Change[] = [
    ...(database === undefined || actual.database === database
      ? []
      : [{ kind: "create-database", database } as const]),
    ...planSetAside(desired, actual),
    ...[...desired.tables.values()].flatMap((table) => planTable(table, actual, options)),
    ...[...actual.tables.values()]
      .filter(({ name }) => !desired.tables.has(name))
      .flatMap((table) => planDrop(table, table, options)),
    ...planLakeTables(desired, actual),
    ...[...desired.views.values()].flatMap((view) => planView(view, actual)),
    ...planLakeDrops(desired, actual),
  ];
  refuseForeign(changes, actual.foreign ?? new Set());
  return { version: actual.version, changes };
}

/** @throws UserError where a change would touch one of the names, which are in lower case */
export function refuseForeign(changes: readonly Change[], foreign: ReadonlySet<string>): void {
  const names = changes.flatMap(listNames).filter((name) => foreign.has(name.toLowerCase()));
  if (names.length === 0) return;
  throw new UserError(
    `${[...new Set(names)].join(", ")} was not made by cloudtrail-partitioner, and is left as it is; nothing was changed`,
    {
      hint: "rename it, or let the tool use another database (--database) or other names (table_prefix in the configuration file)",
    },
  );
}

/** The tables and views that a change touches. */
function listNames(change: Change): string[] {
  if ("view" in change) return [change.view.name];
  if ("lakeTable" in change) return [change.lakeTable.name];
  return "table" in change ? [change.table.name] : [];
}

function planSetAside(desired: Catalog, actual: Catalog): Change[] {
  const added = [...desired.setAside.values()].filter(
    (file) => !isSame(file, actual.setAside.get(file.file)),
  );
  const gone = [...actual.setAside.values()].filter(({ file }) => !desired.setAside.has(file));
  return [
    ...(gone.length > 0 ? [{ kind: "take-back", files: gone } as const] : []),
    ...(added.length > 0 ? [{ kind: "set-aside", files: added } as const] : []),
  ];
}

function isSame(a: SetAsideFile, b: SetAsideFile | undefined): boolean {
  return b !== undefined && a.verdict === b.verdict && a.bytes === b.bytes && a.modified === b.modified;
}

function planTable(table: Table, actual: Catalog, options: PlanCatalogOptions): Change[] {
  const known = actual.tables.get(table.name);
  if (known === undefined) {
    return [{ kind: actual.views.has(table.name) ? "turn-into-table" : "create-table", table }];
  }
  const outdated = new PartitionSet(findOutdated(known.outdated, table));
  const registered = known.projected !== undefined ? new PartitionSet() : known.partitions;
  return [
    ...(table.definition === known.definition ? [] : [{ kind: "replace-table", table } as const]),
    ...planSome("update-partitions", table, outdated),
    ...planSome("add-partitions", table, table.partitions.difference(registered)),
    ...planDrop(table, known, options),
  ];
}

function planDrop(table: Table, known: Table, { dropBefore }: PlanCatalogOptions): Change[] {
  if (dropBefore === undefined || known.projected !== undefined) return [];
  return planSome(
    "drop-partitions",
    table,
    known.partitions.filter(({ day }) => day < dropBefore),
  );
}

/** Those that are wanted still, each with the roots that it should have. */
export function* findOutdated(
  outdated: Iterable<Partition> = [],
  { partitions }: Pick<Table, "partitions">,
): Generator<Partition> {
  for (const each of outdated) {
    if (!partitions.has(each)) continue;
    yield each.roots.length > 0 ? each : { ...each, roots: partitions.rootsOf(each) };
  }
}

/** Where there is no lake in the desired catalog, nothing is known of it, and nothing is changed. */
function planLakeTables({ lakeTables = new Map<string, LakeTable>() }: Catalog, actual: Catalog): Change[] {
  return [...lakeTables.values()].flatMap((lakeTable): Change[] => {
    const known = actual.lakeTables?.get(lakeTable.name);
    const days = [...lakeTable.days].flatMap(([id, day]) =>
      known?.days.get(id)?.folder === day.folder ? [] : [day],
    );
    return [
      ...(known === undefined ? [{ kind: "create-lake-table", lakeTable } as const] : []),
      ...(known !== undefined && known.definition !== lakeTable.definition
        ? [{ kind: "replace-lake-table", lakeTable } as const]
        : []),
      ...(days.length === 0 ? [] : [{ kind: "put-lake-days", lakeTable, days } as const]),
    ];
  });
}

/** After the view, which reads the logs of these days again by then. */
function planLakeDrops({ lakeTables = new Map<string, LakeTable>() }: Catalog, actual: Catalog): Change[] {
  return [...lakeTables.values()].flatMap((lakeTable): Change[] => {
    const known = actual.lakeTables?.get(lakeTable.name)?.days ?? new Map<string, LakeDay>();
    const days = [...known].flatMap(([id, day]) => (lakeTable.days.has(id) ? [] : [day]));
    return days.length === 0 ? [] : [{ kind: "drop-lake-days", lakeTable, days }];
  });
}

type PartitionChange = Extract<Change, { readonly partitions: PartitionSet }>;

function planSome(kind: PartitionChange["kind"], table: Table, partitions: PartitionSet): PartitionChange[] {
  return partitions.size === 0 ? [] : [{ kind, table, partitions }];
}

function planView(view: View, actual: Catalog): Change[] {
  const known = actual.views.get(view.name);
  if (known === undefined) {
    return [{ kind: actual.tables.has(view.name) ? "turn-into-view" : "create-view", view }];
  }
  return view.definition === known.definition ? [] : [{ kind: "replace-view", view }];
}
