import { forEachConcurrently } from "../../core/for-each-concurrently.ts";
import { DATASETS, printManifestKey } from "../../core/lake/lake-day.ts";
import type { AccountDay } from "../../core/lake/lake-day.ts";
import { LAKE_SCHEMA } from "../../core/lake/lake-columns.ts";
import type { DayState, ListedFile } from "../../core/lake/lake-state.ts";
import { groupByAccountDay, toCommit } from "../../core/lake/lake-state.ts";
import type { Manifest } from "../../core/lake/manifest.ts";
import { MANIFEST_FORMAT, parseManifest } from "../../core/lake/manifest.ts";
import { UserError } from "../../core/user-error.ts";
import type { LakeStore } from "../../lake-store/lake-store.ts";
import type { OnProgress } from "../progress.ts";

/** What a lake has: account-days by printAccountDay, and the files of the coverage. */
export interface LakeListing {
  readonly days: Map<string, DayState>;
  readonly coverage: readonly ListedFile[];
}

export interface ReadLakeOptions {
  /** What was read before: manifests of a version are never changed, and are not read again. */
  readonly known?: ReadonlyMap<string, DayState> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

const FOLDERS = ["manifests/", "sources/", ...Object.keys(DATASETS).map((dataset) => `${dataset}/`)];

/** Lists a lake and reads the manifest that counts of each account-day. */
export async function readLake(
  lake: LakeStore,
  { known, signal, onProgress }: ReadLakeOptions = {},
): Promise<LakeListing> {
  const listed: ListedFile[] = [];
  // Manifests come first: what one of them names was written before it, and is there when its folder is listed.
  for (const folder of FOLDERS) {
    for await (const file of lake.listFiles(folder, { signal })) {
      if (listed.push(file) % 1000 === 0) onProgress?.({ step: "listing the lake", done: listed.length });
    }
  }
  const days = groupByAccountDay(listed);
  let done = 0;
  await forEachConcurrently([...days], lake.callsAtOnce, async ([id, state]) => {
    if (state.version === 0) return;
    const commit = known?.get(id)?.commit;
    days.set(
      id,
      commit?.version === state.version ? { ...state, commit } : await readCommit(lake, state, signal),
    );
    if (++done % 100 === 0) onProgress?.({ step: "reading manifests", done, total: days.size });
  });
  const coverage: ListedFile[] = [];
  for await (const file of lake.listFiles("coverage/", { signal })) coverage.push(file);
  return { days, coverage };
}

async function readCommit(
  lake: LakeStore,
  state: DayState,
  signal: AbortSignal | undefined,
): Promise<DayState> {
  const manifest = await readManifest(lake, state, { signal });
  return { ...state, commit: manifest === undefined ? undefined : toCommit(manifest) };
}

/** @returns undefined where it is gone, or is none that this version of the tool reads */
export async function readManifest(
  lake: LakeStore,
  at: AccountDay & { readonly version: number },
  { signal }: Pick<ReadLakeOptions, "signal">,
): Promise<Manifest | undefined> {
  const bytes = await lake.read(printManifestKey(at), { signal });
  const manifest = bytes === undefined ? undefined : parseManifest(Buffer.from(bytes).toString("utf8"), at);
  if (manifest !== undefined) refuseNewer(lake, manifest);
  return manifest;
}

/** An older version of the tool would take what it does not know for damage, and write it anew without. */
function refuseNewer({ url }: LakeStore, { format, schema }: Manifest): void {
  if (format <= MANIFEST_FORMAT && schema <= LAKE_SCHEMA) return;
  throw new UserError(`the lake ${url} was written by a newer version of cloudtrail-partitioner`, {
    hint: "update cloudtrail-partitioner: this version does not know all that is in it",
  });
}
