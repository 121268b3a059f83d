import type { Day } from "./day.ts";
import type { LogKind } from "./log-key.ts";
import { PartitionSet } from "./partition-set.ts";

/** The log files of one kind, account, Region and day below one root. */
export interface InventoryPartition {
  readonly root: string;
  readonly account: string;
  readonly kind: LogKind;
  readonly region: string;
  readonly day: Day;
  /** Undefined where only days were looked for. */
  readonly objects: number | undefined;
  /** As stored, that is gzipped; undefined likewise. */
  readonly bytes: number | undefined;
}

/** Folders or files that are not where, or not named as, CloudTrail puts them: reported, never read. */
export interface Oddity {
  /** What is wrong, and what was wanted. */
  readonly reason: string;
  readonly count: number;
  /** The first few keys; folders end with "/". */
  readonly examples: readonly string[];
}

/** What the store holds. Its size grows with the partitions, not with the files. */
export interface Inventory {
  /** The store's URL: an absolute folder or `s3://bucket/prefix`. */
  readonly url: string;
  /** Places of account folders, each with its final slash: `[prefix/]AWSLogs/[o-id/]`. */
  readonly roots: readonly string[];
  /** In order of root, account, kind, Region and day. */
  readonly partitions: readonly InventoryPartition[];
  /** Folders below a log kind's folder that are odd, and no part of any table. */
  readonly outside: readonly string[];
  /** Folders that were not looked into, since the question asked is not about them. */
  readonly unseen: readonly string[];
  readonly oddities: readonly Oddity[];
  /** Names of other services that write below the same accounts. */
  readonly otherServices: readonly string[];
  /** Log files too small to hold a record or even an empty list: keys. */
  readonly tooSmall: readonly string[];
  /** How many folders were listed. */
  readonly listings: number;
}

/** Counts and ends of an inventory, for a summary. */
export interface InventoryTotals {
  readonly accounts: number;
  readonly regions: number;
  readonly partitions: number;
  readonly objects: number;
  readonly bytes: number;
  readonly firstDay: Day | undefined;
  readonly lastDay: Day | undefined;
}

export function totalInventory(partitions: readonly InventoryPartition[]): InventoryTotals {
  const sets = new Map<LogKind, PartitionSet>();
  let objects = 0;
  let bytes = 0;
  let [firstDay, lastDay]: (Day | undefined)[] = [];
  for (const { kind, root, ...partition } of partitions) {
    const set = sets.get(kind) ?? new PartitionSet();
    sets.set(kind, set);
    set.add({ ...partition, roots: [root] });
    objects += partition.objects ?? 0;
    bytes += partition.bytes ?? 0;
    if (firstDay === undefined || partition.day < firstDay) firstDay = partition.day;
    if (lastDay === undefined || partition.day > lastDay) lastDay = partition.day;
  }
  const all = [...sets.values()];
  return {
    accounts: new Set(all.flatMap((set) => set.accounts)).size,
    regions: new Set(all.flatMap((set) => set.regions)).size,
    partitions: all.reduce((sum, { size }) => sum + size, 0),
    objects,
    bytes,
    firstDay,
    lastDay,
  };
}
