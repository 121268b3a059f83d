import type { Day, DayRange } from "../../core/day.ts";
import { isInRange, splitDay } from "../../core/day.ts";
import type { Inventory } from "../../core/inventory.ts";
import type { AccountDay, Dataset } from "../../core/lake/lake-day.ts";
import { DATASETS } from "../../core/lake/lake-day.ts";
import type { Source } from "../../core/lake/source-list.ts";
import type { LogKind } from "../../core/log-key.ts";
import { isRegion, parseLogKey } from "../../core/log-key.ts";
import type { Store, StoreObject } from "../../store/store.ts";
import { compareKeys } from "../../store/store.ts";
import type { Branch } from "../walk-tree.ts";
import { walkTree } from "../walk-tree.ts";
import { listFolder } from "../walk-logs.ts";

/** All log files of an account-day. */
export interface ListedDay extends AccountDay {
  readonly kind: "account-day";
  /** In the order in which their records are taken: by Region, then by name, which begins with the minute of delivery. */
  readonly sources: readonly Source[];
}

/** Files of a kind that is counted, and goes nowhere. */
export interface UnsupportedFile {
  readonly kind: "unsupported";
  readonly key: string;
}

export interface ListDaysOptions {
  readonly range: DayRange;
  readonly signal?: AbortSignal | undefined;
}

type Listed = ListedDay | UnsupportedFile;

/**
 * Lists the account-days of an inventory's accounts, of all kinds of logs. The files of one account and Region come in the order of
 * their days, 1,000 an answer on S3; the Regions are merged, so that of each account one day is held and not all.
 */
export function listAccountDays(
  store: Store,
  { roots, partitions }: Pick<Inventory, "roots" | "partitions">,
  options: ListDaysOptions,
): AsyncIterable<Listed> {
  const accounts = new Map<string, Set<string>>();
  for (const { account, root } of partitions) {
    accounts.set(account, (accounts.get(account) ?? new Set<string>()).add(root));
  }
  const trunk = async function* (): AsyncGenerator<Branch<Listed>> {
    for (const [account, ofAccount] of accounts) {
      const ordered = roots.filter((root) => ofAccount.has(root));
      yield { kind: "branch", walk: () => walkAccount(store, { account, roots: ordered, ...options }) };
    }
  };
  return walkTree<Listed>(trunk, ACCOUNTS_AT_ONCE);
}

/** Each has a listing a Region under way. */
const ACCOUNTS_AT_ONCE = 4;

/** The same for one account-day, as it is now. */
export async function listAccountDay(
  store: Store,
  { dataset, account, day }: AccountDay,
  { roots, ...options }: Omit<ListDaysOptions, "range"> & { readonly roots: readonly string[] },
): Promise<readonly Source[]> {
  const at = { account, roots, range: { from: day, to: day }, ...options };
  for await (const { sources } of mergeRegions(store, dataset, at)) return sources;
  return [];
}

interface AccountPlace extends ListDaysOptions {
  readonly account: string;
  readonly roots: readonly string[];
}

async function* walkAccount(store: Store, at: AccountPlace): AsyncGenerator<Listed> {
  const kinds = new Set<string>();
  for (const root of at.roots) {
    const { folders } = await listFolder({ store, signal: at.signal }, `${root}${at.account}/`);
    for (const { name } of folders) kinds.add(name);
  }
  for (const [dataset, kind] of Object.entries(DATASETS)) {
    if (kinds.has(kind)) yield* mergeRegions(store, dataset as Dataset, at);
  }
  if (kinds.has(UNSUPPORTED)) yield* listUnsupported(store, at);
}

/** Its records have other names for the same things, and no time (CloudTrail's aggregated events). */
const UNSUPPORTED: LogKind = "CloudTrail-Aggregated";

async function* listUnsupported(store: Store, at: AccountPlace): AsyncGenerator<UnsupportedFile> {
  for (const root of at.roots) {
    const prefix = `${root}${at.account}/${UNSUPPORTED}/`;
    for await (const { key } of store.listFiles(prefix, { signal: at.signal })) {
      const place = parseLogKey(key);
      if (place !== undefined && isInRange(place.day, at.range)) yield { kind: "unsupported", key };
    }
  }
}

/** A Region's files of one day. */
interface RegionDay {
  readonly day: Day;
  readonly sources: readonly Source[];
}

async function* mergeRegions(store: Store, dataset: Dataset, at: AccountPlace): AsyncGenerator<ListedDay> {
  const streams: AsyncGenerator<RegionDay>[] = [];
  for (const root of at.roots) {
    const prefix = `${root}${at.account}/${DATASETS[dataset]}/`;
    const { folders } = await listFolder({ store, signal: at.signal }, prefix);
    const regions = folders.filter(({ name }) => isRegion(name));
    streams.push(...regions.map((region) => listRegionDays(store, region.prefix, at)));
  }
  const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })));
  for (;;) {
    const day = firstDay(heads.map(({ next }) => (next.done === true ? undefined : next.value.day)));
    if (day === undefined) return;
    const due = heads.filter(({ next }) => next.done !== true && next.value.day === day);
    const sources = due.flatMap(({ next }) => (next.done === true ? [] : next.value.sources));
    const ahead = Promise.all(due.map(async (head) => void (head.next = await head.stream.next())));
    yield {
      kind: "account-day",
      dataset,
      account: at.account,
      day,
      sources: sources.toSorted(compareSources),
    };
    await ahead;
  }
}

function firstDay(days: readonly (Day | undefined)[]): Day | undefined {
  return days.filter((day) => day !== undefined).toSorted()[0];
}

/** The days of one folder of a Region, in order. */
async function* listRegionDays(
  store: Store,
  prefix: string,
  { range, signal }: AccountPlace,
): AsyncGenerator<RegionDay> {
  const from = range.from === undefined ? undefined : `${prefix}${splitDay(range.from).join("/")}/`;
  let day: Day | undefined;
  let sources: Source[] = [];
  for await (const object of store.listFiles(prefix, { from, signal })) {
    const place = parseLogKey(object.key);
    if (place === undefined || !isInRange(place.day, { from: range.from })) continue;
    if (!isInRange(place.day, { to: range.to })) break;
    if (place.day !== day) {
      if (day !== undefined) yield { day, sources };
      day = place.day;
      sources = [];
    }
    sources.push(toSource(object, place.region));
  }
  if (day !== undefined) yield { day, sources };
}

function toSource({ key, size, tag }: StoreObject, region: string): Source {
  return { key, region, size, tag };
}

/** One event can lie in files of two roots: names decide before roots do. */
function compareSources(a: Source, b: Source): number {
  if (a.region !== b.region) return a.region < b.region ? -1 : 1;
  return compareKeys(nameOf(a), nameOf(b)) || compareKeys(a.key, b.key);
}

function nameOf({ key }: Source): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
