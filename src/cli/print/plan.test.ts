import { expect, test } from "vitest";
import type { SetAsideFile, Table } from "../../core/catalog.ts";
import type { Day } from "../../core/day.ts";
import type { Partition } from "../../core/partition-set.ts";
import { PartitionSet } from "../../core/partition-set.ts";
import type { Change } from "../../core/plan.ts";
import { dueDaysToJson, planToJson, printDueDays, printPlan } from "./plan.ts";

const partitions: readonly Partition[] = ["eu-west-1", "us-east-1"].map((region) => ({
  account: "111122223333",
  region,
  day: "2026-03-01" as Day,
  roots: ["/logs/AWSLogs/"],
}));

const table: Table = {
  name: "cloudtrail_111122223333",
  account: "111122223333",
  partitions: new PartitionSet(partitions),
  sources: ["/logs/**"],
  definition: "SELECT secret",
};

const view = { name: "cloudtrail", definition: "SELECT secret" };

function setAside(name: string): SetAsideFile {
  return {
    file: `/logs/${name}`,
    account: "111122223333",
    bytes: 1,
    modified: 2,
    verdict: "unreadable",
    reason: "not gzip",
  };
}

const lakeDays = ["2026-03-01", "2026-03-03", "2026-03-02"].map((day) => ({
  dataset: "data" as const,
  account: "111122223333",
  day: day as Day,
  folder: "data/x/v000001-ab/",
  parts: 1,
}));

const lakeTable = { name: "cloudtrail_lake", days: new Map(), definition: "SELECT secret" };

const one = new PartitionSet(partitions.slice(1));
const ofTable = { table: table.name, account: table.account, partitions: partitions.slice(1) };

const CHANGES: readonly (readonly [Change, line: string, json: object])[] = [
  [
    { kind: "create-database", database: "security" },
    "+ database security",
    { kind: "create-database", database: "security" },
  ],
  [
    { kind: "turn-into-table", table },
    "~ view cloudtrail_111122223333 becomes a table with 2 partitions of 2 Regions",
    { ...ofTable, kind: "turn-into-table", partitions },
  ],
  [
    { kind: "update-partitions", table, partitions: one },
    "~ 1 partition of 1 Region in cloudtrail_111122223333: columns or location",
    { ...ofTable, kind: "update-partitions" },
  ],
  [
    { kind: "drop-partitions", table, partitions: one },
    "- 1 partition of 1 Region in cloudtrail_111122223333: beyond their retention; the logs stay",
    { ...ofTable, kind: "drop-partitions" },
  ],
  [
    { kind: "replace-table", table: { ...table, sources: [] } },
    "~ table cloudtrail_111122223333: columns or properties",
    { kind: "replace-table", table: table.name, account: table.account },
  ],
  [
    { kind: "turn-into-view", view },
    "~ table cloudtrail becomes a view",
    { kind: "turn-into-view", view: "cloudtrail" },
  ],
  [
    { kind: "create-table", table },
    "+ table cloudtrail_111122223333 with 2 partitions of 2 Regions",
    { kind: "create-table", table: table.name, account: table.account, partitions },
  ],
  [
    { kind: "add-partitions", table, partitions: new PartitionSet(partitions.slice(1)) },
    "+ 1 partition of 1 Region in cloudtrail_111122223333",
    {
      kind: "add-partitions",
      table: table.name,
      account: table.account,
      partitions: partitions.slice(1),
    },
  ],
  [
    { kind: "replace-table", table },
    "~ table cloudtrail_111122223333 reads other files than before",
    { kind: "replace-table", table: table.name, account: table.account },
  ],
  [
    { kind: "create-lake-table", lakeTable },
    "+ table cloudtrail_lake over the lake",
    { kind: "create-lake-table", table: "cloudtrail_lake" },
  ],
  [
    { kind: "replace-lake-table", lakeTable },
    "~ table cloudtrail_lake reads other files of the lake than before",
    { kind: "replace-lake-table", table: "cloudtrail_lake" },
  ],
  [
    { kind: "put-lake-days", lakeTable, days: lakeDays },
    "+ 3 account-days from 2026-03-01 to 2026-03-03 in cloudtrail_lake",
    { kind: "put-lake-days", table: "cloudtrail_lake", days: lakeDays },
  ],
  [
    { kind: "drop-lake-days", lakeTable, days: lakeDays.slice(0, 1) },
    "- 1 account-day of 2026-03-01 in cloudtrail_lake: their files are damaged or gone; the logs answer",
    { kind: "drop-lake-days", table: "cloudtrail_lake", days: lakeDays.slice(0, 1) },
  ],
  [{ kind: "create-view", view }, "+ view cloudtrail", { kind: "create-view", view: "cloudtrail" }],
  [{ kind: "replace-view", view }, "~ view cloudtrail", { kind: "replace-view", view: "cloudtrail" }],
  [
    { kind: "set-aside", files: [setAside("a")] },
    "~ 1 file set aside: a",
    { kind: "set-aside", files: [setAside("a")] },
  ],
  [
    { kind: "take-back", files: ["a", "b", "c", "d"].map(setAside) },
    "~ 4 files no longer set aside: a, b, c …",
    { kind: "take-back", files: ["a", "b", "c", "d"].map(setAside) },
  ],
];

test.each(CHANGES)("a change of the kind $kind is a line", (change, line) => {
  expect(printPlan({ changes: [change] })).toBe(`${line}\n`);
});

test.each(CHANGES)("a change of the kind $kind is JSON, without definitions", (change, _, json) => {
  const printed = JSON.stringify(planToJson({ changes: [change] }));
  expect(JSON.parse(printed)).toEqual([json]);
  expect(printed).not.toContain("secret");
});

test("changes stand in the order of the plan", () => {
  const text = printPlan({ changes: CHANGES.map(([change]) => change) });
  expect(text).toBe(CHANGES.map(([, line]) => `${line}\n`).join(""));
});

test("of many changes of one kind twenty are printed, and a sum for the rest", () => {
  const changes = Array.from({ length: 23 }, (): Change => ({ kind: "create-table", table }));
  const lines = printPlan({ changes: [...changes, { kind: "create-view", view }] }).split("\n");
  expect(lines).toHaveLength(23);
  expect(lines[20]).toBe("+ and 3 more of the kind create-table, with 6 partitions");
  expect(lines[21]).toBe("+ view cloudtrail");
});

test("names of files have nothing that a terminal acts on", () => {
  const files = [setAside("evil\u001b[31m\n+ table")];
  expect(printPlan({ changes: [{ kind: "set-aside", files }] })).toBe(
    "~ 1 file set aside: evil\\u001b[31m\\n+ table\n",
  );
});

test("no changes are no text and an empty list", () => {
  expect([printPlan({ changes: [] }), planToJson({ changes: [] })]).toEqual(["", []]);
});

test("account-days that are to be compacted are a line a reason, and an object each as JSON", () => {
  const days = lakeDays.map(({ dataset, account, day }, index) => {
    const reason = index === 1 ? "changed" : "new";
    return { dataset, account, day, reason } as const;
  });
  const due = days.map((day) => ({ ...day, sources: undefined }));
  expect(printDueDays({ due, bytes: 1500 })).toBe(
    "+ 2 account-days from 2026-03-01 to 2026-03-02 to be compacted: new\n" +
      "~ 1 account-day of 2026-03-03 to be compacted: changed\n" +
      "  1.5 kB of logs to read for that\n",
  );
  expect(dueDaysToJson({ due, bytes: 1500 })).toEqual(days.map((day) => ({ kind: "compact-day", ...day })));
  expect([printDueDays({ due: [], bytes: 0 }), dueDaysToJson({ due: [], bytes: 0 })]).toEqual(["", []]);
});

test("account-days of the lake that are replaced are told from new ones, unless the table is new", () => {
  const days = lakeDays.map((day, at) => (at === 0 ? day : { ...day, folder: "data/x/v000002-ab/" }));
  const put: Change = { kind: "put-lake-days", lakeTable, days };
  expect(printPlan({ changes: [put] })).toBe(
    "+ 1 account-day of 2026-03-01 in cloudtrail_lake\n" +
      "~ 2 account-days from 2026-03-02 to 2026-03-03 in cloudtrail_lake: new files\n",
  );
  expect(printPlan({ changes: [{ kind: "create-lake-table", lakeTable }, put] })).toBe(
    "+ table cloudtrail_lake over the lake\n+ 3 account-days from 2026-03-01 to 2026-03-03 in cloudtrail_lake\n",
  );
});
