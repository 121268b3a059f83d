import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Compactor, DayResult, SourceReading } from "../../compactor/compactor.ts";
import { LAKE_SCHEMA } from "../../core/lake/lake-columns.ts";
import type { AccountDay, LakeVersion } from "../../core/lake/lake-day.ts";
import {
  parseLakeKey,
  printDataFolder,
  printManifestKey,
  printPartName,
  printSourcesKey,
} from "../../core/lake/lake-day.ts";
import type { DayState } from "../../core/lake/lake-state.ts";
import { isReadable } from "../../core/lake/lake-state.ts";
import { countRegions } from "../../core/lake/count-regions.ts";
import type { Manifest } from "../../core/lake/manifest.ts";
import { MANIFEST_FORMAT, printManifest, SET_ASIDE_KEPT, totalCounts } from "../../core/lake/manifest.ts";
import type { Source, SourceOutcome } from "../../core/lake/source-list.ts";
import { parseSources, printFingerprinted, printSource } from "../../core/lake/source-list.ts";
import type { LakeStore } from "../../lake-store/lake-store.ts";
import { readManifest } from "./read-lake.ts";

/** An account-day that is to be written. */
export interface DayJob extends AccountDay {
  readonly sources: readonly Source[];
  /** What the lake has of it. */
  readonly state: DayState | undefined;
}

export interface CompactDayPorts {
  readonly lake: LakeStore;
  readonly compactor: Compactor;
  readonly reading: SourceReading;
}

export interface CompactDayOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onRead?: ((read: { readonly objects: number; readonly bytes: number }) => void) | undefined;
}

export type DayOutcome =
  | { readonly kind: "committed"; readonly manifest: Manifest; readonly replaced: number }
  | { readonly kind: "lost-race" }
  /** Objects have gone, as logs do when they expire, and none has come: the lake keeps their events. */
  | { readonly kind: "expired" }
  | { readonly kind: "left"; readonly why: string };

/** Of gzip: hashes and names hardly get smaller at a higher one. */
const LIST_LEVEL = 1;

/** Tells one state of an account-day's objects from another. */
export function fingerprintSources(sources: readonly Source[]): string {
  return createHash("sha256").update(printFingerprinted(sources)).digest("hex").slice(0, 16);
}

/**
 * Writes an account-day as its next version: Parquet first, then the list of its objects, then the manifest, which one of several
 * that try can write. What was there before stays as it is, and counts until then.
 * @throws SourceChanged where an object is not as it was listed
 */
export async function compactDay(
  ports: CompactDayPorts,
  job: DayJob,
  options: CompactDayOptions = {},
): Promise<DayOutcome> {
  const { lake, compactor, reading } = ports;
  const { signal } = options;
  const earlier = await readEarlier(lake, job, signal);
  const gone = countGone(job, earlier);
  if (gone > 0 && !hasCome(job, earlier)) return { kind: "expired" };
  if (gone > 0) return { kind: "left", why: explainLoss(gone) };
  if (isUntold(job, earlier)) return { kind: "left", why: UNTOLD };
  const version = makeVersion(job);
  if ((await lake.read(printManifestKey(version), { signal })) !== undefined) return { kind: "lost-race" };
  const folder = printDataFolder(version);
  const result = await compactor.compactDay({
    ...options,
    dataset: job.dataset,
    sources: job.sources,
    reading,
    writePart: (part, pieces) => lake.write(`${folder}${printPartName(part)}`, pieces, { signal }),
  });
  const outcomes = markLate(result.sources, earlier);
  const ruined = outcomes.find(({ key, setAside }) => setAside !== undefined && isRead(earlier?.get(key)));
  if (ruined !== undefined) return { kind: "left", why: explainRuin(ruined) };
  const list = gzipSync(outcomes.map(printSource).join(""), { level: LIST_LEVEL });
  await lake.write(printSourcesKey(version), [list], { signal });
  const manifest = makeManifest(version, { result, outcomes, list });
  const isOurs = await writeManifest(lake, manifest, signal);
  if (!isOurs) return { kind: "lost-race" };
  return { kind: "committed", manifest, replaced: countReplaced(outcomes, earlier) };
}

function makeVersion({ dataset, account, day, sources, state }: DayJob): LakeVersion {
  const fingerprint = fingerprintSources(sources);
  return { dataset, account, day, version: (state?.version ?? 0) + 1, fingerprint };
}

/** By key; undefined where there is no list, or where it cannot be read. */
type Earlier = ReadonlyMap<string, SourceOutcome> | undefined;

async function readEarlier(
  lake: LakeStore,
  { state }: DayJob,
  signal: AbortSignal | undefined,
): Promise<Earlier> {
  const key = state === undefined ? undefined : findSourcesKey(state);
  const bytes = key === undefined ? undefined : await lake.read(key, { signal });
  const sources = bytes === undefined ? undefined : unpackSources(bytes);
  return sources && new Map(sources.map((source) => [source.key, source]));
}

/** Where the manifest cannot be read, a list of its version tells what it was made from. */
function findSourcesKey({ commit, files, version }: DayState): string | undefined {
  if (commit !== undefined) return printSourcesKey(commit);
  return files
    .map(({ key }) => key)
    .find((key) => {
      const parsed = parseLakeKey(key);
      return parsed?.kind === "sources" && parsed.version === version;
    });
}

/** @returns undefined for bytes that are no list of objects */
export function unpackSources(bytes: Uint8Array): SourceOutcome[] | undefined {
  try {
    return parseSources(gunzipSync(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Objects that the lake has events of, and that are no longer among the logs. */
function countGone({ sources }: DayJob, earlier: Earlier): number {
  const keys = new Set(sources.map(({ key }) => key));
  // The same logs have other keys where --logs points at another place above them.
  const names = new Set(sources.map(({ key }) => nameOf(key)));
  return [...(earlier?.values() ?? [])].filter(
    (source) => isRead(source) && !keys.has(source.key) && !names.has(nameOf(source.key)),
  ).length;
}

/** From the account on, which is the same below every root. */
function nameOf(key: string): string {
  return key.split("/").slice(-PARTS_BELOW_ROOT).join("/");
}

/** Account, kind, Region, year, month, day and file. */
const PARTS_BELOW_ROOT = 7;

function isRead(source: SourceOutcome | undefined): boolean {
  return source !== undefined && source.setAside === undefined;
}

/** Whether nobody can tell if objects have gone since: the list of them is gone, and they are not what they were. */
function isUntold({ sources, state }: DayJob, earlier: Earlier): boolean {
  const commit = state?.commit;
  return earlier === undefined && commit !== undefined && fingerprintSources(sources) !== commit.fingerprint;
}

const UNTOLD =
  "the list of the objects that it was made from is gone or damaged, and the logs have changed since; to make it from the logs that are there now, delete its manifest";

/** The lake has the events that were in it. */
function explainRuin({ key, setAside }: SourceOutcome): string {
  return `${key} could be read before and cannot be now (${setAside}): the lake keeps its events, and does not have what came since`;
}

/** Whether there is more to do than to forget what has gone. */
function hasCome({ sources, state }: DayJob, earlier: Earlier): boolean {
  if (state === undefined || !isReadable(state)) return true;
  return sources.some(({ key, size, tag }) => {
    const known = earlier?.get(key);
    return known?.size !== size || known.tag !== tag;
  });
}

/** Their events are in the lake alone: to write the account-day anew would lose them. */
function explainLoss(gone: number): string {
  const objects = gone === 1 ? "1 object that is" : `${gone} objects that are`;
  return `the lake has the events of ${objects} gone from the logs, and keeps them; what has come since is not in it`;
}

function markLate(sources: DayResult["sources"], earlier: Earlier): SourceOutcome[] {
  return sources.map((source) => ({
    ...source,
    late: earlier === undefined ? false : (earlier.get(source.key)?.late ?? true),
  }));
}

/** Objects that have other content than when their events were written. */
function countReplaced(outcomes: readonly SourceOutcome[], earlier: Earlier): number {
  return outcomes.filter(({ key, sha256 }) => {
    const known = earlier?.get(key);
    return known?.sha256 !== undefined && known.setAside === undefined && known.sha256 !== sha256;
  }).length;
}

function makeManifest(
  version: LakeVersion,
  {
    result,
    outcomes,
    list,
  }: { readonly result: DayResult; readonly outcomes: readonly SourceOutcome[]; readonly list: Uint8Array },
): Manifest {
  const regions = countRegions(outcomes, result.times);
  return {
    format: MANIFEST_FORMAT,
    ...version,
    schema: LAKE_SCHEMA,
    files: result.files,
    sources: { sha256: createHash("sha256").update(list).digest("hex"), bytes: list.length },
    total: totalCounts(regions),
    regions,
    setAside: outcomes
      .flatMap(({ key, setAside }) => (setAside === undefined ? [] : [{ key, reason: setAside }]))
      .slice(0, SET_ASIDE_KEPT),
  };
}

/** An answer can be lost, and the call be sent again: a manifest of the very same text is ours, or as good as ours. */
async function writeManifest(
  lake: LakeStore,
  manifest: Manifest,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const text = printManifest(manifest);
  if (await lake.create(printManifestKey(manifest), Buffer.from(text), { signal })) return true;
  const there = await readManifest(lake, manifest, { signal });
  if (there !== undefined && printManifest(there) === text) return true;
  if (there !== undefined && there.fingerprint !== manifest.fingerprint) await discard(lake, manifest);
  return false;
}

/** Of a version that another has won: nobody can ever refer to these. */
async function discard(lake: LakeStore, manifest: Manifest): Promise<void> {
  const folder = printDataFolder(manifest);
  await lake.remove([printSourcesKey(manifest), ...manifest.files.map(({ name }) => `${folder}${name}`)]);
}
