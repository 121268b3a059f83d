import { describe, expect, test } from "vitest";
import type { PlanReport } from "../actions/plan.ts";
import type { Catalog } from "../core/catalog.ts";
import type { Day } from "../core/day.ts";
import type { InventoryPartition } from "../core/inventory.ts";
import type { LogKind } from "../core/log-key.ts";
import { PartitionSet } from "../core/partition-set.ts";
import type { Change } from "../core/plan.ts";
import { day } from "../fixtures.contract.ts";
import type { RunSummary } from "./run-tally.ts";
import { RunTally } from "./run-tally.ts";

const [A, B, C] = ["111122223333", "444455556666", "777788889999"] as const;
const EMPTY: Catalog = { tables: new Map(), views: new Map(), setAside: new Map() };
const NOW = { now: Date.UTC(2026, 10, 22, 12), from: day("2026-11-01"), isWhole: true };

function setOf(account: string, ...days: string[]): PartitionSet {
  const rest = { region: "us-east-1", roots: ["s3://b/AWSLogs/"] };
  return new PartitionSet(days.map((date) => ({ account, day: date as Day, ...rest })));
}

function change(kind: "create-table" | "turn-into-table", partitions: PartitionSet): Change {
  const table = { name: "t", account: A, partitions, sources: [], definition: "" };
  return { kind, table };
}

function catalogOf(...accounts: string[]): Catalog {
  const tables = accounts.map((account) => {
    const partitions = setOf(account, "2026-11-20");
    return [account, { name: account, account, partitions, sources: [], definition: "" }] as const;
  });
  return { ...EMPTY, tables: new Map(tables) };
}

function found(account: string, date: string, kind: LogKind = "CloudTrail"): InventoryPartition {
  const rest = { root: "AWSLogs/", region: "us-east-1", objects: undefined, bytes: undefined };
  return { ...rest, account, kind, day: day(date) };
}

function report(
  changes: readonly Change[],
  rest: { seen?: InventoryPartition[]; actual?: Catalog } = {},
): PlanReport {
  const { seen = [found(A, "2026-11-21")], actual = EMPTY } = rest;
  const lists = { roots: [], outside: [], unseen: [], oddities: [], otherServices: [], tooSmall: [] };
  const inventory = { url: "s3://b", partitions: seen, listings: 1, ...lists };
  return { inventory, plan: { changes }, actual, desired: EMPTY, ranges: undefined };
}

const FIVE = change("create-table", setOf(A, ..."12345".split("").map((digit) => `2026-11-0${digit}`)));

function countsOf({ partitions }: RunSummary): RunSummary["partitions"] {
  return partitions;
}

describe("RunTally", () => {
  test("knows nothing before there is a plan, whether the run fails or not", () => {
    const tally = new RunTally();
    tally.hasFailed = true;
    expect(tally.summarize()).toEqual({
      accounts: undefined,
      regions: undefined,
      newAccounts: undefined,
      coverageAgeHours: undefined,
      partitions: { planned: 0, created: 0, updated: 0, dropped: 0, failed: 0, left: 0 },
    });
  });

  test("counts what is written by what is done with it", () => {
    const tally = new RunTally();
    tally.addPlan(report([FIVE]), NOW);
    tally.addWritten({ action: "create", partitions: 3 });
    tally.addWritten({ action: "create", partitions: 2 });
    tally.addWritten({ action: "update", partitions: 4 });
    tally.addWritten({ action: "delete", partitions: 1 });
    const expected = { planned: 5, created: 5, updated: 4, dropped: 1, failed: 0, left: 0 };
    expect(countsOf(tally.summarize())).toEqual(expected);
  });

  test("of a run that failed counts what was planned and not written", () => {
    const tally = new RunTally();
    tally.addPlan(report([FIVE]), NOW);
    tally.addWritten({ action: "create", partitions: 3 });
    expect(countsOf(tally.summarize())).toMatchObject({ failed: 0 });
    tally.hasFailed = true;
    expect(countsOf(tally.summarize())).toMatchObject({ planned: 5, created: 3, failed: 2, left: 0 });
  });

  test("takes what was left for another call for no failure", () => {
    const tally = new RunTally();
    tally.addPlan(report([FIVE]), NOW);
    tally.addWritten({ action: "create", partitions: 3 });
    tally.left = 2;
    expect(countsOf(tally.summarize())).toMatchObject({ failed: 0, left: 2 });
    tally.hasFailed = true;
    expect(countsOf(tally.summarize())).toMatchObject({ failed: 0, left: 2 });
  });

  test("counts no failure twice that a table which was a view can have twice", () => {
    const tally = new RunTally();
    tally.addPlan(report([change("turn-into-table", setOf(A, "2026-11-01", "2026-11-02"))]), NOW);
    tally.addWritten({ action: "create", partitions: 2 });
    tally.addWritten({ action: "update", partitions: 2 });
    tally.hasFailed = true;
    expect(countsOf(tally.summarize())).toMatchObject({ planned: 2, created: 2, updated: 2, failed: 0 });
  });

  test("adds a second plan to what the first one wrote", () => {
    const tally = new RunTally();
    tally.addPlan(report([FIVE]), NOW);
    tally.addWritten({ action: "create", partitions: 3 });
    tally.addPlan(report([change("create-table", setOf(A, "2026-11-04", "2026-11-05"))]), NOW);
    tally.addWritten({ action: "create", partitions: 1 });
    tally.hasFailed = true;
    expect(countsOf(tally.summarize())).toMatchObject({ planned: 5, created: 4, failed: 1 });
  });

  test("counts accounts and Regions of CloudTrail's logs alone, and which accounts are new", () => {
    const tally = new RunTally();
    const seen = [
      found(A, "2026-11-20"),
      found(A, "2026-11-21"),
      found(B, "2026-11-21"),
      found(C, "2026-11-21", "CloudTrail-Digest"),
    ];
    tally.addPlan(report([], { seen, actual: catalogOf(A, "000011112222") }), NOW);
    expect(tally.summarize()).toMatchObject({
      accounts: 2,
      regions: 1,
      newAccounts: 1,
      coverageAgeHours: 12,
    });
  });

  test("tells no age where not all was looked at", () => {
    const tally = new RunTally();
    tally.addPlan(report([]), { ...NOW, isWhole: false });
    expect(tally.summarize()).toMatchObject({ accounts: 1, coverageAgeHours: undefined });
  });
});
