import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Day } from "../day.ts";
import { addDays, isInRange } from "../day.ts";
import { compactedThrough, findLakeRanges, lastClosedDay } from "./lake-ranges.ts";

const FIRST = "2026-11-01" as Day;
const day = fc.nat({ max: 25 }).map((count) => addDays(FIRST, count));

describe("findLakeRanges", () => {
  test("has every day of the lake of which nothing is missing, and no day of which something is", () => {
    fc.assert(
      fc.property(fc.array(day), fc.array(day), (inLake, missing) => {
        const ranges = findLakeRanges({ inLake, missing });
        const isRead = (each: Day): boolean => ranges.some((range) => isInRange(each, range));
        for (const each of missing) expect(isRead(each)).toBe(false);
        for (const each of inLake) expect(isRead(each)).toBe(!missing.includes(each));
      }),
      { numRuns: 300 },
    );
  });

  test("begins before all days where nothing is missing before", () => {
    const inLake = ["2026-11-03", "2026-11-05"] as Day[];
    expect(findLakeRanges({ inLake, missing: ["2026-11-06" as Day] })).toEqual([
      { from: undefined, to: "2026-11-05" },
    ]);
  });

  test("leaves a day out of which an account is missing", () => {
    const inLake = ["2026-11-03", "2026-11-04", "2026-11-05"] as Day[];
    const ranges = findLakeRanges({ inLake, missing: ["2026-11-04" as Day] });
    expect(ranges).toEqual([
      { from: undefined, to: "2026-11-03" },
      { from: "2026-11-05", to: "2026-11-05" },
    ]);
    expect(compactedThrough(ranges)).toBe("2026-11-03");
  });

  test("keeps the newest where there are too many, and then none is compacted through", () => {
    const days = Array.from({ length: 300 }, (_, index) => addDays(FIRST, index));
    const ranges = findLakeRanges({
      inLake: days.filter((_, index) => index % 2 === 0),
      missing: days.filter((_, index) => index % 2 === 1),
    });
    expect(ranges).toHaveLength(50);
    expect(ranges.at(-1)?.to).toBe(addDays(FIRST, 298));
    expect(compactedThrough(ranges)).toBeUndefined();
  });

  test("is empty for an empty lake", () => {
    expect(findLakeRanges({ inLake: [], missing: [] })).toEqual([]);
    expect(compactedThrough([])).toBeUndefined();
  });
});

test.each([
  ["2026-11-22T00:30:00Z", "2026-11-20"],
  ["2026-11-22T00:59:59Z", "2026-11-20"],
  ["2026-11-22T01:00:00Z", "2026-11-21"],
  ["2026-11-22T23:59:59Z", "2026-11-21"],
  ["2026-03-01T12:00:00Z", "2026-02-28"],
])("lastClosedDay at %s is %s", (now, closed) => {
  expect(lastClosedDay(Date.parse(now))).toBe(closed);
});
