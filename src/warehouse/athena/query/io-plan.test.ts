import { describe, expect, test } from "vitest";
import { UserError } from "../../../core/user-error.ts";
import { parseIoPlan } from "./io-plan.ts";

const TABLE = { catalog: "awsdatacatalog", schemaTable: { schema: "security", table: "cloudtrail_1" } };

const MONTH = {
  columnName: "Month",
  type: "varchar",
  domain: {
    nullsAllowed: false,
    ranges: [
      { low: { value: "11", bound: "EXACTLY" }, high: { value: "11", bound: "EXACTLY" } },
      { low: { value: "2", bound: "ABOVE" }, high: { bound: "BELOW" } },
      { low: { value: null, bound: "ABOVE" }, high: { value: "0", bound: "BELOW" } },
    ],
  },
};

const EXPECTED = {
  column: "month",
  isNullAllowed: false,
  ranges: [
    { low: { value: "11", isIncluded: true }, high: { value: "11", isIncluded: true } },
    { low: { value: "2", isIncluded: false }, high: { value: undefined, isIncluded: false } },
    { low: { value: undefined, isIncluded: false }, high: { value: "0", isIncluded: false } },
  ],
};

function print(info: object): string {
  return JSON.stringify({ inputTableColumnInfos: [{ table: TABLE, ...info }], estimate: { cpuCost: "NaN" } });
}

describe("parseIoPlan", () => {
  test.each([
    ["as Trino prints them", { constraint: { none: false, columnConstraints: [MONTH] }, estimate: {} }],
    ["without none", { constraint: { columnConstraints: [MONTH] } }],
    ["as a list", { constraint: [MONTH] }],
    ["as Presto printed them", { columnConstraints: [MONTH] }],
  ])("reads constraints %s", (_, info) => {
    expect(parseIoPlan(print(info))).toEqual([
      { catalog: "awsdatacatalog", schema: "security", table: "cloudtrail_1", constraints: [EXPECTED] },
    ]);
  });

  test("has no constraints where nothing can fit", () => {
    const [scan] = parseIoPlan(print({ constraint: { none: true, columnConstraints: [] } }));
    expect(scan?.constraints).toBeUndefined();
  });

  test("reads a plan with the column's name above it, line by line", () => {
    const text = `Query Plan\n${JSON.stringify(JSON.parse(print({ constraint: [] })), undefined, 2)}\n`;
    expect(parseIoPlan(text)).toMatchObject([{ table: "cloudtrail_1", constraints: [] }]);
  });

  test("reads a plan of no tables", () => {
    expect(parseIoPlan('{"inputTableColumnInfos": []}')).toEqual([]);
  });

  test.each([
    ["nothing", ""],
    ["text", "Fragment 0 [SINGLE]"],
    ["other JSON", '{"id": 1}'],
    ["a table without a name", '{"inputTableColumnInfos": [{"table": {}, "constraint": []}]}'],
    ["no constraints at all", print({})],
    [
      "bounds of another kind",
      print({ constraint: [{ ...MONTH, domain: { nullsAllowed: true, ranges: [{ low: {}, high: {} }] } }] }),
    ],
    ["a domain of another kind", print({ constraint: [{ columnName: "a", domain: { values: ["1"] } }] })],
  ])("makes no estimate of %s", (_, text) => {
    expect(() => parseIoPlan(text)).toThrow(UserError);
    expect(() => parseIoPlan(text)).toThrow(/no estimate can be made/);
  });
});
