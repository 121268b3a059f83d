import type { Day } from "../day.ts";
import { dayFromParts, parseDay, splitDay } from "../day.ts";
import type { LogKind } from "../log-key.ts";
import { isAccount } from "../log-key.ts";

/** Logs of which a lake has tables of their own, by the folder that their files have in the lake. */
export const DATASETS = {
  data: "CloudTrail",
  insight: "CloudTrail-Insight",
  "network-activity": "CloudTrail-NetworkActivity",
} as const satisfies Readonly<Record<string, LogKind>>;

export type Dataset = keyof typeof DATASETS;

/** All Regions of one account on one day of delivery: what is written, and replaced, as a whole. */
export interface AccountDay {
  readonly dataset: Dataset;
  /** Twelve digits. */
  readonly account: string;
  readonly day: Day;
}

/** An account-day's files that count at present. */
export interface LakeDay extends AccountDay {
  /** Where they lie in the lake, with its final slash; another one for each version. */
  readonly folder: string;
  /** How many there are: part-00000.parquet and so on, at least one. */
  readonly parts: number;
}

/** In the order of datasets' names, accounts and days. */
export function printAccountDay({ dataset, account, day }: AccountDay): string {
  return `${dataset}/${account}/${day}`;
}

/** A version of an account-day: 1 is the first. */
export interface LakeVersion extends AccountDay {
  readonly version: number;
  /** Of the objects that it was made from, as they were listed: hexadecimal. */
  readonly fingerprint: string;
}

/** `data/account=<account>/year=<Y>/month=<M>/day=<D>/v000001-<fingerprint>/` */
export function printDataFolder({ dataset, account, day, ...name }: LakeVersion): string {
  const [year, month, date] = splitDay(day);
  return `${dataset}/account=${account}/year=${year}/month=${month}/day=${date}/${printVersion(name)}/`;
}

/** `part-00000.parquet` */
export function printPartName(part: number): string {
  return `part-${String(part).padStart(5, "0")}.parquet`;
}

/** Where the list of an account-day's objects lies: `sources/<dataset>/account=<account>/<day>.v000001-<fingerprint>.ndjson.gz` */
export function printSourcesKey({ dataset, account, day, ...name }: LakeVersion): string {
  return `sources/${dataset}/account=${account}/${day}.${printVersion(name)}.ndjson.gz`;
}

/** Has no fingerprint: of all that want to write a version, one can. `manifests/<dataset>/account=<account>/<day>.v000001.json` */
export function printManifestKey({
  dataset,
  account,
  day,
  version,
}: Omit<LakeVersion, "fingerprint">): string {
  return `manifests/${dataset}/account=${account}/${day}.v${pad(version)}.json`;
}

function printVersion({ version, fingerprint }: Pick<LakeVersion, "version" | "fingerprint">): string {
  return `v${pad(version)}-${fingerprint}`;
}

function pad(version: number): string {
  return String(version).padStart(6, "0");
}

/** What a key of the lake stands for. */
export type LakeKey =
  | ({ readonly kind: "manifest" } & Omit<LakeVersion, "fingerprint">)
  | ({ readonly kind: "sources" } & LakeVersion)
  | ({ readonly kind: "data"; readonly folder: string } & LakeVersion);

const DATA_KEY =
  /^([a-z-]+)\/account=(\d{12})\/year=(\d{4})\/month=(\d{2})\/day=(\d{2})\/v(\d{6,})-([0-9a-f]+)\/part-\d{5,}\.parquet$/;
const BOOK_KEY =
  /^(manifests|sources)\/([a-z-]+)\/account=(\d{12})\/(\d{4}-\d{2}-\d{2})\.v(\d{6,})(?:-([0-9a-f]+))?\.(json|ndjson\.gz)$/;

/** Reads a key that the tool wrote; undefined for any other, which is not ours to touch. */
export function parseLakeKey(key: string): LakeKey | undefined {
  return parseDataKey(key) ?? parseBookKey(key);
}

function parseDataKey(key: string): LakeKey | undefined {
  const [, dataset, account = "", year = "", month = "", date = "", version, fingerprint = ""] =
    DATA_KEY.exec(key) ?? [];
  const day = dayFromParts(year, month, date);
  if (!isDataset(dataset) || day === undefined || !isAccount(account)) return undefined;
  const folder = key.slice(0, key.lastIndexOf("/") + 1);
  return { kind: "data", dataset, account, day, version: Number(version), fingerprint, folder };
}

function parseBookKey(key: string): LakeKey | undefined {
  const [, place, dataset, account = "", date = "", version, fingerprint, extension] =
    BOOK_KEY.exec(key) ?? [];
  const day = parseDay(date);
  if (!isDataset(dataset) || day === undefined || !isAccount(account)) return undefined;
  const at = { dataset, account, day, version: Number(version) };
  if (place === "manifests" && extension === "json" && fingerprint === undefined)
    return { kind: "manifest", ...at };
  if (place === "sources" && extension === "ndjson.gz" && fingerprint !== undefined)
    return { kind: "sources", ...at, fingerprint };
  return undefined;
}

function isDataset(name: string | undefined): name is Dataset {
  return name !== undefined && Object.hasOwn(DATASETS, name);
}
