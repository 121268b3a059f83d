import { expect, test } from "vitest";
import { printCount, printNumber } from "./amounts.ts";

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [1_234_567, "1,234,567"],
])("printCount prints %d as %s", (count, text) => {
  expect(printCount(count)).toBe(text);
});

test.each([
  [0, "0 files"],
  [1, "1 file"],
  [2, "2 files"],
  [1000, "1,000 files"],
])("printNumber prints %d with its noun as %s", (count, text) => {
  expect(printNumber(count, "file")).toBe(text);
});
