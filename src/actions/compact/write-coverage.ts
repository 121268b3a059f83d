import { createHash } from "node:crypto";
import { once } from "node:events";
import { createGzip } from "node:zlib";
import { COVERAGE_FILE, printCoverage, printCoverageFolder } from "../../core/lake/coverage.ts";
import { isReadable } from "../../core/lake/lake-state.ts";
import type { LakeStore } from "../../lake-store/lake-store.ts";
import type { LakeListing, ReadLakeOptions } from "./read-lake.ts";
import { readManifest } from "./read-lake.ts";

/** Manifests are read so many ahead of the one whose turn it is. */
const AHEAD = 32;

/**
 * Writes the coverage of all account-days that can be read, under a name made from its content, where it is not there yet.
 * @returns its key; undefined for an empty lake
 */
export async function writeCoverage(
  lake: LakeStore,
  { days, coverage }: LakeListing,
  { signal }: Pick<ReadLakeOptions, "signal">,
): Promise<string | undefined> {
  const states = [...days].filter(([, state]) => isReadable(state)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (states.length === 0) return undefined;
  const hash = createHash("sha256");
  const gzip = createGzip();
  const pieces: Buffer[] = [];
  const packed = (async () => {
    for await (const piece of gzip) pieces.push(piece as Buffer);
  })();
  for (let start = 0; start < states.length; start += AHEAD) {
    const manifests = states
      .slice(start, start + AHEAD)
      .map(([, state]) => readManifest(lake, state, { signal }));
    for (const manifest of await Promise.all(manifests)) {
      // One that is gone by now is told by the next run.
      if (manifest === undefined) continue;
      const lines = printCoverage(manifest);
      hash.update(lines);
      if (!gzip.write(lines)) await once(gzip, "drain");
    }
  }
  gzip.end();
  await packed;
  const key = `${printCoverageFolder(hash.digest("hex").slice(0, 16))}${COVERAGE_FILE}`;
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  if (!coverage.some((file) => file.key === key && file.size === size))
    await lake.write(key, pieces, { signal });
  return key;
}

const KEEP_OLD_MS = 86_400_000;
const COVERAGE_KEY = /^coverage\/[0-9a-f]{16}\/coverage\.json\.gz$/;

/** What was written before the one that counts, when a day has gone by since that came; not what another run has just written. */
export function listOldCoverage(
  { coverage }: LakeListing,
  { coverage: current, now }: { readonly coverage: string | undefined; readonly now: number },
): string[] {
  const written = coverage.find(({ key }) => key === current)?.modified;
  if (written === undefined || now - written < KEEP_OLD_MS) return [];
  return coverage.flatMap(({ key, modified }) =>
    key !== current && COVERAGE_KEY.test(key) && now - modified >= KEEP_OLD_MS ? [key] : [],
  );
}
