import type { AccountDay, LakeDay, LakeVersion } from "./lake-day.ts";
import { printDataFolder } from "./lake-day.ts";

/** Raised when a manifest is read otherwise. */
export const MANIFEST_FORMAT = 1;

/** A Parquet file of an account-day. */
export interface LakeFile {
  /** Of its folder: `part-00000.parquet`. */
  readonly name: string;
  readonly bytes: number;
  readonly records: number;
  /** Of the file's bytes, hexadecimal. */
  readonly sha256: string;
}

/** Sums over objects: objects = those read + setAside; events = records + duplicates. */
export interface Counts {
  readonly objects: number;
  /** As stored, that is gzipped. */
  readonly bytes: number;
  /** Objects that could not be read, or not wholly: none of their events is in the lake. */
  readonly setAside: number;
  /** Objects that came after the account-day had been written for the first time. */
  readonly late: number;
  /** In the objects that were read. */
  readonly events: number;
  /** Events of which the account-day has an earlier one with the same identity. */
  readonly duplicates: number;
  /** In the lake. */
  readonly records: number;
}

/** What the books say of one Region of an account-day. */
export interface RegionCounts extends Counts {
  readonly region: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`, of the records in the lake; undefined where none has a time of that form. */
  readonly firstEventTime: string | undefined;
  readonly lastEventTime: string | undefined;
}

/** An object that is set aside. */
export interface SetAsideObject {
  readonly key: string;
  readonly reason: string;
}

/**
 * The commit record of one version of an account-day: the version that has the highest number is the one that counts. It holds
 * no time and no name of a machine: the same objects give the same bytes.
 */
export interface Manifest extends LakeVersion {
  readonly format: number;
  /** Of the columns, as SCHEMA_VERSION counts them. */
  readonly schema: number;
  readonly files: readonly LakeFile[];
  /** The list of all objects, beside the manifest: SHA-256 of its bytes, and how many. */
  readonly sources: { readonly sha256: string; readonly bytes: number };
  readonly total: Counts;
  /** In the order of their names. */
  readonly regions: readonly RegionCounts[];
  /** The first few; the list of objects has all. */
  readonly setAside: readonly SetAsideObject[];
}

export const SET_ASIDE_KEPT = 20;

/** The sum of Regions. */
export function totalCounts(regions: readonly Counts[]): Counts {
  const sum = (of: (counts: Counts) => number): number =>
    regions.reduce((total, each) => total + of(each), 0);
  return {
    objects: sum(({ objects }) => objects),
    bytes: sum(({ bytes }) => bytes),
    setAside: sum(({ setAside }) => setAside),
    late: sum(({ late }) => late),
    events: sum(({ events }) => events),
    duplicates: sum(({ duplicates }) => duplicates),
    records: sum(({ records }) => records),
  };
}

export function printManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, undefined, 1)}\n`;
}

/**
 * @param at what the manifest's key says
 * @returns undefined for what no version of the tool wrote; one of a later format may have more in it than is known here
 */
export function parseManifest(
  text: string,
  at: AccountDay & { readonly version: number },
): Manifest | undefined {
  const parsed = parseJson(text) as Partial<Manifest> | undefined | null;
  if (typeof parsed !== "object" || typeof parsed?.format !== "number") return undefined;
  const isOfKey =
    parsed.dataset === at.dataset &&
    parsed.account === at.account &&
    parsed.day === at.day &&
    parsed.version === at.version;
  const isWhole =
    Array.isArray(parsed.files) && Array.isArray(parsed.regions) && typeof parsed.fingerprint === "string";
  return isOfKey && isWhole ? (parsed as Manifest) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The files that a manifest makes count. */
export function toLakeDay(manifest: Manifest): LakeDay {
  const { dataset, account, day, files } = manifest;
  return { dataset, account, day, folder: printDataFolder(manifest), parts: files.length };
}
