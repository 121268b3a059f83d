import type { PlanReport } from "../actions/plan.ts";
import { coverageAge } from "../core/coverage-age.ts";
import type { Day } from "../core/day.ts";
import { totalInventory } from "../core/inventory.ts";
import type { WriteCounts } from "../core/plan.ts";
import { countWrites } from "../core/plan.ts";
import type { Written } from "../warehouse/warehouse.ts";
import type { LakeSummary, LakeTally } from "./lake-tally.ts";

/** What a run saw and did, as it is logged, answered and measured. */
export interface RunSummary {
  /** Of the days that were looked at. Undefined where the run failed before it had a plan, as are the next two. */
  readonly accounts: number | undefined;
  readonly regions: number | undefined;
  /** Accounts that the catalog did not have. */
  readonly newAccounts: number | undefined;
  /** Undefined likewise, or where not all days up to today were looked at. */
  readonly coverageAgeHours: number | undefined;
  readonly partitions: {
    readonly planned: number;
    readonly created: number;
    readonly updated: number;
    readonly dropped: number;
    readonly failed: number;
    /** Left for another call, as time was up. */
    readonly left: number;
  };
  /** Undefined where there is no lake, or where the run failed before it had listed it. */
  readonly lake?: LakeSummary | undefined;
}

interface Seen {
  readonly accounts: number;
  readonly regions: number;
  readonly newAccounts: number;
  readonly coverageAgeHours: number | undefined;
}

/** Counts while a run goes on, so that one that fails is told of, too. */
export class RunTally {
  readonly #written = { create: 0, update: 0, delete: 0 };
  #planned: WriteCounts = this.#written;
  #seen: Seen | undefined;
  /** Whether what was planned and not written failed. */
  hasFailed = false;
  /** Partitions that were left, as time was up. */
  left = 0;
  lake: LakeTally | undefined;

  /**
   * @param options.now milliseconds since 1970
   * @param options.from first day that was looked at, where that is all that the configuration names
   * @param options.isWhole whether all accounts and Regions were looked at, up to today
   */
  addPlan(
    { inventory, plan, actual }: PlanReport,
    {
      now,
      from,
      isWhole,
    }: { readonly now: number; readonly from: Day | undefined; readonly isWhole: boolean },
  ): void {
    const planned = countWrites(plan);
    // A second plan has only what the first one's writing left.
    this.#planned = {
      create: this.#written.create + planned.create,
      update: this.#written.update + planned.update,
      delete: this.#written.delete + planned.delete,
    };
    const logs = inventory.partitions.filter(({ kind }) => kind === "CloudTrail");
    const { accounts, regions } = totalInventory(logs);
    const known = new Set([...actual.tables.values()].flatMap(({ partitions }) => partitions.accounts));
    const found = new Set(logs.map(({ account }) => account));
    const newAccounts = [...found].filter((account) => !known.has(account)).length;
    const coverageAgeHours = isWhole ? coverageAge(inventory.partitions, { now, from }) : undefined;
    this.#seen = { accounts, regions, newAccounts, coverageAgeHours };
  }

  addWritten({ action, partitions }: Written): void {
    this.#written[action] += partitions;
  }

  summarize(): RunSummary {
    const { create, update, delete: dropped } = this.#written;
    const missing = subtract(this.#planned, this.#written);
    return {
      accounts: this.#seen?.accounts,
      regions: this.#seen?.regions,
      newAccounts: this.#seen?.newAccounts,
      coverageAgeHours: this.#seen?.coverageAgeHours,
      partitions: {
        planned: this.#planned.create,
        created: create,
        updated: update,
        dropped,
        failed: this.hasFailed ? Math.max(0, missing - this.left) : 0,
        left: this.left,
      },
      ...(this.lake === undefined ? {} : { lake: this.lake.summarize() }),
    };
  }
}

/** Of each kind what is planned and not written. */
function subtract(planned: WriteCounts, written: WriteCounts): number {
  const actions = ["create", "update", "delete"] as const;
  return actions.reduce((sum, action) => sum + Math.max(0, planned[action] - written[action]), 0);
}
