import type { CompactReport } from "../actions/compact/compact.ts";
import type { CompactedDay } from "../actions/compact/compacted-day.ts";
import type { Day } from "../core/day.ts";
import type { Counts } from "../core/lake/manifest.ts";
import { totalCounts } from "../core/lake/manifest.ts";

/** What compacting saw and did: events = records + duplicates, of all objects but those that are set aside. */
export interface LakeSummary extends Counts {
  readonly accountDays: {
    readonly compacted: number;
    /** Left as they were, for reasons that are logged. */
    readonly left: number;
    /** Left for another call, as time was up; undefined where the run failed before it knew. */
    readonly notBegun: number | undefined;
  };
  /** The last day up to which the view reads the lake alone; undefined where there is none, or where the run failed. */
  readonly compactedThrough: Day | undefined;
}

/** Counts while account-days are compacted, so that a run that fails is told of, too. */
export class LakeTally {
  readonly #counts: Counts[] = [];
  #left = 0;
  #end: Pick<CompactReport, "notBegun" | "compactedThrough"> | undefined;

  addDay({ outcome }: CompactedDay): void {
    if (outcome.kind === "committed") this.#counts.push(outcome.counts);
    if (outcome.kind === "left") this.#left++;
  }

  finish({ notBegun, compactedThrough }: Pick<CompactReport, "notBegun" | "compactedThrough">): void {
    this.#end = { notBegun, compactedThrough };
  }

  summarize(): LakeSummary {
    return {
      accountDays: { compacted: this.#counts.length, left: this.#left, notBegun: this.#end?.notBegun },
      ...totalCounts(this.#counts),
      compactedThrough: this.#end?.compactedThrough,
    };
  }
}
