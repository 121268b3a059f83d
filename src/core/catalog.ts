import type { Day, DayRange } from "./day.ts";
import { addDays, isInRange } from "./day.ts";
import type { LakeDay } from "./lake/lake-day.ts";
import type { Inventory, InventoryPartition } from "./inventory.ts";
import type { Partition } from "./partition-set.ts";
import { PartitionSet } from "./partition-set.ts";

/** A table over log files: of one account, or of several. */
export interface Table {
  readonly name: string;
  /** Undefined for a table of several accounts. */
  readonly account: string | undefined;
  readonly partitions: PartitionSet;
  /** Where its files lie, in the warehouse's own form. */
  readonly sources: readonly string[];
  /** The table's text in the warehouse's own language: where it differs, the table is to be replaced. */
  readonly definition: string;
  /**
   * Partitions whose own columns or location are not as they should be, without roots where these cannot be told; only a
   * catalog that was read has some.
   */
  readonly outdated?: PartitionSet | undefined;
  /**
   * Whether the engine works partitions out by rules instead of having them registered: those of a catalog that was read
   * are examples then, from which its accounts, Regions and years can be told.
   */
  readonly projected?: Projected | undefined;
}

/** A table whose partitions are worked out from ranges of values. */
export interface Projected {
  /** The first day of the ranges. */
  readonly from: Day;
}

/** A view over tables. */
export interface View {
  readonly name: string;
  readonly definition: string;
  /** The days that it reads from a lake; undefined for a view that reads none. */
  readonly ranges?: readonly DayRange[] | undefined;
}

/** A table over a lake's Parquet files, or over its coverage. */
export interface LakeTable {
  readonly name: string;
  /** By account and day (printAccountDay); none for the coverage. */
  readonly days: ReadonlyMap<string, LakeDay>;
  /** The table's text in the warehouse's own language: where it differs, the table is to be replaced. */
  readonly definition: string;
}

/** What a lake has, or what a warehouse knows of it. */
export interface LakeContent {
  /** An absolute folder, or `s3://bucket/prefix`; no slash at the end. */
  readonly url: string;
  /** In order of dataset, account and day. */
  readonly days: readonly LakeDay[];
  /** The key of the file with the coverage, one JSON object a line, gzipped; undefined where there is none. */
  readonly coverage: string | undefined;
  /** The days that the view reads from it now; only of a catalog that was read. */
  readonly ranges?: readonly DayRange[] | undefined;
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
  /** The database's name, where it has to be made; undefined where it is not there, or comes by itself. */
  readonly database?: string | undefined;
  /** By name. */
  readonly tables: ReadonlyMap<string, Table>;
  /** By name, of one lake; undefined where there is none. */
  readonly lakeTables?: ReadonlyMap<string, LakeTable> | undefined;
  /** What the lake tables are made from; undefined where there are none. */
  readonly lake?: LakeContent | undefined;
  /** By name. The first is the one over all accounts. */
  readonly views: ReadonlyMap<string, View>;
  /** By file. */
  readonly setAside: ReadonlyMap<string, SetAsideFile>;
  /** Names that are taken by what the tool did not make; only in a catalog that was read. */
  readonly foreign?: ReadonlySet<string> | undefined;
  /** Differs after every change, so that a plan can be told to be stale; only a catalog that was read has one. */
  readonly version?: number | undefined;
}

/** `cloudtrail` and `cloudtrail_111122223333`. */
export function tableName(prefix: string, account: string): string {
  return `${prefix}_${account}`;
}

/** Partitions are made ahead of time for Regions that had logs in this many days. */
const ACTIVE_DAYS = 30;

export interface PartitionOptions {
  readonly today: Day;
  readonly range?: DayRange | undefined;
  /** Partitions of earlier days are left out, even if the catalog has them. */
  readonly keepFrom?: Day | undefined;
}

/**
 * The partitions that an inventory calls for: all that the catalog has already, all that the store holds, and those of today
 * and tomorrow for every account and Region with logs in the last 30 days.
 */
export function planPartitions(
  inventory: Inventory,
  actual: Pick<Catalog, "tables">,
  { today, range = {}, keepFrom }: PartitionOptions,
): PartitionSet {
  const planned = new PartitionSet();
  for (const { partitions } of actual.tables.values()) planned.addAll(partitions);
  const roots = new Map<string, readonly string[]>();
  const rootsOf = (root: string): readonly string[] => {
    const known = roots.get(root) ?? [`${inventory.url}/${root}`];
    roots.set(root, known);
    return known;
  };
  const found = inventory.partitions.filter(({ kind }) => kind === "CloudTrail");
  for (const { account, region, day, root } of found) {
    planned.add({ account, region, day, roots: rootsOf(root) });
  }
  const upcoming = [today, addDays(today, 1)].filter((day) => isInRange(day, range));
  const active = addDays(today, 1 - ACTIVE_DAYS);
  const recent = found.filter(({ day }) => day >= active);
  for (const { account, region, roots: ahead } of findNewest(recent, planned)) {
    for (const day of upcoming) planned.add({ account, region, day, roots: ahead });
  }
  return keepFrom === undefined ? planned : planned.filter(({ day }) => day >= keepFrom);
}

/**
 * The newest partition of each account and Region, with all roots that lately had logs on one and the same day: one of them may
 * be quiet so far. A root that another has taken over from is not among them for longer than that.
 */
function findNewest(recent: readonly InventoryPartition[], planned: PartitionSet): Iterable<Partition> {
  const newest = new Map<string, Partition>();
  for (const { account, region, day } of recent) {
    const id = `${account}/${region}`;
    const known = newest.get(id);
    const roots = planned.rootsOf({ account, region, day });
    const isNewer = known === undefined || known.day < day;
    const latest = isNewer ? roots : known.roots;
    const doubled = [
      ...(roots.length > 1 ? roots : []),
      ...((known?.roots.length ?? 0) > 1 ? (known?.roots ?? []) : []),
    ];
    newest.set(id, {
      account,
      region,
      day: isNewer ? day : known.day,
      roots: doubled.length === 0 ? latest : [...new Set([...latest, ...doubled])],
    });
  }
  return newest.values();
}
