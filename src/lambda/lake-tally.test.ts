import { describe, expect, test } from "vitest";
import type { CompactedDay } from "../actions/compact/compacted-day.ts";
import { day } from "../fixtures.contract.ts";
import { LakeTally } from "./lake-tally.ts";

const AT = { dataset: "data", account: "111122223333", day: day("2026-11-20"), reason: "new" } as const;
const COUNTS = { objects: 4, bytes: 400, setAside: 1, late: 0, events: 30, duplicates: 10, records: 20 };
const COMMITTED: CompactedDay = {
  ...AT,
  outcome: { kind: "committed", counts: COUNTS, files: 1, lakeBytes: 90, replaced: 0 },
};

describe("LakeTally", () => {
  test("adds up what was committed, and counts what was left", () => {
    const tally = new LakeTally();
    for (const each of [COMMITTED, COMMITTED]) tally.addDay(each);
    tally.addDay({ ...AT, outcome: { kind: "left", why: "it changes" } });
    tally.addDay({ ...AT, outcome: { kind: "lost-race" } });
    expect(tally.summarize()).toEqual({
      accountDays: { compacted: 2, left: 1, notBegun: undefined },
      objects: 8,
      bytes: 800,
      setAside: 2,
      late: 0,
      events: 60,
      duplicates: 20,
      records: 40,
      compactedThrough: undefined,
    });
  });

  test("knows at the end what was not begun, and how far the view reads the lake", () => {
    const tally = new LakeTally();
    tally.finish({ notBegun: 3, compactedThrough: day("2026-11-20") });
    expect(tally.summarize()).toMatchObject({
      accountDays: { compacted: 0, left: 0, notBegun: 3 },
      compactedThrough: "2026-11-20",
    });
  });
});
