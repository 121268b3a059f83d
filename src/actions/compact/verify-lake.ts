import { createHash } from "node:crypto";
import { readLogText } from "../../compactor/read-log.ts";
import { isInRange } from "../../core/day.ts";
import { forEachConcurrently } from "../../core/for-each-concurrently.ts";
import { countRegions } from "../../core/lake/count-regions.ts";
import type { AccountDay } from "../../core/lake/lake-day.ts";
import { DATASETS, printAccountDay, printDataFolder, printSourcesKey } from "../../core/lake/lake-day.ts";
import type { DayState } from "../../core/lake/lake-state.ts";
import type { Counts, Manifest } from "../../core/lake/manifest.ts";
import { totalCounts } from "../../core/lake/manifest.ts";
import type { Source, SourceOutcome } from "../../core/lake/source-list.ts";
import { SourceChanged } from "../../core/source-changed.ts";
import { UserError } from "../../core/user-error.ts";
import type { LakeStore } from "../../lake-store/lake-store.ts";
import type { Store } from "../../store/store.ts";
import type { OnProgress } from "../progress.ts";
import type { Scope } from "../scope.ts";
import { walkLogs } from "../walk-logs.ts";
import { unpackSources } from "./compact-day.ts";
import { listAccountDay } from "./list-account-days.ts";
import { readLake, readManifest } from "./read-lake.ts";

export interface VerifyOptions extends Scope {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** What is wrong with an account-day. */
export interface LakeCheck extends AccountDay {
  readonly problems: readonly string[];
}

export interface VerifyReport {
  readonly accountDays: number;
  /** Parquet files, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Log files that were read again. */
  readonly objects: number;
  /** Log files that are gone since, as logs are when they expire: the lake has their events still. */
  readonly gone: number;
  /** Events of the log files that were read again. */
  readonly events: number;
  /** Those with problems. */
  readonly checks: readonly LakeCheck[];
  /** What the manifests say. */
  readonly total: Counts;
}

/**
 * Compares a lake with its manifests, and these with the logs: every file of the lake and every log is read again, and its hash
 * compared. Changes nothing.
 */
export async function verifyLake(
  { store, lake }: { readonly store: Store; readonly lake: LakeStore },
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const { accounts, range = {}, signal, onProgress } = options;
  const { days } = await readLake(lake, { signal, onProgress });
  if (days.size === 0)
    throw new UserError(`there is no lake in ${lake.url}: no account-day was found there`, {
      hint: "name the folder or bucket that compact wrote to, with --lake",
    });
  const asked = [...days.values()].filter(
    ({ account, day }) => (accounts?.includes(account) ?? true) && isInRange(day, range),
  );
  const roots = await findRoots(store, options);
  const tally = new Tally();
  let done = 0;
  await forEachConcurrently(asked, DAYS_AT_ONCE, async (state) => {
    signal?.throwIfAborted();
    await checkDay({ store, lake, roots, tally, signal }, state);
    onProgress?.({ step: "verifying account-days", done: ++done, total: asked.length });
  });
  return tally.finish(asked.length);
}

/** Each holds one file of the lake, or one log. */
const DAYS_AT_ONCE = 4;

async function findRoots(store: Store, { accounts, range, signal }: VerifyOptions): Promise<string[]> {
  const roots = new Set<string>();
  for await (const event of walkLogs(store, {
    scope: { accounts, range },
    detail: "days",
    signal,
  })) {
    if (event.kind === "root") roots.add(event.root);
  }
  return [...roots].toSorted();
}

/** Sums, and what was found wrong. */
class Tally {
  files = 0;
  bytes = 0;
  objects = 0;
  gone = 0;
  events = 0;
  readonly totals: Counts[] = [];
  readonly #checks = new Map<string, AccountDay & { readonly problems: string[] }>();

  note({ dataset, account, day }: AccountDay, problem: string): void {
    const id = printAccountDay({ dataset, account, day });
    const check = this.#checks.get(id) ?? { dataset, account, day, problems: [] };
    this.#checks.set(id, check);
    check.problems.push(problem);
  }

  finish(accountDays: number): VerifyReport {
    const { files, bytes, objects, gone, events } = this;
    const checks = [...this.#checks].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, check]) => check);
    return { accountDays, files, bytes, objects, gone, events, checks, total: totalCounts(this.totals) };
  }
}

interface Check {
  readonly store: Store;
  readonly lake: LakeStore;
  readonly roots: readonly string[];
  readonly tally: Tally;
  readonly signal: AbortSignal | undefined;
}

async function checkDay(check: Check, state: DayState): Promise<void> {
  const { lake, tally, signal } = check;
  if (state.version === 0) return tally.note(state, "there are files of it, and no manifest");
  const manifest = await readManifest(lake, state, { signal });
  if (manifest === undefined)
    return tally.note(state, `its manifest, version ${state.version}, cannot be read`);
  tally.totals.push(manifest.total);
  await checkFiles(check, manifest);
  const sources = await readSources(check, manifest);
  if (sources === undefined) return;
  checkSums(check, { manifest, sources });
  await checkLogs(check, { manifest, sources });
}

async function checkFiles({ lake, tally, signal }: Check, manifest: Manifest): Promise<void> {
  for (const { name, sha256 } of manifest.files) {
    const bytes = await lake.read(`${printDataFolder(manifest)}${name}`, { signal });
    if (bytes === undefined) tally.note(manifest, `${name} is gone from the lake`);
    else if (hash(bytes) !== sha256) tally.note(manifest, `${name} has other bytes than were written`);
    tally.files++;
    tally.bytes += bytes?.length ?? 0;
  }
}

async function readSources(
  { lake, tally, signal }: Check,
  manifest: Manifest,
): Promise<readonly SourceOutcome[] | undefined> {
  const bytes = await lake.read(printSourcesKey(manifest), { signal });
  const sources = bytes && hash(bytes) === manifest.sources.sha256 ? unpackSources(bytes) : undefined;
  if (sources === undefined)
    tally.note(manifest, "the list of its objects is gone, or has other bytes than were written");
  return sources;
}

interface Books {
  readonly manifest: Manifest;
  readonly sources: readonly SourceOutcome[];
}

function checkSums({ tally }: Check, { manifest, sources }: Books): void {
  const { total, files } = manifest;
  const summed = totalCounts(countRegions(sources, new Map()));
  if (JSON.stringify(summed) !== JSON.stringify(total))
    tally.note(manifest, "its sums are not those of its list of objects");
  const records = files.reduce((sum, file) => sum + file.records, 0);
  if (records !== total.records || total.events !== total.records + total.duplicates)
    tally.note(
      manifest,
      `${total.events} events are not ${records} records and ${total.duplicates} duplicates`,
    );
}

async function checkLogs(
  { store, roots, tally, signal }: Check,
  { manifest, sources }: Books,
): Promise<void> {
  const there = await listAccountDay(store, manifest, { roots, signal });
  const now = new Map(there.map((source) => [source.key, source]));
  for (const source of sources) {
    const found = now.get(source.key);
    now.delete(source.key);
    if (found === undefined) tally.gone++;
    else await checkLog({ store, tally, signal }, { manifest, source, found });
  }
  if (now.size > 0)
    tally.note(
      manifest,
      `log files of ${DATASETS[manifest.dataset]} came since, ${now.size} in number: compact takes them in`,
    );
}

async function checkLog(
  { store, tally, signal }: Pick<Check, "store" | "tally" | "signal">,
  {
    manifest,
    source,
    found,
  }: { readonly manifest: Manifest; readonly source: SourceOutcome; readonly found: Source },
): Promise<void> {
  tally.objects++;
  tally.events += source.events ?? 0;
  if (source.sha256 !== (await hashLog(store, found, signal)))
    tally.note(manifest, `${source.key} has other content than when it was read`);
}

/** @returns undefined for what cannot be gunzipped, or changes meanwhile */
async function hashLog(
  store: Store,
  source: Source,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const log = readLogText(await store.readListed(source, { signal }));
    return log.kind === "text" ? log.sha256 : undefined;
  } catch (error) {
    if (error instanceof SourceChanged) return undefined;
    throw error;
  }
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
