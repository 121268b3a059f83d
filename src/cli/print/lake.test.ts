import { describe, expect, test } from "vitest";
import type { CompactedDay } from "../../actions/compact/compacted-day.ts";
import type { Day } from "../../core/day.ts";
import type { Inventory } from "../../core/inventory.ts";
import type { Counts } from "../../core/lake/manifest.ts";
import type { LakeReport } from "./lake.ts";
import { isIncomplete, lakeToJson, printLake, printLakeOddities, printLakeWarnings } from "./lake.ts";

const NAMES = { url: "/data/lake", view: "cloudtrail" };

const NOTHING: Counts = {
  objects: 0,
  bytes: 0,
  setAside: 0,
  late: 0,
  events: 0,
  duplicates: 0,
  records: 0,
};

const TOTAL: Counts = {
  objects: 2000,
  bytes: 85_200_000,
  setAside: 10,
  late: 3,
  events: 408_162,
  duplicates: 8162,
  records: 400_000,
};

const EMPTY: LakeReport = {
  closedThrough: "2026-11-21" as Day,
  days: [],
  notBegun: 0,
  upToDate: 0,
  total: NOTHING,
  healed: { damaged: 0, removed: 0 },
  aggregated: 0,
  setAside: [],
  compactedThrough: undefined,
  ranges: [],
};

function day(
  index: number,
  reason: CompactedDay["reason"],
  outcome: CompactedDay["outcome"] = {
    kind: "committed",
    counts: NOTHING,
    files: 1,
    lakeBytes: 10_000_000,
    replaced: 0,
  },
): CompactedDay {
  return {
    dataset: "data",
    account: "111122223333",
    day: `2026-11-${index + 10}` as Day,
    reason,
    outcome,
  };
}

const LEFT: CompactedDay["outcome"] = { kind: "left", why: "2 objects are gone\u001b[31m" };

const FULL: LakeReport = {
  ...EMPTY,
  days: [day(0, "new"), day(1, "new"), day(2, "changed"), day(3, "new", { kind: "lost-race" })],
  upToDate: 1203,
  total: TOTAL,
  healed: { damaged: 1, removed: 5 },
  compactedThrough: "2026-11-20" as Day,
  ranges: [{ from: undefined, to: "2026-11-20" as Day }],
};

describe("printLake", () => {
  test("counts account-days by reason, spells out the sums, and says what the view reads", () => {
    expect(printLake(FULL, NAMES)).toBe(
      [
        "Lake /data/lake, days closed through 2026-11-21",
        "3 account-days written: 2 new, 1 changed; 1,203 up to date; 1 written by another compaction meanwhile",
        "2,000 objects = 1,990 read + 10 set aside; 408,162 events = 400,000 in the lake + 8,162 duplicates",
        "85.2 MB of logs are 30.0 MB in 3 Parquet files; 3 objects came late",
        "1 account-day had files that were damaged or gone",
        "5 files that nothing refers to removed",
        "The view cloudtrail reads the lake through 2026-11-20; logs on all other days",
        "",
      ].join("\n"),
    );
  });

  test("says that there was nothing to do", () => {
    expect(printLake({ ...EMPTY, upToDate: 4 }, { ...NAMES, url: "/da\u001bta" })).toBe(
      [
        "Lake /da\\u001bta, days closed through 2026-11-21",
        "Nothing to compact; 4 up to date",
        "The view cloudtrail reads logs: the lake has no day of every account",
        "",
      ].join("\n"),
    );
  });

  test("counts account-days that were left", () => {
    expect(printLake({ ...EMPTY, days: [day(0, "changed", LEFT)] }, NAMES)).toContain("; 1 left as it was\n");
    const two = [day(0, "changed", LEFT), day(1, "changed", LEFT)];
    expect(printLake({ ...EMPTY, days: two }, NAMES)).toContain("; 2 left as they were\n");
  });

  test("names the newest ranges of days that the view reads from the lake", () => {
    const ranges = ["01", "03", "05", "07"].map((from) => ({
      from: `2026-11-${from}` as Day,
      to: (from === "07" ? "2026-11-09" : `2026-11-${from}`) as Day,
    }));
    expect(printLake({ ...EMPTY, ranges }, NAMES)).toContain(
      "\nThe view cloudtrail reads the lake 1 earlier range of days, on 2026-11-03, on 2026-11-05, " +
        "from 2026-11-07 to 2026-11-09; logs on all other days\n",
    );
  });

  test("is as long for thousands of account-days as for a few", () => {
    const days = Array.from({ length: 5000 }, (_, index) => day(index % 20, "outdated"));
    const text = printLake({ ...FULL, days }, NAMES);
    expect(text.split("\n")).toHaveLength(8);
    expect(text).toContain("5,000 account-days written: 5,000 outdated;");
  });
});

describe("printLakeWarnings", () => {
  test("are none where all went well", () => {
    expect(printLakeWarnings({ ...FULL, total: { ...TOTAL, setAside: 0 } }, NAMES)).toEqual([]);
  });

  test("name objects that are set aside, with nothing that a terminal acts on, and say where the others are", () => {
    const setAside = [{ key: "AWSLogs/\u001bx.json.gz", reason: "not gzip" }];
    expect(printLakeWarnings({ ...FULL, setAside }, NAMES)).toEqual([
      "set aside: AWSLogs/\\u001bx.json.gz: not gzip",
      "and 9 objects more set aside; SELECT * FROM cloudtrail_coverage WHERE set_aside > 0 says of which days",
    ]);
  });

  test("name ten account-days that were left, with the reason, and count the others", () => {
    const days = Array.from({ length: 12 }, (_, index) => day(index, "changed", LEFT));
    const lines = printLakeWarnings({ ...EMPTY, days }, NAMES);
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe("left as it was: data 111122223333 2026-11-10: 2 objects are gone\\u001b[31m");
    expect(lines[10]).toBe("and 2 account-days more; --format json has all");
  });

  test("name account-days of which logs have other content than before", () => {
    const outcome = { kind: "committed", counts: NOTHING, files: 1, lakeBytes: 1, replaced: 2 } as const;
    expect(printLakeWarnings({ ...EMPTY, days: [day(0, "changed", outcome)] }, NAMES)).toEqual([
      "changed among the logs: data 111122223333 2026-11-10: 2 objects with other content than when it was compacted first",
    ]);
  });
});

test("objects set aside and account-days left make a report incomplete, a lost race does not", () => {
  const whole = { ...FULL, total: { ...TOTAL, setAside: 0 } };
  expect(isIncomplete(FULL)).toBe(true);
  expect(isIncomplete(whole)).toBe(false);
  expect(isIncomplete({ ...whole, days: [day(0, "changed", LEFT)] })).toBe(true);
});

test("JSON has every account-day that was worked on", () => {
  expect(lakeToJson(FULL, NAMES)).toEqual({ url: "/data/lake", ...FULL });
  expect(lakeToJson(EMPTY, NAMES)).toMatchObject({ compactedThrough: null, days: [] });
});

test("kinds that the lake has are no oddities; aggregated files are counted, once", () => {
  const kinds = ["CloudTrail", "CloudTrail-Insight", "CloudTrail-Aggregated", "CloudTrail-Digest"] as const;
  const inventory: Inventory = {
    url: "/logs",
    roots: ["AWSLogs/"],
    partitions: kinds.map((kind) => ({
      root: "AWSLogs/",
      account: "111122223333",
      kind,
      region: "us-east-1",
      day: "2026-03-01" as Day,
      objects: 1,
      bytes: 1,
    })),
    outside: [],
    unseen: [],
    oddities: [],
    otherServices: [],
    tooSmall: [],
    listings: 1,
  };
  expect(printLakeOddities(inventory, 2)).toEqual([
    "not in any table: CloudTrail-Digest files (tables hold the kinds CloudTrail, CloudTrail-Insight, CloudTrail-NetworkActivity)",
    "not supported: 2 files of the kind CloudTrail-Aggregated, which are in no table and not in the lake",
  ]);
});
