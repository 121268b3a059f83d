import { expect, test } from "vitest";
import type { VerifyReport } from "../../actions/compact/verify-lake.ts";
import type { Day } from "../../core/day.ts";
import { printRemedies, printVerifyReport, verifyReportToJson } from "./verify-lake.ts";

const REPORT: VerifyReport = {
  accountDays: 120,
  files: 130,
  bytes: 40_100_000,
  objects: 2000,
  gone: 0,
  events: 12,
  checks: [],
  total: { objects: 2000, bytes: 9, setAside: 10, late: 0, events: 12, duplicates: 2, records: 10 },
};

test("a lake without problems is what was checked, and its sums", () => {
  expect(printVerifyReport(REPORT, "/lake")).toBe(
    "Lake /lake: 120 account-days, 130 Parquet files (40.1 MB), and 2,000 objects of the logs read again\n" +
      "2,000 objects = 1,990 read + 10 set aside; 12 events = 10 in the lake + 2 duplicates\n" +
      "No problems\n",
  );
});

test("each problem is a line with its account-day, and nothing that a terminal acts on", () => {
  const at = { dataset: "insight", account: "111122223333", day: "2026-11-22" as Day } as const;
  const checks = [{ ...at, problems: ["part-00000.parquet is gone", "\u001b[31mx"] }];
  const text = printVerifyReport({ ...REPORT, gone: 3, checks }, "/lake");
  expect(text.split("\n").slice(0, 2)).toEqual([
    "insight 111122223333 2026-11-22: part-00000.parquet is gone",
    "insight 111122223333 2026-11-22: \\u001b[31mx",
  ]);
  expect(text).toContain("\n3 objects gone from the logs: the lake keeps the events\n");
  expect(text).toMatch(/\n1 account-day with problems\n$/);
  const many = printVerifyReport({ ...REPORT, checks: Array(25).fill(checks[0]) as typeof checks }, "/lake");
  expect(many).toContain("\nand 5 account-days more; --format json has all\n");
});

test("each kind of problem has its remedy", () => {
  const at = { dataset: "data", account: "111122223333", day: "2026-11-22" as Day } as const;
  const remediesOf = (...problems: string[]): string[] => printRemedies({ checks: [{ ...at, problems }] });
  const bytes = "part-00000.parquet has other bytes than were written";
  expect(remediesOf(bytes, bytes)).toEqual([expect.stringMatching(/^delete the files named above, then/)]);
  for (const problem of [
    "part-00000.parquet is gone from the lake",
    "there are files of it, and no manifest",
  ])
    expect(remediesOf(problem)).toEqual([expect.stringMatching(/compact writes these account-days anew$/)]);
  expect(remediesOf("2 log files of CloudTrail came since: compact takes them in")).toEqual([]);
});

test("JSON has the whole report", () => {
  expect(verifyReportToJson(REPORT, "/lake")).toEqual({ url: "/lake", ...REPORT });
});
