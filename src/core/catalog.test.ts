import { describe, expect, test } from "vitest";
import type { Catalog, TableContent } from "./catalog.ts";
import { partitionId, planTables } from "./catalog.ts";
import type { Day } from "./day.ts";
import { addDays } from "./day.ts";
import type { Inventory, InventoryPartition } from "./inventory.ts";

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
function holding(tables: readonly TableContent[]): Pick<Catalog, "tables"> {
  return {
    tables: new Map(tables.map((table) => [table.name, { ...table, sources: [], definition: "" }])),
  };
}

const EMPTY = holding([]);
const OPTIONS = { tablePrefix: "cloudtrail", today: TODAY };

function daysOf(tables: readonly TableContent[]): string[] {
  return tables.flatMap(({ partitions }) => [...partitions.values()].map(partitionId)).toSorted();
}

describe("planTables", () => {
  test("plans no table for an empty inventory", () => {
    expect(planTables(inventory(), EMPTY, OPTIONS)).toEqual([]);
  });

  test("plans a table an account, named by the prefix, with a partition a Region and day", () => {
    const found = inventory(logs("2026-01-01"), logs("2026-01-02", { region: "eu-west-1" }));
    const [table, ...others] = planTables(found, EMPTY, { ...OPTIONS, tablePrefix: "ct" });
    expect(others).toEqual([]);
    expect(table).toMatchObject({ name: "ct_111122223333", account: ACCOUNT });
    expect([...(table?.partitions ?? [])]).toEqual([
      ["us-east-1/2026-01-01", { region: "us-east-1", day: "2026-01-01", roots: ["/logs/AWSLogs/"] }],
      ["eu-west-1/2026-01-02", { region: "eu-west-1", day: "2026-01-02", roots: ["/logs/AWSLogs/"] }],
    ]);
  });

  test("orders tables by account id, which is text", () => {
    const accounts = ["999999999999", "000000000012", "100000000000", "012345678901"];
    const found = inventory(...accounts.map((account) => logs("2026-01-01", { account })));
    expect(planTables(found, EMPTY, OPTIONS).map(({ account }) => account)).toEqual(accounts.toSorted());
  });

  test.each([
    "CloudTrail-Insight",
    "CloudTrail-NetworkActivity",
    "CloudTrail-Aggregated",
    "CloudTrail-Digest",
  ] as const)("leaves %s out", (kind) => {
    expect(planTables(inventory(logs("2026-11-22", { kind })), EMPTY, OPTIONS)).toEqual([]);
  });

  test("an account under two roots is one table, whose partitions say where they lie, in order", () => {
    const found = inventory(
      logs("2026-01-01", { root: OTHER_ROOT }),
      logs("2026-01-01"),
      logs("2026-01-02", { root: OTHER_ROOT }),
    );
    const [table, ...others] = planTables(found, EMPTY, OPTIONS);
    expect(others).toEqual([]);
    expect([...(table?.partitions.values() ?? [])].map(({ roots }) => roots)).toEqual([
      ["/logs/AWSLogs/", `/logs/${OTHER_ROOT}`],
      [`/logs/${OTHER_ROOT}`],
    ]);
  });

  test("keeps all that the catalog holds", () => {
    const before = planTables(inventory(logs("2020-01-01")), EMPTY, OPTIONS);
    const after = planTables(inventory(logs("2026-01-01")), holding(before), OPTIONS);
    expect(daysOf(after)).toEqual(["us-east-1/2020-01-01", "us-east-1/2026-01-01"]);
  });

  test("adds a root that the catalog does not know to the partition's", () => {
    const before = planTables(inventory(logs("2020-01-01", { root: OTHER_ROOT })), EMPTY, OPTIONS);
    const [after] = planTables(inventory(logs("2020-01-01")), holding(before), OPTIONS);
    expect(after?.partitions.get("us-east-1/2020-01-01")?.roots).toEqual([
      "/logs/AWSLogs/",
      `/logs/${OTHER_ROOT}`,
    ]);
  });
});

describe("planTables plans today and tomorrow", () => {
  const upcoming = ["us-east-1/2026-11-22", "us-east-1/2026-11-23"];

  test.each([
    ["today", 0, []],
    ["yesterday", -1, ["us-east-1/2026-11-21"]],
    ["29 days ago", -29, ["us-east-1/2026-10-24"]],
  ])("for a Region whose last logs are of %s", (_, age, days) => {
    const found = inventory(logs(addDays(TODAY, age)));
    expect(daysOf(planTables(found, EMPTY, OPTIONS))).toEqual([...days, ...upcoming]);
  });

  test.each([30, 31, 400])("not for a Region whose last logs are %i days old", (age) => {
    const day = addDays(TODAY, -age);
    expect(daysOf(planTables(inventory(logs(day)), EMPTY, OPTIONS))).toEqual([`us-east-1/${day}`]);
  });

  test("for each Region by itself", () => {
    const found = inventory(logs("2026-11-22"), logs("2026-01-01", { region: "eu-west-1" }));
    expect(daysOf(planTables(found, EMPTY, OPTIONS))).toEqual(["eu-west-1/2026-01-01", ...upcoming]);
  });

  test("for each account by itself", () => {
    const found = inventory(logs("2026-11-22"), logs("2026-01-01", { account: "444455556666" }));
    const counts = planTables(found, EMPTY, OPTIONS).map(({ partitions }) => partitions.size);
    expect(counts).toEqual([2, 1]);
  });

  test("under both roots where the newest day lies under both", () => {
    const found = inventory(logs("2026-11-21"), logs("2026-11-21", { root: OTHER_ROOT }));
    const [table] = planTables(found, EMPTY, OPTIONS);
    expect(table?.partitions.get("us-east-1/2026-11-23")?.roots).toHaveLength(2);
  });

  test("only as far as the range goes", () => {
    const found = inventory(logs("2026-11-21"));
    const within = (range: { from?: Day; to?: Day }): string[] =>
      daysOf(planTables(found, EMPTY, { ...OPTIONS, range }));
    expect(within({ to: TODAY })).toEqual(["us-east-1/2026-11-21", "us-east-1/2026-11-22"]);
    expect(within({ to: "2026-11-21" as Day })).toEqual(["us-east-1/2026-11-21"]);
    expect(within({ from: "2026-11-20" as Day })).toEqual(["us-east-1/2026-11-21", ...upcoming]);
  });

  test("no longer once 30 days have passed without logs, however often it has run meanwhile", () => {
    let tables = planTables(inventory(logs("2026-11-22")), EMPTY, OPTIONS);
    for (let age = 1; age <= 60; age++) {
      const today = addDays(TODAY, age);
      tables = planTables(inventory(logs("2026-11-22")), holding(tables), { ...OPTIONS, today });
    }
    expect(daysOf(tables).at(-1)).toBe(`us-east-1/${addDays(TODAY, 30)}`);
  });
});
