import type { Day } from "../../../core/day.ts";
import { dayFromParts, splitDay } from "../../../core/day.ts";
import { isAccount, printPartitionPrefix } from "../../../core/log-key.ts";
import type { Partition } from "../../../core/partition-set.ts";

/**
 * One partition as Glue knows it: of one root, since a Glue partition has one location. Tables of one account are keyed by
 * region, year, month and day; the shared table by account before and root after them.
 */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly day: Day;
  /** URL with its final slash. */
  readonly root: string;
}

export const OWN_KEYS = ["region", "year", "month", "day"] as const;
export const SHARED_KEYS = ["account", ...OWN_KEYS, "root"] as const;

/** Where the files of a partition lie: `s3://bucket/[prefix/]AWSLogs/.../2026/11/22/`. */
export function printLocation(place: Place): string {
  return printPartitionPrefix({ ...place, kind: "CloudTrail" });
}

/** The values of the partition keys, in order. */
export function printValues(
  { account, region, day, root }: Place,
  { shared }: { readonly shared: boolean },
): string[] {
  const own = [region, ...splitDay(day)];
  return shared ? [account, ...own, printRootKey(root)] : own;
}

/** A root as a value of the key `root`: `bucket/[prefix/]AWSLogs[/o-id]`. */
export function printRootKey(root: string): string {
  return root.replace(/^s3:\/\//, "").replace(/\/$/, "");
}

function parseRootKey(key: string): string {
  return `s3://${key}/`;
}

/**
 * The inverse of printValues and printLocation.
 * @param account of a table of one account; undefined for the shared table
 * @returns the place that the values call for, and whether the location is that of the place; undefined where the values
 *   are none of ours. A table of one account takes the root from the location, the shared one from the values.
 */
export function parsePlace(
  { values, location }: { readonly values: readonly string[]; readonly location: string },
  account: string | undefined,
): { readonly place: Place; readonly isThere: boolean } | undefined {
  const shared = account === undefined;
  const [owner = "", region = "", year = "", month = "", date = "", rootKey = ""] = shared
    ? values
    : [account, ...values];
  const day = dayFromParts(year, month, date);
  if (day === undefined || !isAccount(owner) || values.length !== (shared ? SHARED_KEYS : OWN_KEYS).length)
    return undefined;
  const at = { account: owner, region, day };
  const tail = printLocation({ ...at, root: "" });
  const root = shared ? parseRootKey(rootKey) : location.slice(0, -tail.length);
  const place = { ...at, root };
  return {
    place,
    isThere: root.startsWith("s3://") && root.endsWith("/") && location === printLocation(place),
  };
}

/** The places of partitions, one for each root. */
export function* listPlaces(partitions: Iterable<Partition>): Generator<Place> {
  for (const { account, region, day, roots } of partitions) {
    for (const root of roots) yield { account, region, day, root };
  }
}

/** A partition as Glue is to have it. */
export interface PlacedPartition {
  /** Of the table's keys, in order. */
  readonly values: readonly string[];
  /** URL of a folder, with its final slash. */
  readonly location: string;
}

/** The partitions that Glue has for a table's, one for each root. */
export function* placePartitions(
  partitions: Iterable<Partition>,
  { shared }: { readonly shared: boolean },
): Generator<PlacedPartition> {
  for (const place of listPlaces(partitions))
    yield { values: printValues(place, { shared }), location: printLocation(place) };
}
