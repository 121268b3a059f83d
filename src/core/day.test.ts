import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Day } from "./day.ts";
import { addDays, dayFromParts, dayFromTime, isInRange, parseDay, parseDayOption, splitDay } from "./day.ts";
import { UserError } from "./user-error.ts";

fc.configureGlobal({ seed: 20261122 });

const TODAY = "2026-11-22" as Day;

/** Days of the years 1000 to 8999, so that what is added to them has four digits too. */
const anyDay = fc
  .integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(8999, 11, 31) })
  .map((time) => dayFromTime(time));

describe("parseDay", () => {
  test.each(["2026-11-22", "2024-02-29", "2000-02-29", "1970-01-01", "1969-12-31", "9999-12-31"])(
    "reads %s",
    (text) => {
      expect(parseDay(text)).toBe(text);
    },
  );

  test.each([
    ["a day that February lacks", "2026-02-30"],
    ["29 February of a common year", "2026-02-29"],
    ["29 February of a century", "1900-02-29"],
    ["31 November", "2026-11-31"],
    ["month 0", "2026-00-10"],
    ["month 13", "2026-13-01"],
    ["day 0", "2026-11-00"],
    ["day 32", "2026-12-32"],
    ["one digit", "2026-1-1"],
    ["slashes", "2026/11/22"],
    ["no dashes", "20261122"],
    ["a time behind it", "2026-11-22T00:00:00Z"],
    ["a space before it", " 2026-11-22"],
    ["a line break behind it", "2026-11-22\n"],
    ["digits that are not ASCII", "２０２６-11-22"],
    ["a year of five digits", "12026-11-22"],
    ["a negative year", "-2026-11-22"],
    ["nothing", ""],
  ])("rejects %s", (_, text) => {
    expect(parseDay(text)).toBeUndefined();
  });

  test("never throws, and gives back only what it was given", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d{2}-\d{2}$/)), (text) => {
        expect([text, undefined]).toContain(parseDay(text));
      }),
    );
  });
});

test("dayFromParts and splitDay are each other's inverse", () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      expect(dayFromParts(...splitDay(day))).toBe(day);
    }),
  );
});

test.each([
  ["2026", "11", "031"],
  ["2026", "9", "01"],
  ["26", "09", "01"],
  ["2026", "09", "31"],
  ["", "", ""],
])("dayFromParts rejects %s, %s, %s", (year, month, day) => {
  expect(dayFromParts(year, month, day)).toBeUndefined();
});

describe("a day is UTC's, not the machine's", () => {
  test("the suite runs west of Greenwich", () => {
    expect(new Date(0).getTimezoneOffset()).toBeGreaterThan(0);
  });

  test.each([
    ["2026-11-22T00:00:00.000Z", "2026-11-22"],
    ["2026-11-22T03:59:59.999Z", "2026-11-22"],
    ["2026-11-22T23:59:59.999Z", "2026-11-22"],
  ])("dayFromTime of %s is %s", (moment, day) => {
    expect(dayFromTime(Date.parse(moment))).toBe(day);
  });

  test("addDays goes through both changes of the clocks", () => {
    expect(addDays("2026-03-08" as Day, 1)).toBe("2026-03-09");
    expect(addDays("2026-11-01" as Day, 1)).toBe("2026-11-02");
    expect(addDays("2026-03-01" as Day, 300)).toBe("2026-12-26");
  });
});

describe("addDays", () => {
  test.each([
    ["2026-12-31", 1, "2027-01-01"],
    ["2027-01-01", -1, "2026-12-31"],
    ["2024-02-28", 1, "2024-02-29"],
    ["2026-02-28", 1, "2026-03-01"],
    ["1970-01-01", -1, "1969-12-31"],
    ["2026-11-22", 0, "2026-11-22"],
  ])("%s and %i is %s", (from, count, to) => {
    expect(addDays(from as Day, count)).toBe(to);
  });

  test("goes there and back", () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -300_000, max: 300_000 }), (day, count) => {
        const there = addDays(day, count);
        expect(parseDay(there)).toBe(there);
        expect(addDays(there, -count)).toBe(day);
      }),
    );
  });

  test("keeps the order of text the order of time", () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 300_000 }), (day, count) => {
        expect(addDays(day, count) > day).toBe(true);
      }),
    );
  });
});

test("isInRange includes both ends, and a missing end is open", () => {
  const [before, from, to, after] = ["2026-11-09", "2026-11-10", "2026-11-12", "2026-11-13"] as Day[] as [
    Day,
    Day,
    Day,
    Day,
  ];
  const inside = (range: Parameters<typeof isInRange>[1]): boolean[] =>
    [before, from, to, after].map((day) => isInRange(day, range));
  expect(inside({ from, to })).toEqual([false, true, true, false]);
  expect(inside({ from })).toEqual([false, true, true, true]);
  expect(inside({ to })).toEqual([true, true, true, false]);
  expect(inside({})).toEqual([true, true, true, true]);
});

describe("parseDayOption", () => {
  test.each([
    ["2026-11-01", "2026-11-01"],
    ["today", "2026-11-22"],
    ["yesterday", "2026-11-21"],
    ["1d", "2026-11-22"],
    ["7d", "2026-11-16"],
    ["90d", "2026-08-25"],
    ["365d", "2025-11-23"],
  ])("reads %s as %s", (text, day) => {
    expect(parseDayOption(text, "--from", TODAY)).toBe(day);
  });

  test.each([
    "2026-02-30",
    "0d",
    "d",
    "-7d",
    "7",
    "7D",
    "1.5d",
    "100000d",
    "tomorrow",
    "",
    "7 d",
    "last week",
  ])('refuses "%s", naming the option, the value and a form that would do', (text) => {
    const parse = (): Day => parseDayOption(text, "--to", TODAY);
    expect(parse).toThrow(UserError);
    expect(parse).toThrow(`--to "${text}" is not a day`);
    expect(parse).toThrow(expect.objectContaining({ hint: expect.stringContaining("--to 2026-11-16") }));
  });
});
