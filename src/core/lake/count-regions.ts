import type { RegionCounts } from "./manifest.ts";
import type { SourceOutcome } from "./source-list.ts";

/** What the books say of each Region, in the order of their names. */
export function countRegions(
  sources: readonly SourceOutcome[],
  times: ReadonlyMap<string, { readonly first: string; readonly last: string }>,
): RegionCounts[] {
  const regions = new Map<string, SourceOutcome[]>();
  for (const source of sources) {
    const ofRegion = regions.get(source.region) ?? [];
    regions.set(source.region, ofRegion);
    ofRegion.push(source);
  }
  return [...regions]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([region, ofRegion]) => {
      const sum = (of: (source: SourceOutcome) => number): number =>
        ofRegion.reduce((total, source) => total + of(source), 0);
      const events = sum((source) => source.events ?? 0);
      const duplicates = sum((source) => source.duplicates);
      return {
        region,
        objects: ofRegion.length,
        bytes: sum(({ size }) => size),
        setAside: sum(({ setAside }) => (setAside === undefined ? 0 : 1)),
        late: sum(({ late }) => (late ? 1 : 0)),
        events,
        duplicates,
        records: events - duplicates,
        firstEventTime: times.get(region)?.first,
        lastEventTime: times.get(region)?.last,
      };
    });
}
