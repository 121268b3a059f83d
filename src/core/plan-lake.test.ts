import { describe, expect, test } from "vitest";
import type { Catalog, LakeTable } from "./catalog.ts";
import type { Day } from "./day.ts";
import type { LakeDay } from "./lake/lake-day.ts";
import { printAccountDay } from "./lake/lake-day.ts";
import { planCatalog } from "./plan.ts";
import { UserError } from "./user-error.ts";

function lakeDay(date: string, folder = "v1/"): LakeDay {
  return { dataset: "data", account: "111122223333", day: date as Day, folder, parts: 1 };
}

function lakeTable(definition: string, ...days: LakeDay[]): LakeTable {
  return {
    name: "cloudtrail_lake",
    definition,
    days: new Map(days.map((each) => [printAccountDay(each), each])),
  };
}

function catalog(view: string, ...tables: LakeTable[]): Catalog {
  return {
    tables: new Map(),
    lakeTables: new Map(tables.map((each) => [each.name, each])),
    views: new Map([["cloudtrail", { name: "cloudtrail", definition: view }]]),
    setAside: new Map(),
  };
}

const [first, second] = [lakeDay("2026-11-19"), lakeDay("2026-11-20")];

describe("planCatalog, of a lake", () => {
  test("plans nothing for equal ones", () => {
    const same = catalog("view", lakeTable("one", first, second));
    expect(planCatalog(same, same).changes).toEqual([]);
  });

  test("makes the table and its account-days before the view that reads them", () => {
    const table = lakeTable("one", first);
    const { lakeTables: _, ...without } = catalog("raw");
    expect(planCatalog(catalog("both", table), without).changes).toEqual([
      { kind: "create-lake-table", lakeTable: table },
      { kind: "put-lake-days", lakeTable: table, days: [first] },
      { kind: "replace-view", view: { name: "cloudtrail", definition: "both" } },
    ]);
  });

  test("puts account-days that are new or lie in another folder, and no other", () => {
    const moved = lakeDay("2026-11-20", "v2/");
    const third = lakeDay("2026-11-21");
    const table = lakeTable("two", first, moved, third);
    const actual = catalog("view", lakeTable("one", first, second));
    expect(planCatalog(catalog("view", table), actual).changes).toEqual([
      { kind: "replace-lake-table", lakeTable: table },
      { kind: "put-lake-days", lakeTable: table, days: [moved, third] },
    ]);
  });

  test("drops account-days when the view reads their logs again, not before", () => {
    const table = lakeTable("one", first);
    const actual = catalog("both", lakeTable("one", first, second));
    expect(planCatalog(catalog("less", table), actual).changes).toEqual([
      { kind: "replace-view", view: { name: "cloudtrail", definition: "less" } },
      { kind: "drop-lake-days", lakeTable: table, days: [second] },
    ]);
  });

  test("leaves what is there where nothing is known of a lake", () => {
    const actual = catalog("view", lakeTable("one", first));
    const { lakeTables: _, ...desired } = catalog("view");
    expect(planCatalog(desired, actual).changes).toEqual([]);
  });

  test("refuses a table that the tool did not make", () => {
    const foreign = new Set(["cloudtrail_lake"]);
    const actual = { ...catalog("view"), foreign };
    expect(() => planCatalog(catalog("view", lakeTable("one", first)), actual)).toThrow(UserError);
  });
});
