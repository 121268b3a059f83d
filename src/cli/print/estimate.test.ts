import { expect, test } from "vitest";
import { estimateToJson, printDollars, printEstimate, printScan } from "./estimate.ts";

const ESTIMATE = {
  tables: [
    { name: "cloudtrail_111122223333", selected: 34, partitions: 12_345 },
    { name: "cloudtrail_444455556666", selected: 1, partitions: undefined },
  ],
  objects: 1234,
  bytes: 1_220_000_000,
  complete: true,
  dollars: 0.00554,
};

test("an estimate has a line a table, and the sum", () => {
  expect(printEstimate(ESTIMATE)).toMatch(/cloudtrail_111122223333 +│ +34 +│ +12,345/);
  expect(printEstimate(ESTIMATE)).toMatch(
    /\nThe query would scan up to 1\.2 GB in 1,234 files, for about \$0\.0055\.\n$/,
  );
});

test("tables of which nothing is read are counted, and not listed", () => {
  const none = { name: "cloudtrail_777788889999", selected: 0, partitions: 5 };
  const text = printEstimate({ ...ESTIMATE, tables: [...ESTIMATE.tables, none] });
  expect(text).not.toContain(none.name);
  expect(text).toContain("\n1 table of which nothing is read\nThe query");
  expect(printEstimate({ ...ESTIMATE, tables: [none] })).toMatch(/^1 table of which nothing is read\nThe/);
});

test("an estimate that is not complete is the least", () => {
  expect(printEstimate({ ...ESTIMATE, complete: false })).toMatch(
    /would scan at least 1\.2 GB in 1,234 files, for about \$0\.0055: not all could be listed\.\n$/,
  );
});

test("an estimate of no tables is a sentence", () => {
  const nothing = { tables: [], objects: 0, bytes: 0, complete: true, dollars: 0.0000477 };
  expect(printEstimate(nothing)).toBe("The query would scan up to 0 B in 0 files, for about $0.000048.\n");
});

test("an estimate as JSON has null for what was not counted", () => {
  expect(JSON.parse(JSON.stringify(estimateToJson(ESTIMATE)))).toEqual({
    ...ESTIMATE,
    tables: [ESTIMATE.tables[0], { name: "cloudtrail_444455556666", selected: 1, partitions: null }],
  });
});

test.each([
  [undefined, undefined],
  [{ bytes: 0, dollars: 0, reused: false }, undefined],
  [{ bytes: 0, dollars: 0, reused: true }, "answered from an earlier result: nothing was scanned"],
  [{ bytes: 1_220_000_000, dollars: 0.0061, reused: false }, "scanned 1.2 GB, about $0.0061"],
])("the note on the scan %j is %j", (scan, note) => {
  expect(printScan(scan)).toBe(note);
});

test.each([
  [0, "$0"],
  [0.0000477, "$0.000048"],
  [0.0061, "$0.0061"],
  [0.0999, "$0.100"],
  [0.25, "$0.25"],
  [5, "$5.00"],
  [1234.5, "$1,234.50"],
])("%d dollars are %s", (dollars, text) => {
  expect(printDollars(dollars)).toBe(text);
});
