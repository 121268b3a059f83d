import { expect, test } from "vitest";
import { parseCommandLine } from "./command-line.ts";
import { parseOptions } from "./options.ts";

test("without flags the options are the defaults", () => {
  const { out, force, list, options } = parseCommandLine(["--out", "logs"]);
  expect({ out, force, list }).toEqual({ out: "logs", force: false, list: false });
  expect(parseOptions(options)).toEqual(parseOptions({}));
});

test.each([
  [["--regions", "7"], { regions: 7 }],
  [["--regions", "us-east-1, eu-west-1"], { regions: ["us-east-1", "eu-west-1"] }],
  [["--data-events", "0.5"], { dataEvents: 0.5 }],
  [["--large-file", "--noise", "--broken"], { largeFile: true, noise: true, broken: true }],
  [["--layout", "mixed"], { layout: "mixed" }],
])("%j", (argv, expected) => {
  expect(parseCommandLine(["--out", "logs", ...argv]).options).toMatchObject(expected);
});
