import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePartitionFilter } from "../../../../test/doubles/glue-expression.ts";
import type { ColumnConstraint, Range } from "./io-plan.ts";
import { isSelected, printExpression } from "./partition-filter.ts";

const KEYS = ["region", "year", "month", "day"].map((name) => ({ name, type: "string" }));

function key(type: string) {
  return [{ name: "n", type }];
}

function point(value: string): Range {
  return { low: { value, isIncluded: true }, high: { value, isIncluded: true } };
}

function from(value: string, isIncluded = true): Range {
  return { low: { value, isIncluded }, high: { value: undefined, isIncluded: false } };
}

function below(value: string, isIncluded = false): Range {
  return { low: { value: undefined, isIncluded: false }, high: { value, isIncluded } };
}

function on(column: string, ...ranges: Range[]): ColumnConstraint {
  return { column, isNullAllowed: false, ranges };
}

describe("isSelected", () => {
  test.each([
    ["one value", [on("day", point("22"))], true],
    ["another value", [on("day", point("21"))], false],
    ["one of several", [on("day", point("01"), point("22"))], true],
    ["a range that begins there", [on("day", from("22"))], true],
    ["a range that begins behind it", [on("day", from("22", false))], false],
    ["a range that ends before it", [on("day", below("22"))], false],
    ["a range that ends there", [on("day", below("22", true))], true],
    ["all of two columns", [on("day", point("22")), on("month", point("11"))], true],
    ["one of two columns", [on("day", point("22")), on("month", point("10"))], false],
    ["no value", [on("day")], false],
    ["a column that is no partition key", [on("eventname", point("x"))], true],
    ["NULL, which no partition says", [{ ...on("day", point("21")), isNullAllowed: true }], true],
    ["nothing", [], true],
  ])("with %s", (_, constraints, selected) => {
    expect(isSelected(KEYS, constraints, ["us-east-1", "2026", "11", "22"])).toBe(selected);
  });

  test("compares numbers as numbers, and other types not at all", () => {
    expect(isSelected(key("int"), [on("n", from("9"))], ["10"])).toBe(true);
    expect(isSelected(key("string"), [on("n", from("9"))], ["10"])).toBe(false);
    expect(isSelected(key("int"), [on("n", from("9"))], ["__HIVE_DEFAULT_PARTITION__"])).toBe(true);
    expect(isSelected(key("timestamp"), [on("n", point("9"))], ["10"])).toBe(true);
  });
});

describe("printExpression", () => {
  test.each([
    ["a value", [[on("day", point("22"))]], "day IN ('22')"],
    ["values", [[on("day", point("21"), point("22"))]], "day IN ('21', '22')"],
    ["a quote", [[on("day", point("it's"))]], "day IN ('it''s')"],
    ["a range", [[on("day", { low: from("01").low, high: below("05").high })]], "day >= '01' AND day < '05'"],
    [
      "ranges",
      [[on("day", below("05", true), point("22"))]],
      "((day <= '05') OR (day >= '22' AND day <= '22'))",
    ],
    ["columns", [[on("month", point("11")), on("day", from("20", false))]], "month IN ('11') AND day > '20'"],
    ["scans", [[on("day", point("1"))], [on("day", point("2"))]], "(day IN ('1')) OR (day IN ('2'))"],
    ["equal scans", [[on("day", point("1"))], [on("day", point("1"))]], "day IN ('1')"],
    ["a scan of all", [[on("day", point("1"))], []], undefined],
    ["no scans", [], undefined],
    ["anything", [[on("day", below("05"), { low: below("x").low, high: from("x").high })]], undefined],
    [
      "too much",
      [[on("day", ...Array.from({ length: 300 }, (_, index) => point(`day ${index}`)))]],
      undefined,
    ],
  ])("of %s", (_, scans, text) => {
    expect(printExpression(KEYS, scans)).toBe(text);
  });
});

const bound = fc.option(fc.constantFrom("01", "05", "10", "it's", "é"), { nil: undefined });
const range: fc.Arbitrary<Range> = fc
  .record({ low: bound, high: bound, lowIn: fc.boolean(), highIn: fc.boolean() })
  .map(({ low, high, lowIn, highIn }) => ({
    low: { value: low, isIncluded: low !== undefined && (lowIn || low === high) },
    high: { value: high, isIncluded: high !== undefined && (highIn || low === high) },
  }));
const scan = fc.array(
  fc.record({
    column: fc.constantFrom("region", "year", "month", "day", "eventname"),
    isNullAllowed: fc.boolean(),
    ranges: fc.array(range, { maxLength: 3 }),
  }),
  { maxLength: 3 },
);

test("Glue's filter lets through every partition that a scan reads", () => {
  const columns = KEYS.map(({ name, type }) => ({ Name: name, Type: type }));
  const value = fc.constantFrom("01", "04", "05", "07", "10", "it's", "é", "\u{1F98A}");
  fc.assert(
    fc.property(
      fc.array(scan, { minLength: 1, maxLength: 3 }),
      fc.array(value, { minLength: 4, maxLength: 4 }),
      (scans, values) => {
        const filter = parsePartitionFilter(printExpression(KEYS, scans), columns);
        const isRead = scans.some((constraints) => isSelected(KEYS, constraints, values));
        if (isRead) expect(filter?.(values) ?? true).toBe(true);
      },
    ),
  );
});
