import { describe, expect, test } from "vitest";
import type { Catalog } from "./catalog.ts";
import { planPartitions } from "./catalog.ts";
import type { Day } from "./day.ts";
import { addDays } from "./day.ts";
import type { Inventory, InventoryPartition } from "./inventory.ts";
import { PartitionSet } from "./partition-set.ts";

const TODAY = "2026-11-22" as Day;
const ACCOUNT = "111122223333";
const ROOT = "AWSLogs/";
const OTHER_ROOT = "o-aa111bb222/AWSLogs/o-aa111bb222/";

function logs(day: string, rest: Partial<InventoryPartition> = {}): InventoryPartition {
  return {
    root: ROOT,
    account: ACCOUNT,
    kind: "CloudTrail",
    region: "us-east-1",
    day: day as Day,
    objects: 1,
    bytes: 100,
    ...rest,
  };
}

function inventory(...partitions: InventoryPartition[]): Inventory {
  return {
    url: "/logs",
    roots: [ROOT],
    partitions,
    outside: [],
    unseen: [],
    oddities: [],
    otherServices: [],
    tooSmall: [],
    listings: 1,
  };
}

/** A catalog that holds what was planned before. */
function holding(partitions: PartitionSet): Pick<Catalog, "tables"> {
  const table = { name: "all", account: undefined, partitions, sources: [], definition: "" };
  return { tables: new Map([["all", table]]) };
}

const EMPTY = holding(new PartitionSet());
const OPTIONS = { today: TODAY };

function daysOf(partitions: PartitionSet): string[] {
  return [...partitions].map(({ region, day }) => `${region}/${day}`).toSorted();
}

function rootsOf(partitions: PartitionSet, day: string): readonly string[] {
  return partitions.rootsOf({ account: ACCOUNT, region: "us-east-1", day: day as Day });
}

describe("planPartitions", () => {
  test("plans nothing for an empty inventory", () => {
    expect(planPartitions(inventory(), EMPTY, OPTIONS).size).toBe(0);
  });

  test("plans a partition an account, Region and day, in order", () => {
    const found = inventory(
      logs("2026-01-01"),
      logs("2026-01-02", { region: "eu-west-1" }),
      logs("2026-01-01", { account: "000000000012" }),
    );
    const roots = ["/logs/AWSLogs/"];
    expect([...planPartitions(found, EMPTY, OPTIONS)]).toEqual([
      { account: "000000000012", region: "us-east-1", day: "2026-01-01", roots },
      { account: ACCOUNT, region: "eu-west-1", day: "2026-01-02", roots },
      { account: ACCOUNT, region: "us-east-1", day: "2026-01-01", roots },
    ]);
  });

  test.each([
    "CloudTrail-Insight",
    "CloudTrail-NetworkActivity",
    "CloudTrail-Aggregated",
    "CloudTrail-Digest",
  ] as const)("leaves %s out", (kind) => {
    expect(planPartitions(inventory(logs("2026-11-22", { kind })), EMPTY, OPTIONS).size).toBe(0);
  });

  test("a partition under two roots says where it lies, in order", () => {
    const found = inventory(
      logs("2026-01-01", { root: OTHER_ROOT }),
      logs("2026-01-01"),
      logs("2026-01-02", { root: OTHER_ROOT }),
    );
    expect([...planPartitions(found, EMPTY, OPTIONS)].map(({ roots }) => roots)).toEqual([
      ["/logs/AWSLogs/", `/logs/${OTHER_ROOT}`],
      [`/logs/${OTHER_ROOT}`],
    ]);
  });

  test("keeps all that the catalog holds", () => {
    const before = planPartitions(inventory(logs("2020-01-01")), EMPTY, OPTIONS);
    const after = planPartitions(inventory(logs("2026-01-01")), holding(before), OPTIONS);
    expect(daysOf(after)).toEqual(["us-east-1/2020-01-01", "us-east-1/2026-01-01"]);
  });

  test("keeps nothing of before the retention", () => {
    const before = planPartitions(inventory(logs("2020-01-01"), logs("2026-01-01")), EMPTY, OPTIONS);
    const options = { ...OPTIONS, keepFrom: "2026-01-01" as Day };
    const after = planPartitions(inventory(logs("2025-12-31")), holding(before), options);
    expect(daysOf(after)).toEqual(["us-east-1/2026-01-01"]);
  });

  test("adds a root that the catalog does not know to the partition's", () => {
    const before = planPartitions(inventory(logs("2020-01-01", { root: OTHER_ROOT })), EMPTY, OPTIONS);
    const after = planPartitions(inventory(logs("2020-01-01")), holding(before), OPTIONS);
    expect(rootsOf(after, "2020-01-01")).toEqual(["/logs/AWSLogs/", `/logs/${OTHER_ROOT}`]);
  });
});

describe("planPartitions plans today and tomorrow", () => {
  const upcoming = ["us-east-1/2026-11-22", "us-east-1/2026-11-23"];

  test.each([
    ["today", 0, []],
    ["yesterday", -1, ["us-east-1/2026-11-21"]],
    ["29 days ago", -29, ["us-east-1/2026-10-24"]],
  ])("for a Region whose last logs are of %s", (_, age, days) => {
    const found = inventory(logs(addDays(TODAY, age)));
    expect(daysOf(planPartitions(found, EMPTY, OPTIONS))).toEqual([...days, ...upcoming]);
  });

  test.each([30, 31, 400])("not for a Region whose last logs are %i days old", (age) => {
    const day = addDays(TODAY, -age);
    expect(daysOf(planPartitions(inventory(logs(day)), EMPTY, OPTIONS))).toEqual([`us-east-1/${day}`]);
  });

  test("for each Region by itself", () => {
    const found = inventory(logs("2026-11-22"), logs("2026-01-01", { region: "eu-west-1" }));
    expect(daysOf(planPartitions(found, EMPTY, OPTIONS))).toEqual(["eu-west-1/2026-01-01", ...upcoming]);
  });

  test("for each account by itself", () => {
    const found = inventory(logs("2026-11-22"), logs("2026-01-01", { account: "444455556666" }));
    const planned = planPartitions(found, EMPTY, OPTIONS);
    expect(planned.accounts.map((account) => planned.ofAccount(account).size)).toEqual([2, 1]);
  });

  test("under both roots where the newest day lies under both", () => {
    const found = inventory(logs("2026-11-21"), logs("2026-11-21", { root: OTHER_ROOT }));
    expect(rootsOf(planPartitions(found, EMPTY, OPTIONS), "2026-11-23")).toHaveLength(2);
  });

  test("under a root that is quiet so far, where both had logs on one day lately", () => {
    const found = inventory(
      logs("2026-11-20"),
      logs("2026-11-20", { root: OTHER_ROOT }),
      logs("2026-11-22", { root: OTHER_ROOT }),
    );
    const planned = planPartitions(found, EMPTY, OPTIONS);
    expect(rootsOf(planned, "2026-11-22")).toHaveLength(2);
    expect(rootsOf(planned, "2026-11-23")).toHaveLength(2);
  });

  test("under the newer root only, where one took over from the other", () => {
    const found = inventory(logs("2026-11-20"), logs("2026-11-21", { root: OTHER_ROOT }));
    expect(rootsOf(planPartitions(found, EMPTY, OPTIONS), "2026-11-23")).toEqual([`/logs/${OTHER_ROOT}`]);
  });

  test("only as far as the range goes", () => {
    const found = inventory(logs("2026-11-21"));
    const within = (range: { from?: Day; to?: Day }): string[] =>
      daysOf(planPartitions(found, EMPTY, { ...OPTIONS, range }));
    expect(within({ to: TODAY })).toEqual(["us-east-1/2026-11-21", "us-east-1/2026-11-22"]);
    expect(within({ to: "2026-11-21" as Day })).toEqual(["us-east-1/2026-11-21"]);
    expect(within({ from: "2026-11-20" as Day })).toEqual(["us-east-1/2026-11-21", ...upcoming]);
  });

  test("no longer once 30 days have passed without logs, however often it has run meanwhile", () => {
    let partitions = planPartitions(inventory(logs("2026-11-22")), EMPTY, OPTIONS);
    for (let age = 1; age <= 60; age++) {
      const today = addDays(TODAY, age);
      partitions = planPartitions(inventory(logs("2026-11-22")), holding(partitions), { today });
    }
    expect(daysOf(partitions).at(-1)).toBe(`us-east-1/${addDays(TODAY, 30)}`);
  });
});
