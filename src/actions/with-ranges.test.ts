import { describe, expect, test } from "vitest";
import type { Day } from "../core/day.ts";
import type { InventoryPartition } from "../core/inventory.ts";
import type { LakeDay } from "../core/lake/lake-day.ts";
import { PartitionSet } from "../core/partition-set.ts";
import type { Scope } from "./scope.ts";
import { withRanges } from "./with-ranges.ts";

const ACCOUNTS = ["111122223333", "444455556666"] as const;

function partitionOf(account: string, day: string): InventoryPartition {
  const place = { root: "AWSLogs/", kind: "CloudTrail", region: "us-east-1" } as const;
  return { ...place, account, day: day as Day, objects: undefined, bytes: undefined };
}

function lakeOf(...days: [account: string, day: string][]): Parameters<typeof withRanges>[0] {
  return {
    url: "/lake",
    coverage: undefined,
    days: days.map(([account, day]): LakeDay => ({
      dataset: "data",
      account,
      day: day as Day,
      folder: "f/",
      parts: 1,
    })),
  };
}

/** The ranges where all of `registered` are in tables, and `seen` have logs. */
function rangesOf(
  lake: Parameters<typeof withRanges>[0],
  registered: InventoryPartition[],
  seen = registered,
): unknown {
  const partitions = new PartitionSet(registered.map(({ root, ...each }) => ({ ...each, roots: [root] })));
  return withRanges(lake, {
    partitions,
    inventory: { partitions: seen },
    options: {},
    projected: false,
    before: undefined,
  })?.ranges;
}

const [first, second] = ACCOUNTS;

describe("withRanges", () => {
  test("reads a day from the lake where it has all accounts that have logs", () => {
    const logs = ACCOUNTS.flatMap((account) =>
      ["2026-11-20", "2026-11-21"].map((day) => partitionOf(account, day)),
    );
    const lake = lakeOf([first, "2026-11-20"], [second, "2026-11-20"], [first, "2026-11-21"]);
    expect(rangesOf(lake, logs)).toEqual([{ from: undefined, to: "2026-11-20" }]);
  });

  test("misses nothing of a day for which a table has a partition, and the store no logs", () => {
    const logs = [partitionOf(first, "2026-11-20")];
    const quiet = partitionOf(second, "2026-11-20");
    const lake = lakeOf([first, "2026-11-20"]);
    expect(rangesOf(lake, [...logs, quiet], logs)).toEqual([{ from: undefined, to: "2026-11-20" }]);
  });

  test("trusts no partition that the inventory is not about", () => {
    const quiet = partitionOf(second, "2026-11-20");
    const partitions = new PartitionSet([{ ...quiet, roots: [quiet.root] }]);
    const inventory = { partitions: [] };
    const lake = lakeOf([first, "2026-11-20"]);
    const scopes = [
      { accounts: [first] },
      { regions: ["us-east-1"] },
      { within: "AWSLogs/" },
      { range: { from: "2026-11-21" as Day } },
    ];
    for (const options of scopes)
      expect(
        withRanges(lake, { partitions, inventory, options, projected: false, before: undefined })?.ranges,
      ).toEqual([]);
  });

  test("reads no day from the lake that it has not looked at, where tables answer for all days", () => {
    const logs = [partitionOf(first, "2026-11-20"), partitionOf(first, "2026-11-21")];
    const partitions = new PartitionSet(logs.map(({ root, ...each }) => ({ ...each, roots: [root] })));
    const lake = lakeOf([first, "2026-11-20"], [first, "2026-11-21"]);
    const look = { partitions, inventory: { partitions: logs }, projected: true, before: undefined };
    const rangesFor = (options: Scope): unknown => withRanges(lake, { ...look, options })?.ranges;
    expect(rangesFor({})).toEqual([{ from: undefined, to: "2026-11-21" }]);
    expect(rangesFor({ range: { from: "2026-11-21" as Day } })).toEqual([
      { from: "2026-11-21", to: "2026-11-21" },
    ]);
    expect(rangesFor({ accounts: [first] })).toEqual([]);
  });

  test("keeps a day that it read from the lake where a run does not look, and not where the lake has lost an account of it", () => {
    const quiet = partitionOf(second, "2026-11-20");
    const partitions = new PartitionSet([{ ...quiet, roots: [quiet.root] }]);
    const look = {
      partitions,
      inventory: { partitions: [] },
      options: { range: { from: "2026-11-22" as Day } },
      projected: false,
    };
    const ranges = [{ from: undefined, to: "2026-11-20" as Day }];
    const lake = lakeOf([first, "2026-11-20"]);
    const both = lakeOf([first, "2026-11-20"], [second, "2026-11-20"]);
    const rangesAfter = (had: typeof lake): unknown =>
      withRanges(lake, { ...look, before: had && { ...had, ranges } })?.ranges;
    expect(rangesAfter(lake)).toEqual(ranges);
    expect(rangesAfter(both)).toEqual([]);
    expect(rangesAfter(undefined)).toEqual([]);
  });

  test("is nothing without a lake", () => {
    expect(rangesOf(undefined, [partitionOf(first, "2026-11-20")])).toBeUndefined();
  });
});
