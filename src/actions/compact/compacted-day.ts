import type { AccountDay } from "../../core/lake/lake-day.ts";
import type { Counts } from "../../core/lake/manifest.ts";
import type { CompactReason } from "../../core/lake/plan-compaction.ts";
import type { DayOutcome } from "./compact-day.ts";

/** What became of an account-day. */
export type CompactedDay = AccountDay & {
  readonly reason: CompactReason;
  readonly outcome:
    | {
        readonly kind: "committed";
        readonly counts: Counts;
        readonly files: number;
        readonly lakeBytes: number;
        /** Objects that have other content than when their events were written for the first time. */
        readonly replaced: number;
      }
    /** Another compaction has committed it meanwhile. */
    | { readonly kind: "lost-race" }
    /** Not written, and why. */
    | { readonly kind: "left"; readonly why: string };
};

export function summarizeOutcome(
  outcome: Exclude<DayOutcome, { readonly kind: "expired" }>,
): CompactedDay["outcome"] {
  if (outcome.kind !== "committed") return outcome;
  const { manifest, replaced } = outcome;
  const lakeBytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  return { kind: "committed", counts: manifest.total, files: manifest.files.length, lakeBytes, replaced };
}
