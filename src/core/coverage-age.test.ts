import { describe, expect, test } from "vitest";
import { coverageAge } from "./coverage-age.ts";
import type { Day } from "./day.ts";
import type { InventoryPartition } from "./inventory.ts";
import type { LogKind } from "./log-key.ts";

/** Late in the evening of New York, where the tests run, it is the next day of UTC already. */
const NOW = Date.UTC(2026, 10, 22, 3, 15);

function logsOf(...days: string[]): InventoryPartition[] {
  return days.map((day) => logOf(day));
}

function logOf(day: string, kind: LogKind = "CloudTrail"): InventoryPartition {
  const rest = { root: "AWSLogs/", account: "111122223333", region: "us-east-1" };
  return { ...rest, kind, day: day as Day, objects: undefined, bytes: undefined };
}

describe("coverageAge", () => {
  test.each([
    ["today's", logsOf("2026-11-21", "2026-11-22"), 0],
    ["yesterday's", logsOf("2026-11-21"), 3.25],
    ["those of the day before, whatever their order", logsOf("2026-11-20", "2026-01-01"), 27.25],
    ["those of a year ago", logsOf("2025-11-21"), 365 * 24 + 3.25],
    ["those of days to come beside yesterday's", logsOf("2026-11-21", "2026-11-23", "9999-12-31"), 3.25],
    [
      "those of another kind beside old ones",
      [...logsOf("2026-11-20"), logOf("2026-11-22", "CloudTrail-Insight")],
      27.25,
    ],
  ])("counts hours from the end of the newest day: %s", (_, logs, hours) => {
    expect(coverageAge(logs, { now: NOW, from: "2026-08-25" as Day })).toBe(hours);
    expect(coverageAge(logs, { now: NOW, from: undefined })).toBe(hours);
  });

  test.each([
    ["no logs", []],
    ["logs of days to come alone", logsOf("2026-11-23")],
    ["logs of other kinds alone", [logOf("2026-11-21", "CloudTrail-Digest")]],
  ])("with %s counts from the first day that was looked at", (_, logs) => {
    expect(coverageAge(logs, { now: NOW, from: "2026-11-16" as Day })).toBe(6 * 24 + 3.25);
    expect(coverageAge(logs, { now: NOW, from: "2026-11-23" as Day })).toBe(0);
    expect(coverageAge(logs, { now: NOW, from: undefined })).toBeUndefined();
  });

  test("changes days at midnight UTC", () => {
    const midnight = Date.UTC(2026, 10, 22);
    const logs = logsOf("2026-11-21");
    expect(coverageAge(logs, { now: midnight - 1, from: undefined })).toBe(0);
    expect(coverageAge(logs, { now: midnight, from: undefined })).toBe(0);
    expect(coverageAge(logs, { now: midnight + 3_600_000, from: undefined })).toBe(1);
  });
});
