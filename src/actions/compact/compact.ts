import type { Compactor } from "../../compactor/compactor.ts";
import type { Day, DayRange } from "../../core/day.ts";
import { isInRange } from "../../core/day.ts";
import { forEachConcurrently } from "../../core/for-each-concurrently.ts";
import type { Inventory } from "../../core/inventory.ts";
import { printAccountDay } from "../../core/lake/lake-day.ts";
import { compactedThrough, lastClosedDay } from "../../core/lake/lake-ranges.ts";
import type { DayState } from "../../core/lake/lake-state.ts";
import { findDamage } from "../../core/lake/lake-state.ts";
import { UserError } from "../../core/user-error.ts";
import type { LakeStore } from "../../lake-store/lake-store.ts";
import type { TablePorts } from "../plan.ts";
import { discoverFor } from "../plan.ts";
import { discover } from "../discover.ts";
import { CurrentLake } from "./current-lake.ts";
import type { RunOptions, RunReport } from "../run.ts";
import { runOver } from "../run.ts";
import type { Scope } from "../scope.ts";
import type { DaysPlan } from "./plan-days.ts";
import { planDays } from "./plan-days.ts";
import type { LakeListing } from "./read-lake.ts";
import { readLake } from "./read-lake.ts";
import type { DaysOptions, DaysReport } from "./write-days.ts";
import { WriteDays } from "./write-days.ts";

export interface CompactPorts extends TablePorts {
  readonly lake: LakeStore;
  readonly compactor: Compactor;
}

export interface CompactOptions extends Omit<RunOptions, "lake">, Pick<DaysOptions, "onDay"> {
  /** Milliseconds since 1970. */
  readonly now: number;
}

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
  const started = performance.now();
  const inventory = await discoverFor(ports, options);
  const closedThrough = lastClosedDay(options.now);
  const done = await withTablesAnyway(ports, { inventory, options }, () =>
    compactDays(ports, { inventory, options, closedThrough }),
  );
  const { plan, report } = done;
  const lake = new CurrentLake(ports.lake, done.listing, options);
  const isLong = performance.now() - started > LONG_MS;
  const run = await runOver(ports, isLong ? await discoverFor(ports, options) : inventory, {
    ...options,
    lake: () => lake.read(),
  });
  const removable = run.left === undefined ? lake.listUnused(run.actual, options.now) : [];
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

/** After this the logs may have more accounts and days than when they were listed, and are listed again. */
const LONG_MS = 10_000;

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
  readonly plan: DaysPlan;
  readonly report: DaysReport;
  readonly damaged: number;
}

async function compactDays(
  ports: CompactPorts,
  { inventory, options, closedThrough }: Look & { readonly closedThrough: Day },
): Promise<CompactedDays> {
  const listing = await readLake(ports.lake, options);
  const whole = await discoverAccounts(ports, { inventory, options });
  const plan = await planDays(ports.store, {
    inventory: whole,
    listing,
    options,
    closedThrough,
    onDue: () => ports.compactor.warmUp(),
  });
  const damaged = [...listing.days.values()].filter(isDamaged);
  const days = new WriteDays(ports, { listing, roots: whole.roots, options, total: plan.bytes });
  await forEachConcurrently(plan.due, ports.compactor.atOnce, (due) => days.write(due));
  days.leave(damaged.filter((state) => isLost(state, { plan, options })));
  return { listing, plan, report: days.finish(), damaged: damaged.length };
}

/** All roots of the accounts, wherever the look at the logs begins: an account can lie under two. */
async function discoverAccounts(
  { store, warehouse }: CompactPorts,
  { inventory, options }: Look,
): Promise<Inventory> {
  const { within = "", range, signal } = options;
  if (within === "") return inventory;
  const accounts = [...new Set(inventory.partitions.map(({ account }) => account))];
  return discover(store, { detail: warehouse.detail, accounts, range, signal });
}

/** An account-day is written as a whole. */
function refuseParts({ within = "", regions }: CompactOptions): void {
  if (regions !== undefined)
    throw new UserError(
      `regions: ${regions.join(", ")} are a part of the logs, and whole account-days are compacted`,
      {
        hint: "leave regions out, on the command line and in the configuration file, or do without a lake",
      },
    );
  if (!/\/\d{12}\/[^/]/.test(within)) return;
  throw new UserError(`${within} is a part of an account's logs, and whole account-days are compacted`, {
    hint: "point --logs at the folder of the account, or above it",
  });
}

function isDamaged({ version, commit, files }: DayState): boolean {
  return version > 0 && (commit === undefined || findDamage(commit, files) !== undefined);
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
