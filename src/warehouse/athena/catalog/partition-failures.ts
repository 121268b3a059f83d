import { UserError } from "../../../core/user-error.ts";
import type { PartitionFailure } from "./write-partitions.ts";

const NAMED_AT_MOST = 5;

/** @throws UserError naming the first of them, where there are any */
export function refuseFailures(failures: readonly PartitionFailure[]): void {
  if (failures.length === 0) return;
  const named = failures
    .slice(0, NAMED_AT_MOST)
    .map(({ table, values, code, message }) => `${values.join("/")} of ${table} (${code}: ${message})`);
  const more = failures.length - named.length;
  throw new UserError(
    `Glue did not take ${failures.length} partitions: ${named.join("; ")}${more > 0 ? ` and ${more} more` : ""}`,
    {
      hint: "all others were written; run again, and see Glue's quotas where it says ResourceNumberLimitExceeded",
    },
  );
}
