import type { Day } from "./day.ts";
import type { LogKind } from "./log-key.ts";

/** The log files of one kind, account, Region and day below one root. */
export interface InventoryPartition {
  readonly root: string;
  readonly account: string;
  readonly kind: LogKind;
  readonly region: string;
  readonly day: Day;
  readonly objects: number;
  /** As stored, that is gzipped. */
  readonly bytes: number;
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
  /** How many folders were listed, which is the number of LIST requests at least. */
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
  const days = partitions.map(({ day }) => day).toSorted();
  return {
    accounts: new Set(partitions.map(({ account }) => account)).size,
    regions: new Set(partitions.map(({ region }) => region)).size,
    partitions: new Set(
      partitions.map(({ account, kind, region, day }) => [account, kind, region, day].join()),
    ).size,
    objects: partitions.reduce((sum, { objects }) => sum + objects, 0),
    bytes: partitions.reduce((sum, { bytes }) => sum + bytes, 0),
    firstDay: days[0],
    lastDay: days.at(-1),
  };
}
