import type { AccountDay, LakeDay } from "./lake-day.ts";
import {
  parseLakeKey,
  printAccountDay,
  printDataFolder,
  printManifestKey,
  printSourcesKey,
} from "./lake-day.ts";
import type { Manifest } from "./manifest.ts";
import { toLakeDay } from "./manifest.ts";

/** A file of the lake, as it was listed. */
export interface ListedFile {
  readonly key: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** What of a manifest is kept for each account-day; the rest is read again where it is needed. */
export interface Commit extends LakeDay {
  readonly version: number;
  readonly fingerprint: string;
  readonly schema: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly sources: { readonly bytes: number };
  readonly objects: number;
}

export function toCommit(manifest: Manifest): Commit {
  const { version, fingerprint, schema, files, sources, total } = manifest;
  return {
    ...toLakeDay(manifest),
    version,
    fingerprint,
    schema,
    files: files.map(({ name, bytes }) => ({ name, bytes })),
    sources: { bytes: sources.bytes },
    objects: total.objects,
  };
}

/** All that a lake has of one account-day. */
export interface DayState extends AccountDay {
  /** The highest version that has a manifest, readable or not; 0 where there is none. */
  readonly version: number;
  /** Of the manifest of that version; 0 where there is none. */
  readonly committed: number;
  /** Undefined where there is no manifest, or where it cannot be read. */
  readonly commit: Commit | undefined;
  /** Of all versions. */
  readonly files: readonly ListedFile[];
}

/** The account-days of a lake from its listing, by printAccountDay; manifests are not read yet. Foreign keys are left out. */
export function groupByAccountDay(listed: Iterable<ListedFile>): Map<string, DayState> {
  const states = new Map<string, DayState & { files: ListedFile[] }>();
  for (const file of listed) {
    const key = parseLakeKey(file.key);
    if (key === undefined) continue;
    const id = printAccountDay(key);
    const { dataset, account, day } = key;
    const known = states.get(id) ?? {
      dataset,
      account,
      day,
      version: 0,
      committed: 0,
      commit: undefined,
      files: [],
    };
    known.files.push(file);
    const isNewer = key.kind === "manifest" && key.version > known.version;
    states.set(id, isNewer ? { ...known, version: key.version, committed: file.modified } : known);
  }
  return states;
}

/** Whether the files of the version that counts are all there, in their sizes. */
export function isReadable({ commit, files }: DayState): boolean {
  return commit !== undefined && findDamage(commit, files) === undefined;
}

/** The first file that a commit names and that is not there in its size; undefined where all are. */
export function findDamage(commit: Commit, files: readonly ListedFile[]): string | undefined {
  const sizes = new Map(files.map(({ key, size }) => [key, size]));
  const wanted = [
    ...commit.files.map(({ name, bytes }) => ({ key: `${commit.folder}${name}`, bytes })),
    { key: printSourcesKey(commit), bytes: commit.sources.bytes },
  ];
  return wanted.find(({ key, bytes }) => sizes.get(key) !== bytes)?.key;
}

const DAY_MS = 86_400_000;
/** How long files that a newer version has replaced are kept for queries that read them. */
const KEEP_REPLACED_MS = DAY_MS;
/** No attempt takes that long: who made these files is not at work on them any more. */
const KEEP_ATTEMPTS_MS = 7 * DAY_MS;

/**
 * The files that nobody refers to, and nobody ever will: what was left of attempts at versions that others have won, and all of
 * earlier versions when a day has gone by. What belongs to a version that is not committed yet may be somebody's work for a week.
 */
export function listRemovable(state: DayState, now: number): string[] {
  const { commit, committed, files } = state;
  if (commit === undefined) return [];
  const isReplacedLongAgo = now - committed >= KEEP_REPLACED_MS;
  return files.flatMap(({ key, modified }) => {
    const parsed = parseLakeKey(key);
    if (parsed === undefined) return [];
    if (parsed.version > commit.version) return now - modified >= KEEP_ATTEMPTS_MS ? [key] : [];
    if (parsed.version < commit.version) return isReplacedLongAgo ? [key] : [];
    return refersTo(commit, key) ? [] : [key];
  });
}

function refersTo(commit: Commit, key: string): boolean {
  return (
    key.startsWith(printDataFolder(commit)) ||
    key === printSourcesKey(commit) ||
    key === printManifestKey(commit)
  );
}
