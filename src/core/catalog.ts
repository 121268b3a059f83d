import type { Day } from "./day.ts";
import { addDays, isInRange, type DayRange } from "./day.ts";
import type { Inventory, InventoryPartition } from "./inventory.ts";

/** A Region and a day of one account's table. */
export interface Partition {
  readonly region: string;
  readonly day: Day;
  /** URLs of the roots that hold its files, each with its final slash, sorted: an account can lie under two. */
  readonly roots: readonly string[];
}

/** One account's table. */
export interface Table {
  readonly name: string;
  readonly account: string;
  /** By partitionId. */
  readonly partitions: ReadonlyMap<string, Partition>;
  /** Where its files lie, in the warehouse's own form. */
  readonly sources: readonly string[];
  /** The table's text in the warehouse's own language: where it differs, the table is to be replaced. */
  readonly definition: string;
}

/** The view over all tables. */
export interface View {
  readonly name: string;
  readonly definition: string;
}

/** A log file that cannot be read, or not wholly. */
export interface SetAsideFile {
  /** Absolute. */
  readonly file: string;
  readonly account: string;
  readonly bytes: number;
  /** Milliseconds since 1970; with `bytes` it tells whether the file was repaired. */
  readonly modified: number;
  /** "unreadable": left out. "irregular": its records are read, with NULL for each value of a wrong shape. */
  readonly verdict: "unreadable" | "irregular";
  readonly reason: string;
}

/** What a warehouse holds, or should hold. */
export interface Catalog {
  /** By name. */
  readonly tables: ReadonlyMap<string, Table>;
  readonly view: View | undefined;
  /** By file. */
  readonly setAside: ReadonlyMap<string, SetAsideFile>;
  /** Differs after every change, so that a plan can be told to be stale; only a catalog that was read has one. */
  readonly version?: number | undefined;
}

/** A table before the warehouse has defined it: its sources are those of the catalog so far. */
export type TableContent = Omit<Table, "definition">;

export function partitionId({ region, day }: Pick<Partition, "region" | "day">): string {
  return `${region}/${day}`;
}

/** `cloudtrail` and `cloudtrail_111122223333`. */
export function tableName(prefix: string, account: string): string {
  return `${prefix}_${account}`;
}

/** Partitions are made ahead of time for Regions that had logs in this many days. */
const ACTIVE_DAYS = 30;

export interface ContentOptions {
  readonly tablePrefix: string;
  readonly today: Day;
  readonly range?: DayRange | undefined;
}

/**
 * The tables that an inventory calls for, in order of account: all partitions that the catalog has already and all that the
 * store holds, and those of today and tomorrow for every account and Region with logs in the last 30 days.
 */
export function planTables(
  inventory: Inventory,
  actual: Pick<Catalog, "tables">,
  { tablePrefix, today, range = {} }: ContentOptions,
): TableContent[] {
  const tables = new Map<string, Map<string, Partition>>();
  for (const { account, partitions } of actual.tables.values()) tables.set(account, new Map(partitions));
  const newest = new Map<string, InventoryPartition>();
  for (const found of inventory.partitions) {
    const { root, account, kind, region, day } = found;
    if (kind !== "CloudTrail") continue;
    addPartition(tables, account, { region, day, roots: [`${inventory.url}/${root}`] });
    if ((newest.get(`${account}/${region}`)?.day ?? "") < day) newest.set(`${account}/${region}`, found);
  }
  const upcoming = [today, addDays(today, 1)].filter((day) => isInRange(day, range));
  for (const { account, ...last } of newest.values()) {
    const partition = tables.get(account)?.get(partitionId(last));
    if (partition === undefined || last.day < addDays(today, 1 - ACTIVE_DAYS)) continue;
    for (const day of upcoming) addPartition(tables, account, { ...partition, day });
  }
  const sources = new Map([...actual.tables.values()].map((table) => [table.account, table.sources]));
  return [...tables]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([account, partitions]) => ({
      name: tableName(tablePrefix, account),
      account,
      partitions,
      sources: sources.get(account) ?? [],
    }));
}

function addPartition(
  tables: Map<string, Map<string, Partition>>,
  account: string,
  { region, day, roots }: Partition,
): void {
  const partitions = tables.get(account) ?? new Map<string, Partition>();
  tables.set(account, partitions);
  const id = partitionId({ region, day });
  const known = partitions.get(id)?.roots ?? [];
  if (roots.every((root) => known.includes(root))) return;
  partitions.set(id, { region, day, roots: [...new Set([...known, ...roots])].toSorted() });
}
