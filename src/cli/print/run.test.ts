import { expect, test } from "vitest";
import type { Catalog } from "../../core/catalog.ts";
import type { Day, DayRange } from "../../core/day.ts";
import { printForgottenLake } from "./run.ts";

const BARE: Catalog = { tables: new Map(), views: new Map(), setAside: new Map() };
const WITH_LAKE: Catalog = { ...BARE, lake: { url: "/data/lake", days: [], coverage: undefined } };

function forgotten(actual: Catalog, ranges: readonly DayRange[] | undefined): string[] {
  return printForgottenLake({ actual, desired: BARE, ranges }, "cloudtrail");
}

test("a run without a lake says where the view reads one", () => {
  expect(forgotten(WITH_LAKE, [{ to: "2026-11-20" as Day }])).toEqual([
    "the view cloudtrail reads the lake /data/lake through 2026-11-20, which this run did not bring up to date; " +
      "name it: --lake /data/lake, or lake: ... in cloudtrail-partitioner.yaml",
  ]);
});

test("it says nothing where the view reads none", () => {
  expect(forgotten(WITH_LAKE, [])).toEqual([]);
  expect(forgotten(BARE, undefined)).toEqual([]);
});
