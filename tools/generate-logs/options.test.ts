import { expect, test } from "vitest";
import { UserError } from "../../src/core/user-error.ts";
import type { GenerateLogsOptions } from "./options.ts";
import { parseOptions } from "./options.ts";

test("without options there are three accounts, four Regions, ten days and three files for each", () => {
  const { accounts, regions, days, files } = parseOptions({});
  expect({ accounts, regions: regions.length, days: days.length, files }).toEqual({
    accounts: 3,
    regions: 4,
    days: 10,
    files: 360,
  });
});

test("the days end with --until", () => {
  expect(parseOptions({ days: 3, until: "2024-03-01" }).days).toEqual([
    "2024-02-28",
    "2024-02-29",
    "2024-03-01",
  ]);
});

test.each([
  ["", ""],
  ["trails", "trails/"],
  ["/a/b/", "a/b/"],
])("the prefix %j is %j in keys", (prefix, printed) => {
  expect(parseOptions({ prefix }).prefix).toBe(printed);
});

test("a partition with fewer Regions than asked for gives those it has", () => {
  expect(parseOptions({ partition: "aws-cn", regions: 4 }).regions).toEqual(["cn-north-1", "cn-northwest-1"]);
});

test.each<[GenerateLogsOptions, string]>([
  [{ seed: 0.5 }, "--seed 0.5"],
  [{ accounts: 0 }, "--accounts 0"],
  [{ days: -1 }, "--days -1"],
  [{ files: 1.5 }, "--files 1.5"],
  [{ records: 0 }, "--records 0"],
  [{ until: "2026-02-30" }, '--until "2026-02-30"'],
  [{ regions: ["us-east-1", "Frankfurt"] }, 'holds "Frankfurt"'],
  [{ regions: [] }, "--regions"],
  [{ late: 2 }, "--late 2"],
  [{ duplicates: -0.1 }, "--duplicates -0.1"],
  [{ empty: Number.NaN }, "--empty NaN"],
  [{ prefix: "../up" }, '--prefix "../up"'],
])("%j is refused, and named", (options, named) => {
  expect(() => parseOptions(options)).toThrow(UserError);
  expect(() => parseOptions(options)).toThrow(named);
});
