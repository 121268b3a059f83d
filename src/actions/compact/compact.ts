import type { Compactor } from "../../compactor/compactor.ts";
import type { LakeContent } from "../../core/catalog.ts";
import type { Day, DayRange } from "../../core/day.ts";
import { isInRange } from "../../core/day.ts";
import { forEachConcurrently } from "../../core/for-each-concurrently.ts";
import type { Inventory } from "../../core/inventory.ts";
import { printAccountDay } from "../../core/lake/lake-day.ts";
import { compactedThrough, lastClosedDay } from "../../core/lake/lake-ranges.ts";
import type { DayState } from "../../core/lake/lake-state.ts";
import { findDamage, isReadable, listRemovable } from "../../core/lake/lake-state.ts";
import { UserError } from "../../core/user-error.ts";
import type { LakeStore } from "../../lake-store/lake-store.ts";
import type { TablePorts } from "../plan.ts";
import { discoverFor } from "../plan.ts";
import type { RunOptions, RunReport } from "../run.ts";
import { runOver } from "../run.ts";
import type { Scope } from "../scope.ts";
import type { DaysPlan } from "./plan-days.ts";
import { planDays } from "./plan-days.ts";
import type { LakeListing } from "./read-lake.ts";
import { readLake } from "./read-lake.ts";
import { listOldCoverage, writeCoverage } from "./write-coverage.ts";
import type { DaysOptions, DaysReport } from "./write-days.ts";
import { WriteDays } from "./write-days.ts";

export interface CompactPorts extends TablePorts {
  readonly lake: LakeStore;
  readonly compactor: Compactor;
}

export interface CompactOptions extends Omit<RunOptions, "lake">, Pick<DaysOptions, "now" | "onDay"> {}

export interface CompactReport extends Omit<DaysReport, "expired"> {
  /** The last day that was looked at. */
  readonly closedThrough: Day;
  readonly upToDate: number;
  readonly healed: {
    /** Account-days whose files were found damaged or gone. */
    readonly damaged: number;
    /** Files that nobody referred to, and that are deleted now. */
    readonly removed: number;
  };
  /** Objects of a kind that the lake does not take in. */
  readonly aggregated: number;
  readonly run: RunReport;
  readonly compactedThrough: Day | undefined;
  readonly ranges: readonly DayRange[];
}

/**
 * Brings the closed days of the lake up to date with the logs, and then the catalog with both. Can be run at any time, any number
 * of times, two at once, and be stopped at any moment: an account-day is in the lake as it was, or as it is to be.
 * @throws UserError where only parts of account-days are asked for
 */
export async function compact(ports: CompactPorts, options: CompactOptions): Promise<CompactReport> {
  refuseParts(options);
  const inventory = await discoverFor(ports, options);
  const closedThrough = lastClosedDay(options.now);
  const done = await withTablesAnyway(ports, { inventory, options }, () =>
    compactDays(ports, { inventory, options, closedThrough }),
  );
  const { listing, coverage, plan, report } = done;
  const lake = toContent(ports.lake.url, listing, coverage);
  const run = await runOver(ports, inventory, { ...options, lake });
  const removable = run.left === undefined ? listUnused(listing, { coverage, now: options.now }) : [];
  await ports.lake.remove(removable, options);
  const { ranges = [] } = run;
  const { expired, ...days } = report;
  return {
    ...days,
    closedThrough,
    upToDate: plan.upToDate + expired,
    healed: { damaged: done.damaged, removed: removable.length },
    aggregated: plan.unsupported,
    run,
    compactedThrough: compactedThrough(ranges),
    ranges,
  };
}

interface Look {
  readonly inventory: Inventory;
  readonly options: CompactOptions;
}

/** New logs get their tables and partitions even where the lake cannot be read or written; then the failure is thrown. */
async function withTablesAnyway<T>(
  ports: CompactPorts,
  { inventory, options }: Look,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (options.signal?.aborted !== true) await runOver(ports, inventory, options);
    throw error;
  }
}

/** What the lake has now, and what was done. */
interface CompactedDays {
  readonly listing: LakeListing;
  readonly coverage: string | undefined;
  readonly plan: DaysPlan;
  readonly report: DaysReport;
  readonly damaged: number;
}

async function compactDays(
  ports: CompactPorts,
  { inventory, options, closedThrough }: Look & { readonly closedThrough: Day },
): Promise<CompactedDays> {
  let listing = await readLake(ports.lake, options);
  const plan = await planDays(ports.store, { inventory, listing, options, closedThrough });
  const damaged = [...listing.days.values()].filter(isDamaged);
  const days = new WriteDays(ports, { listing, roots: inventory.roots, options, total: plan.bytes });
  await forEachConcurrently(plan.due, ports.compactor.atOnce, (due) => days.write(due));
  days.leave(damaged.filter((state) => isLost(state, { plan, options })));
  if (days.hasLostRace) listing = await readLake(ports.lake, options);
  const coverage = await writeCoverage(ports.lake, listing, options);
  return { listing, coverage, plan, report: days.finish(), damaged: damaged.length };
}

/** An account-day is written as a whole. */
function refuseParts({ within = "" }: CompactOptions): void {
  if (!/\/\d{12}\/[^/]/.test(within)) return;
  throw new UserError(`${within} is a part of an account's logs, and whole account-days are compacted`, {
    hint: "point --logs at the folder of the account, or above it",
  });
}

function isDamaged({ version, commit, files }: DayState): boolean {
  return version > 0 && (commit === undefined || findDamage(commit, files) !== undefined);
}

/** What neither the catalog nor a manifest that counts refers to; the catalog must have been brought up to date. */
function listUnused(
  listing: LakeListing,
  { coverage, now }: { readonly coverage: string | undefined; readonly now: number },
): string[] {
  const unused = [...listing.days.values()].flatMap((state) => listRemovable(state, now));
  return [...unused, ...listOldCoverage(listing, { coverage, now })];
}

/** Whether the account-day can be made from nothing. */
function isLost(
  { account, day, ...state }: DayState,
  { plan, options }: { readonly plan: DaysPlan; readonly options: Scope },
): boolean {
  const id = printAccountDay({ account, day, ...state });
  const { accounts, range = {} } = options;
  const isAsked = (accounts?.includes(account) ?? true) && isInRange(day, range);
  return isAsked && plan.due.every((due) => printAccountDay(due) !== id);
}

/** The account-days that can be read. */
export function toContent(url: string, { days }: LakeListing, coverage: string | undefined): LakeContent {
  const readable = [...days].filter(([, state]) => isReadable(state));
  return {
    url,
    coverage,
    days: readable
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, { commit }]) => {
        if (commit === undefined) return [];
        const { dataset, account, day, folder, parts } = commit;
        return [{ dataset, account, day, folder, parts }];
      }),
  };
}
