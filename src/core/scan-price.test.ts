import { expect, test } from "vitest";
import { priceScan } from "./scan-price.ts";

test.each([
  ["nothing, which is billed as 10 MB", 0, 0.0000477],
  ["a byte, which is billed as 10 MB", 1, 0.0000477],
  ["10 MB", 10 * 1024 ** 2, 0.0000477],
  ["10 MB and a byte, which is billed as 11 MB", 10 * 1024 ** 2 + 1, 0.0000525],
  ["100 GB", 100 * 1024 ** 3, 0.488],
  ["3 TB", 3 * 1024 ** 4, 15],
])("priceScan of %s", (_, bytes, dollars) => {
  expect(priceScan(bytes)).toBeCloseTo(dollars, dollars < 0.01 ? 7 : 3);
});

test("priceScan takes another price", () => {
  expect(priceScan(1024 ** 4, 6.75)).toBe(6.75);
});
