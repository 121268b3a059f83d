import { LAKE_SCHEMA } from "./lake-columns.ts";
import type { DayState } from "./lake-state.ts";
import { findDamage } from "./lake-state.ts";

/** Why an account-day is written. */
export type CompactReason =
  /** It is not in the lake. */
  | "new"
  /** Objects have come or changed since. */
  | "changed"
  /** Files of it are damaged or gone. */
  | "damaged"
  /** Its columns are those of an earlier time. */
  | "outdated";

/**
 * @param fingerprint of the objects that are there
 * @returns undefined where the lake has the account-day as it should be
 */
export function decideCompaction(
  fingerprint: string,
  state: DayState | undefined,
): CompactReason | undefined {
  if (state === undefined || state.version === 0) return "new";
  const { commit, files } = state;
  if (commit === undefined || findDamage(commit, files) !== undefined) return "damaged";
  if (commit.fingerprint !== fingerprint) return "changed";
  return commit.schema === LAKE_SCHEMA ? undefined : "outdated";
}
