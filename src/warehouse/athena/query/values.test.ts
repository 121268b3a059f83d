import { expect, test } from "vitest";
import { makeReader } from "./values.ts";

test.each([
  ["boolean", "true", true],
  ["boolean", "false", false],
  ["tinyint", "-1", -1],
  ["smallint", "300", 300],
  ["integer", "0", 0],
  ["bigint", "9007199254740991", 9007199254740991],
  ["bigint", "9007199254740993", "9007199254740993"],
  ["bigint", "-9223372036854775808", "-9223372036854775808"],
  ["double", "1.0E10", 1e10],
  ["double", "-0.5", -0.5],
  ["double", "NaN", "NaN"],
  ["double", "Infinity", "Infinity"],
  ["float", "-Infinity", "-Infinity"],
  ["real", "0.1", 0.1],
  ["decimal", "12.30", "12.30"],
  ["varchar", "1", "1"],
  ["varchar", "", ""],
  ["date", "2026-11-22", "2026-11-22"],
  ["array", "[1, 2]", "[1, 2]"],
  ["row", "{a=1}", "{a=1}"],
  ["something new", "x", "x"],
])("a value of type %s, %s, is %j", (type, text, value) => {
  expect(makeReader(type)(text)).toBe(value);
});
