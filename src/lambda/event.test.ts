import { describe, expect, test } from "vitest";
import { UserError } from "../core/user-error.ts";
import { hasOwnDays, isWhole, parseEvent, toQuestion } from "./event.ts";

const ACCOUNT = "111122223333";

describe("parseEvent", () => {
  test.each([
    ["nothing", undefined, {}],
    ["null", null, {}],
    ["an empty object", {}, {}],
    ["days", { days: 36_500 }, { days: 36_500 }],
    [
      "a first and a last day",
      { from: "2026-01-01", to: "2026-01-01" },
      { from: "2026-01-01", to: "2026-01-01" },
    ],
    [
      "accounts and Regions",
      { accounts: [ACCOUNT], regions: ["eu-west-1"] },
      { accounts: [ACCOUNT], regions: ["eu-west-1"] },
    ],
    ["a continuation", { continuation: 0 }, { continuation: 0 }],
  ])("takes %s", (_, event, expected) => {
    expect(parseEvent(event)).toEqual(expected);
  });

  test.each<[string, unknown, string]>([
    ["an unknown key", { day: 3 }, ' Unrecognized key: "day"'],
    ["a number", 3, " Invalid input: expected object"],
    ["no days", { days: 0 }, " days: "],
    ["more days than a hundred years have", { days: 36_501 }, " days: "],
    ["a day that is none", { from: "2026-02-29" }, " from: must be a day such as 2026-11-22"],
    ["a day with a time", { to: "2026-02-28T00:00" }, " to: must be a day such as 2026-11-22"],
    ["days and a first day", { days: 3, from: "2026-11-01" }, " takes days or from, not both"],
    ["an end before the start", { from: "2026-11-02", to: "2026-11-01" }, " from: must not be after to"],
    ["an account that is none", { accounts: [ACCOUNT, "1"] }, " accounts.1: must be 12 digits"],
    ["no accounts", { accounts: [] }, " accounts: "],
    ["a Region that is none", { regions: ["../.."] }, " regions.0: must be a Region's name"],
    ["less than no continuation", { continuation: -1 }, " continuation: "],
  ])("refuses %s, and names it", (_, event, said) => {
    expect(() => parseEvent(event)).toThrow(UserError);
    expect(() => parseEvent(event)).toThrow(`the event that the function was called with:${said}`);
  });
});

describe("toQuestion", () => {
  test.each([
    [{}, { from: undefined, to: undefined, account: undefined, region: undefined }],
    [{ days: 7 }, { from: "7d", to: undefined, account: undefined, region: undefined }],
    [
      { days: 7, to: "2026-01-07" },
      { from: "2026-01-01", to: "2026-01-07", account: undefined, region: undefined },
    ],
    [
      { from: "2026-01-01", to: "2026-02-01", accounts: [ACCOUNT], regions: ["eu-west-1"] },
      { from: "2026-01-01", to: "2026-02-01", account: [ACCOUNT], region: ["eu-west-1"] },
    ],
  ])("asks as the command line does: %j", (event, question) => {
    expect(toQuestion(event)).toEqual(question);
  });
});

describe("hasOwnDays", () => {
  test.each([
    [{}, false],
    [{ to: "2026-02-01", continuation: 1 }, false],
    [{ days: 1 }, true],
    [{ from: "2026-01-01" }, true],
  ])("of %j is %s", (event, expected) => {
    expect(hasOwnDays(event)).toBe(expected);
  });
});

describe("isWhole", () => {
  test.each([
    [{}, true],
    [{ days: 400, continuation: 3 }, true],
    [{ from: "2026-01-01" }, true],
    [{ from: "2026-01-01", to: "2026-02-01" }, false],
    [{ accounts: [ACCOUNT] }, false],
    [{ regions: ["eu-west-1"] }, false],
  ])("of %j is %s", (event, expected) => {
    expect(isWhole(event)).toBe(expected);
  });
});
