import type { Catalog, LakeContent } from "../../core/catalog.ts";
import { printAccountDay } from "../../core/lake/lake-day.ts";
import type { DayState } from "../../core/lake/lake-state.ts";
import { isReadable, listRemovable } from "../../core/lake/lake-state.ts";
import type { LakeStore } from "../../lake-store/lake-store.ts";
import type { LakeListing, ReadLakeOptions } from "./read-lake.ts";
import { readLake } from "./read-lake.ts";
import { listOldCoverage, writeCoverage } from "./write-coverage.ts";

/** What a lake has at the moment when the catalog is to be brought up to date with it: another run may have written meanwhile. */
export class CurrentLake {
  readonly #lake: LakeStore;
  readonly #options: Pick<ReadLakeOptions, "signal">;
  #listing: LakeListing;
  #coverage: string | undefined;

  /** @param listing as it was read or written last */
  constructor(lake: LakeStore, listing: LakeListing, { signal }: Pick<ReadLakeOptions, "signal">) {
    this.#lake = lake;
    this.#listing = listing;
    this.#options = { signal };
  }

  /** Reads it, and writes its coverage. */
  async read(): Promise<LakeContent> {
    this.#listing = await readLake(this.#lake, { ...this.#options, known: this.#listing.days });
    this.#coverage = await writeCoverage(this.#lake, this.#listing, this.#options);
    return toContent(this.#lake.url, this.#listing, this.#coverage);
  }

  /**
   * What nobody refers to, after the catalog was brought up to date with what was read.
   * @param actual as the catalog was before: what it named until just now may still be read
   */
  listUnused(actual: Pick<Catalog, "lake">, now: number): string[] {
    const named = new Map((actual.lake?.days ?? []).map((day) => [printAccountDay(day), day.folder]));
    const isSettled = (state: DayState): boolean => {
      const folder = named.get(printAccountDay(state));
      return folder === undefined || folder === state.commit?.folder;
    };
    const settled = [...this.#listing.days.values()].filter(isSettled);
    const unused = settled.flatMap((state) => listRemovable(state, now));
    return [...unused, ...listOldCoverage(this.#listing, { coverage: this.#coverage, now })];
  }
}

/** The account-days that can be read. */
function toContent(url: string, { days }: LakeListing, coverage: string | undefined): LakeContent {
  return {
    url,
    coverage,
    days: [...days]
      .filter(([, state]) => isReadable(state))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, { commit }]) => {
        if (commit === undefined) return [];
        const { dataset, account, day, folder, parts } = commit;
        return [{ dataset, account, day, folder, parts }];
      }),
  };
}
