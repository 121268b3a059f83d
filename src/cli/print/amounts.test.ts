import { expect, test } from "vitest";
import { printBytes } from "../../core/byte-size.ts";
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

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [1500, "1.5 kB"],
  [123_456, "123 kB"],
  [1_000_000, "1.0 MB"],
  [265_000_000, "265 MB"],
  [3_200_000_000_000, "3.2 TB"],
  [12_000_000_000_000_000, "12000 TB"],
])("printBytes prints %d as %s", (bytes, text) => {
  expect(printBytes(bytes)).toBe(text);
});

test("printBytes never prints a thousand of a unit that has a larger one", () => {
  expect(printBytes(999_999)).toBe("1.0 MB");
});
