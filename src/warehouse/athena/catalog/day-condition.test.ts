import { DuckDBInstance } from "@duckdb/node-api";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DayRange } from "../../../core/day.ts";
import { addDays, isInRange } from "../../../core/day.ts";
import { day } from "../../../fixtures.contract.ts";
import { printOutside, printWithin } from "./day-condition.ts";

fc.configureGlobal({ seed: 20261122 });

const FIRST = day("2024-11-01");
const DAYS = 800;

/** Ranges in order, without an overlap; the first may begin, and the last end, with all days. */
const arbitraryRanges: fc.Arbitrary<DayRange[]> = fc
  .tuple(
    fc
      .uniqueArray(fc.nat(DAYS - 1), { minLength: 2, maxLength: 12 })
      .filter(({ length }) => length % 2 === 0),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([ends, isOpen, isUnending]) => {
    const days = ends.toSorted((a, b) => a - b).map((count) => addDays(FIRST, count));
    return Array.from({ length: days.length / 2 }, (_, index) => ({
      from: isOpen && index === 0 ? undefined : days[2 * index],
      to: isUnending && 2 * index + 2 === days.length ? undefined : days[2 * index + 1],
    }));
  });

describe("the days of a lake as a condition", () => {
  test("are those of its ranges, and all others are outside", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(
      `CREATE TABLE days AS SELECT strftime(d, '%Y') AS year, strftime(d, '%m') AS month, strftime(d, '%d') AS day
       FROM range(DATE '${FIRST}', DATE '${addDays(FIRST, DAYS)}', INTERVAL 1 DAY) AS days(d)`,
    );
    await fc.assert(
      fc.asyncProperty(arbitraryRanges, async (ranges) => {
        const reader = await connection.runAndReadAll(
          `SELECT concat(year, '-', month, '-', day), ${printWithin(ranges)}, ${printOutside(ranges)} FROM days`,
        );
        const wanted = reader.getRows().map(([text]) => {
          const isWithin = ranges.some((range) => isInRange(day(String(text)), range));
          return [text, isWithin, !isWithin];
        });
        expect(reader.getRows()).toEqual(wanted);
      }),
      { numRuns: 20 },
    );
    connection.closeSync();
    instance.closeSync();
  });

  const DAY = `"year" || '-' || "month" || '-' || "day"`;

  test("are written with bounds of the year beside", () => {
    const ranges = [
      { from: undefined, to: day("2025-12-31") },
      { from: day("2026-02-01"), to: day("2026-03-01") },
    ];
    expect(printWithin(ranges)).toBe(
      `("year" <= '2025' AND ${DAY} <= '2025-12-31') OR ` +
        `("year" >= '2026' AND "year" <= '2026' AND ${DAY} >= '2026-02-01' AND ${DAY} <= '2026-03-01')`,
    );
    expect(printOutside(ranges)).toBe(
      `("year" >= '2025' AND "year" <= '2026' AND ${DAY} > '2025-12-31' AND ${DAY} < '2026-02-01') OR ` +
        `("year" >= '2026' AND ${DAY} > '2026-03-01')`,
    );
  });

  test("leave nothing outside where they are all there are", () => {
    expect(printOutside([{}])).toBe("false");
  });
});
