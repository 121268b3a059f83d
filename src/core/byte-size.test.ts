import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseBytes, printBytes } from "./byte-size.ts";
import { UserError } from "./user-error.ts";

test.each([
  ["100GB", 100_000_000_000],
  ["1.5TB", 1_500_000_000_000],
  ["10MB", 10_000_000],
  ["10 mb", 10_000_000],
  [" 2kB ", 2000],
  ["1B", 1],
  ["0.5KB", 500],
  ["2PB", 2_000_000_000_000_000],
])("parseBytes reads %j", (text, bytes) => {
  expect(parseBytes(text, "--max-scan")).toBe(bytes);
});

test.each([
  "",
  "100",
  "GB",
  "-1GB",
  "1e3GB",
  "1,5GB",
  "1..5GB",
  "10GiB",
  "10 gigabytes",
  "0GB",
  "0.0001B",
  "100PB",
])("parseBytes names the option and the value where %j is no size", (text) => {
  expect(() => parseBytes(text, "max_scan")).toThrow(UserError);
  expect(() => parseBytes(text, "max_scan")).toThrow(`max_scan "${text}"`);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1500, "1.5 kB"],
  [1_220_000_000, "1.2 GB"],
  [999_999, "1.0 MB"],
  [250_000_000_000, "250 GB"],
])("printBytes of %d is %s", (bytes, text) => {
  expect(printBytes(bytes)).toBe(text);
});

test("printBytes is within a twentieth of what parseBytes reads back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 15 }), (bytes) => {
      const back = parseBytes(printBytes(bytes), "size");
      expect(Math.abs(back - bytes)).toBeLessThanOrEqual(bytes / 20);
    }),
  );
});
