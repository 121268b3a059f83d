import type { Day } from "../../core/day.ts";
import type { Inventory } from "../../core/inventory.ts";
import type { AccountDay } from "../../core/lake/lake-day.ts";
import { printAccountDay } from "../../core/lake/lake-day.ts";
import type { CompactReason } from "../../core/lake/plan-compaction.ts";
import { decideCompaction } from "../../core/lake/plan-compaction.ts";
import type { Source } from "../../core/lake/source-list.ts";
import type { Store } from "../../store/store.ts";
import type { DiscoverOptions } from "../discover.ts";
import { fingerprintSources } from "./compact-day.ts";
import { listAccountDays } from "./list-account-days.ts";
import type { LakeListing } from "./read-lake.ts";

/** An account-day that is to be written. */
export interface DueDay extends AccountDay {
  readonly reason: CompactReason;
  /** Undefined where it has to be listed again: so many are not held. */
  readonly sources: readonly Source[] | undefined;
}

export interface DaysPlan {
  /** By day. */
  readonly due: readonly DueDay[];
  readonly upToDate: number;
  /** Stored bytes of all that is due. */
  readonly bytes: number;
  /** Objects of a kind that the lake does not take in. */
  readonly unsupported: number;
}

export interface PlanDaysOptions {
  readonly inventory: Inventory;
  readonly listing: LakeListing;
  readonly options: DiscoverOptions;
  readonly closedThrough: Day;
  /** With each account-day that is due, as soon as it is known to be. */
  readonly onDue?: (() => void) | undefined;
}

/** Some 60 MB. What is due beyond them is listed twice: to see that it is due, and when its turn comes. */
const SOURCES_HELD = 200_000;

/** Lists the closed days of the logs, and compares them with what the lake was made from. Reads no log. */
export async function planDays(
  store: Store,
  { inventory, listing, options, closedThrough, onDue }: PlanDaysOptions,
): Promise<DaysPlan> {
  const { range = {}, signal, onProgress } = options;
  const to = range.to === undefined || range.to > closedThrough ? closedThrough : range.to;
  const due: DueDay[] = [];
  let [objects, bytes, held, upToDate, unsupported] = [0, 0, 0, 0, 0];
  for await (const listed of listAccountDays(store, inventory, {
    range: { ...range, to },
    signal,
  })) {
    if (listed.kind === "unsupported") {
      unsupported++;
      continue;
    }
    const { dataset, account, day, sources } = listed;
    onProgress?.({ step: "listing objects of closed days", done: (objects += sources.length) });
    const reason = decideCompaction(fingerprintSources(sources), listing.days.get(printAccountDay(listed)));
    if (reason === undefined) {
      upToDate++;
      continue;
    }
    onDue?.();
    const isHeld = held + sources.length <= SOURCES_HELD;
    if (isHeld) held += sources.length;
    bytes += sources.reduce((sum, { size }) => sum + size, 0);
    due.push({ dataset, account, day, reason, sources: isHeld ? sources : undefined });
  }
  return { due: due.toSorted(compareDue), upToDate, bytes, unsupported };
}

/** Whole days first, as the view reads days from the lake of which it has all accounts. */
function compareDue(a: AccountDay, b: AccountDay): number {
  if (a.day !== b.day) return a.day < b.day ? -1 : 1;
  return printAccountDay(a) < printAccountDay(b) ? -1 : 1;
}
