import { priceScan } from "../core/scan-price.ts";
import { UserError } from "../core/user-error.ts";
import type { Store } from "../store/store.ts";
import type { SelectedTable, Warehouse } from "../warehouse/warehouse.ts";
import type { Branch } from "./walk-tree.ts";
import { walkTree } from "./walk-tree.ts";

export interface EstimatePorts {
  readonly warehouse: Warehouse;
  /** Undefined where the logs cannot be listed: there are no bytes then. */
  readonly store?: Store | undefined;
  /** Opens another bucket, as a lake's is, by its URL `s3://bucket`; without it what lies outside the store is not listed. */
  readonly openBucket?: ((url: string) => Promise<Store>) | undefined;
}

export interface EstimateOptions {
  readonly sql: string;
  /** Requests for lists of files. @default 500 */
  readonly listAtMost?: number | undefined;
  /** @default 5 */
  readonly dollarsPerTerabyte?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (() => void) | undefined;
}

/** What a query would scan, found without running it. */
export interface Estimate {
  readonly tables: readonly EstimatedTable[];
  readonly objects: number;
  /**
   * As they are stored; files that are read twice count twice. That is what is billed for logs, and the most that is for a
   * lake's Parquet files, of which Athena reads the columns alone that a query needs.
   */
  readonly bytes: number;
  /** Whether nothing can be read beyond that; else objects, bytes and dollars are the least. */
  readonly complete: boolean;
  readonly dollars: number;
}

export interface EstimatedTable {
  readonly name: string;
  /** Partitions that are read. */
  readonly selected: number;
  /** All that there are; undefined where they were not counted. */
  readonly partitions: number | undefined;
}

const LIST_AT_MOST = 500;

/**
 * Says what a query would scan, and for how much: asks the engine which partitions it would read, and lists those. Runs
 * nothing, and is not charged for but by the lists' requests.
 * @throws UserError where the engine does not bill what it reads, or the statement cannot run
 */
export async function estimate(ports: EstimatePorts, options: EstimateOptions): Promise<Estimate> {
  const estimated = await estimateScan(ports, options);
  if (estimated !== undefined) return estimated;
  throw new UserError(`${ports.warehouse.title} reads at no charge: there is nothing to estimate`, {
    hint: "leave out --estimate",
  });
}

/** The same; undefined where reading costs nothing. */
export async function estimateScan(
  ports: EstimatePorts,
  { sql, listAtMost = LIST_AT_MOST, dollarsPerTerabyte, signal, onProgress }: EstimateOptions,
): Promise<Estimate | undefined> {
  const selected = await ports.warehouse.selectPartitions(sql, { signal, onProgress });
  if (selected === undefined) return undefined;
  const found = await measure(ports, selected, { listAtMost, signal, onProgress });
  return {
    ...found,
    tables: selected.map(({ name, locations, partitions }) => ({
      name,
      selected: new Set(locations).size,
      partitions,
    })),
    complete: found.complete && selected.every(({ complete }) => complete),
    dollars: priceScan(found.bytes, dollarsPerTerabyte),
  };
}

type Measure = Pick<Estimate, "objects" | "bytes" | "complete">;

interface MeasureOptions extends Pick<EstimateOptions, "signal" | "onProgress"> {
  readonly listAtMost: number;
}

/** Lists each folder once, and counts it as often as it is read. */
async function measure(
  ports: EstimatePorts,
  selected: readonly SelectedTable[],
  options: MeasureOptions,
): Promise<Measure> {
  const times = countTimes(selected.flatMap(({ locations }) => locations));
  const places = await openPlaces(ports, [...times.keys()]);
  const found = places.reduce((count, { locations }) => count + locations.length, 0);
  const measured = { objects: 0, bytes: 0 };
  const budget = countLists(
    places.map(({ store }) => store),
    options.listAtMost,
  );
  for (const place of places) {
    for await (const { location, size } of listLocations(place, { ...options, budget })) {
      const count = times.get(location) ?? 1;
      measured.objects += count;
      measured.bytes += count * size;
    }
  }
  return { ...measured, complete: found === times.size && !budget.isSpent() };
}

/** Folders, and the store that they are in. */
interface Place {
  readonly store: Store;
  readonly locations: readonly string[];
}

/** Folders that are in no store that can be opened are left out. */
async function openPlaces(
  { store, openBucket }: EstimatePorts,
  locations: readonly string[],
): Promise<Place[]> {
  const isInStore = (location: string): boolean => location.startsWith(`${store?.url}/`);
  const within = store === undefined ? [] : [{ store, locations: locations.filter(isInStore) }];
  if (openBucket === undefined) return within;
  const buckets = new Map<string, string[]>();
  for (const location of locations) {
    const [bucket] = /^s3:\/\/[^/]+(?=\/)/.exec(location) ?? [];
    if (bucket === undefined || isInStore(location)) continue;
    const inside = buckets.get(bucket) ?? [];
    buckets.set(bucket, inside);
    inside.push(location);
  }
  const others = [...buckets].map(async ([url, inside]) => ({
    store: await openBucket(url),
    locations: inside,
  }));
  return [...within, ...(await Promise.all(others))];
}

function countTimes(locations: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const location of locations) times.set(location, (times.get(location) ?? 0) + 1);
  return times;
}

/** Requests for lists that may still be sent. */
interface Budget {
  /** Whether one more may be sent. */
  take(): boolean;
  /** Whether one was refused. */
  isSpent(): boolean;
}

/** Where a store counts its requests, pages of a long list count too; else a list is one. */
function countLists(stores: readonly Store[], atMost: number): Budget {
  const countSent = (): number => sum(stores.flatMap(({ requests }) => [...requests.values()]));
  const sentBefore = countSent();
  let begun = 0;
  let spent = false;
  return {
    take: () => {
      spent ||= Math.max(begun, countSent() - sentBefore) >= atMost;
      begun++;
      return !spent;
    },
    isSpent: () => spent,
  };
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

interface ListedObject {
  readonly location: string;
  readonly size: number;
}

interface ListOptions extends Pick<EstimateOptions, "signal" | "onProgress"> {
  readonly budget: Budget;
}

async function* listLocations(
  { store, locations }: Place,
  options: ListOptions,
): AsyncGenerator<ListedObject> {
  const trunk = async function* (): AsyncGenerator<Branch<ListedObject>> {
    for (const location of locations) {
      yield listFolder(store, { location, prefix: location.slice(store.url.length + 1) }, options);
    }
  };
  yield* walkTree(trunk, store.manners.listingsAtOnce);
}

interface Folder {
  readonly location: string;
  readonly prefix: string;
}

/** What a long list has beyond the budget is not asked for. */
const ENTRIES_A_PAGE = 1000;

/** With the folders below: Athena reads those too. */
function listFolder(store: Store, { location, prefix }: Folder, options: ListOptions): Branch<ListedObject> {
  const { budget, signal, onProgress } = options;
  return {
    kind: "branch",
    walk: async function* () {
      if (!budget.take()) return;
      onProgress?.();
      let entries = 0;
      for await (const entry of store.listChildren(prefix, { signal })) {
        if (++entries % ENTRIES_A_PAGE === 0 && !budget.take()) return;
        if (entry.kind === "folder") yield listFolder(store, { location, prefix: entry.prefix }, options);
        else yield { location, size: entry.size };
      }
    },
  };
}
