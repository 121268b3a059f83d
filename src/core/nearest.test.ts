import { expect, test } from "vitest";
import { findNearest } from "./nearest.ts";

const WORDS = ["logs", "database", "table_prefix", "partition_days", "cloudtrail_prefix"];

test.each([
  ["databse", "database"],
  ["DATABASE", "database"],
  ["log", "logs"],
  ["tableprefix", "table_prefix"],
  ["partition_day", "partition_days"],
  ["cloudtrail-prefix", "cloudtrail_prefix"],
  ["logs", "logs"],
])("the nearest to %s is %s", (typed, word) => {
  expect(findNearest(typed, WORDS)).toBe(word);
});

test.each(["colour", "xyz", "partitions_of_the_table"])("nothing is near to %s", (typed) => {
  expect(findNearest(typed, WORDS)).toBeUndefined();
});

test("nothing is near where there are no words", () => {
  expect(findNearest("logs", [])).toBeUndefined();
});

test("the first of two that are as near is taken", () => {
  expect(findNearest("cat", ["bat", "rat"])).toBe("bat");
});
