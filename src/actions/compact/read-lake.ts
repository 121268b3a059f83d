import { forEachConcurrently } from "../../core/for-each-concurrently.ts";
import { DATASETS, printManifestKey } from "../../core/lake/lake-day.ts";
import type { AccountDay } from "../../core/lake/lake-day.ts";
import type { DayState, ListedFile } from "../../core/lake/lake-state.ts";
import { groupByAccountDay, toCommit } from "../../core/lake/lake-state.ts";
import type { Manifest } from "../../core/lake/manifest.ts";
import { parseManifest } from "../../core/lake/manifest.ts";
import type { LakeStore } from "../../lake-store/lake-store.ts";
import type { OnProgress } from "../progress.ts";

/** What a lake has: account-days by printAccountDay, and the files of the coverage. */
export interface LakeListing {
  readonly days: Map<string, DayState>;
  readonly coverage: readonly ListedFile[];
}

export interface ReadLakeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

const FOLDERS = ["manifests/", "sources/", ...Object.keys(DATASETS).map((dataset) => `${dataset}/`)];

/** Lists a lake and reads the manifest that counts of each account-day. */
export async function readLake(
  lake: LakeStore,
  { signal, onProgress }: ReadLakeOptions = {},
): Promise<LakeListing> {
  const listed: ListedFile[] = [];
  // Manifests come last: what one of them names was written before, and is seen then.
  for (const folder of FOLDERS.toReversed()) {
    for await (const file of lake.listFiles(folder, { signal })) {
      if (listed.push(file) % 1000 === 0) onProgress?.({ step: "listing the lake", done: listed.length });
    }
  }
  const days = groupByAccountDay(listed);
  let done = 0;
  await forEachConcurrently([...days], lake.callsAtOnce, async ([id, state]) => {
    if (state.version === 0) return;
    const manifest = await readManifest(lake, state, { signal });
    days.set(id, { ...state, commit: manifest === undefined ? undefined : toCommit(manifest) });
    if (++done % 100 === 0) onProgress?.({ step: "reading manifests", done, total: days.size });
  });
  const coverage: ListedFile[] = [];
  for await (const file of lake.listFiles("coverage/", { signal })) coverage.push(file);
  return { days, coverage };
}

/** @returns undefined where it is gone, or is none that this version of the tool reads */
export async function readManifest(
  lake: LakeStore,
  at: AccountDay & { readonly version: number },
  { signal }: Pick<ReadLakeOptions, "signal">,
): Promise<Manifest | undefined> {
  const bytes = await lake.read(printManifestKey(at), { signal });
  return bytes === undefined ? undefined : parseManifest(Buffer.from(bytes).toString("utf8"), at);
}
