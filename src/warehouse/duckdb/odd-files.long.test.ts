import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { generateLogs } from "../../../tools/generate-logs/generate-logs.ts";
import { run } from "../../actions/run.ts";
import { UserError } from "../../core/user-error.ts";
import { ask, errorOf, makeLog, putFiles, readTree } from "../../fixtures.contract.ts";
import { askPlainly, makePlace, OPTIONS } from "./plain-client.contract.ts";

const broken = { key: makeLog({ file: "broken.json.gz" }).key, bytes: makeLog().bytes.subarray(0, 40) };

describe("logs in a folder named", () => {
  test.each([
    "with spaces",
    "it's",
    'say "logs"',
    "[logs]",
    "[!a]",
    "a]b*c?",
    "**",
    "{a,b}",
    "$HOME 100%25",
    "semi;colon -- and 'all",
    "日本語 é 🦊",
    "é", // Decomposed, as macOS writes it.
    "line\nbreak",
    "AWSLogs 'old'",
    "year=2026",
  ])("%j are read, broken ones are found, and a plain client sees the same", async (name) => {
    const place = await makePlace([makeLog(), makeLog({ day: "2026-08-01" }), broken], { name });
    const sql = "SELECT eventid, account, region, day FROM cloudtrail ORDER BY day";
    const answer = await ask(place.warehouse, sql);
    expect(answer.rows.map((row) => row.slice(1))).toEqual([
      ["111122223333", "us-east-1", "01"],
      ["111122223333", "us-east-1", "20"],
    ]);
    expect(answer).toMatchObject({ unreadable: [broken.key], unrecorded: undefined });
    expect(await askPlainly(place.database, sql)).toEqual(answer.rows);
    expect((await run(place, OPTIONS)).plan.changes).toEqual([]);
  });
});

test("logs in a folder with a backslash, which DuckDB's globs cannot name, are refused by the run", async () => {
  const error = await errorOf(makePlace([makeLog()], { name: "back\\slash" }));
  expect(error).toBeInstanceOf(UserError);
  expect(String(error)).toContain("back\\slash");
});

describe("each kind of broken file that the generator knows", () => {
  const files = [
    ...generateLogs({ accounts: 2, regions: 2, days: 3, files: 24, records: 5, broken: true, noise: true }),
  ];
  const keys = (kind: string): string[] =>
    files
      .filter((file) => file.kind === kind)
      .map(({ key }) => key)
      .toSorted();
  const records = files.reduce((sum, file) => sum + file.records, 0);

  test("is found by a run that checks, with its reason, and an answer has exactly the records of the others", async () => {
    const { warehouse, database, logs } = await makePlace(files, { check: true });
    const before = await readTree(logs);
    for (const sql of [
      "SELECT count(*) FROM cloudtrail",
      "SELECT count(coalesce(eventid, '')) FROM cloudtrail",
      "SELECT sum(n) FROM (SELECT region, day, count(*) AS n FROM cloudtrail GROUP BY region, day)",
    ]) {
      const answer = await ask(warehouse, sql);
      expect(answer.rows, sql).toEqual([[records]]);
      expect(answer.unreadable, sql).toEqual(keys("broken"));
      expect(keys("irregular"), sql).toEqual(expect.arrayContaining([...answer.irregular]));
    }
    expect(await askPlainly(database, "SELECT count(*) FROM cloudtrail")).toEqual([[String(records)]]);
    expect(await readTree(logs)).toEqual(before);
    const reasons = [...(await warehouse.readCatalog({ tablePrefix: "cloudtrail" })).setAside.values()].map(
      ({ file, verdict, reason }) => {
        const note = files.find(({ key }) => file.endsWith(key))?.note ?? "?";
        return `${verdict} | ${note} | ${reason.replaceAll(/"\{.*/g, '"{...')}`;
      },
    );
    await expect(`${reasons.toSorted().join("\n")}\n`).toMatchFileSnapshot(
      "../../../test/golden/duckdb-set-aside-reasons.txt",
    );
  });

  test("is found by the first query that meets it, but for two that only a checksum betrays", async () => {
    const { warehouse, database } = await makePlace(files);
    const seen: string[] = [];
    const answer = await ask(warehouse, "SELECT count(*) FROM cloudtrail", {
      onSetAside: (found) => seen.push(...found.map(({ file }) => file)),
    });
    const betrayed = files.filter(({ note }) => ["wrong checksum", "wrong length"].includes(note ?? ""));
    expect(betrayed).toHaveLength(2);
    const others = keys("broken").filter((key) => !betrayed.some((file) => file.key === key));
    expect(answer.unreadable).toEqual(others);
    expect(seen.length).toBeGreaterThan(0);
    // Their records are whole: DuckDB does not compute the checksum.
    expect(answer.rows).toEqual([[records + 6]]);
    expect(await askPlainly(database, "SELECT count(*) FROM cloudtrail")).toEqual([[String(records + 6)]]);
  });
});

describe("an irregular file", () => {
  test("has NULL for what has a wrong shape, and its other values and records whole", async () => {
    const records = [
      { eventID: "1", eventName: "A", userIdentity: { type: "Root" } },
      { eventID: "2", eventName: "B", userIdentity: "alice" },
      { eventID: "3", eventName: "C", resources: { ARN: "x" }, userIdentity: { type: "Root" } },
    ];
    const log = makeLog({ records });
    const { warehouse } = await makePlace([log, makeLog({ file: "good.json.gz" })]);
    const sql =
      "SELECT eventid, eventname, useridentity.type, resources FROM cloudtrail WHERE eventname IS NOT NULL ORDER BY 1";
    for (let time = 0; time < 2; time++) {
      const answer = await ask(warehouse, sql);
      expect(answer.rows).toEqual([
        ["1", "A", "Root", null],
        ["2", "B", null, null],
        ["3", "C", "Root", null],
      ]);
      expect(answer).toMatchObject({ irregular: [log.key], unreadable: [] });
    }
  });
});

describe("a file that changes between run and query:", () => {
  test("one that is new is seen", async () => {
    const place = await makePlace([makeLog()]);
    await putFiles(place.logs, [makeLog({ file: "new.json.gz" })]);
    expect((await ask(place.warehouse, "SELECT count(*) FROM cloudtrail")).rows).toEqual([[2]]);
  });

  test("one that breaks is found", async () => {
    const place = await makePlace([makeLog(), makeLog({ file: "broken.json.gz" })]);
    expect((await ask(place.warehouse, "SELECT count(*) FROM cloudtrail")).rows).toEqual([[2]]);
    await putFiles(place.logs, [broken]);
    expect(await ask(place.warehouse, "SELECT count(*) FROM cloudtrail")).toMatchObject({
      rows: [[1]],
      unreadable: [broken.key],
    });
  });

  test("the only one that goes is said, with what to do", async () => {
    const log = makeLog();
    const place = await makePlace([log, makeLog({ account: "444455556666" })]);
    await rm(join(place.logs, log.key));
    const error = await errorOf(ask(place.warehouse, "SELECT count(*) FROM cloudtrail"));
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ hint: expect.stringContaining("run") });
  });

  test.skipIf(process.getuid?.() === 0)(
    "one that may no longer be read is set aside (skipped for root, who may read everything)",
    async () => {
      const log = makeLog({ file: "secret.json.gz" });
      const place = await makePlace([makeLog(), log]);
      await chmod(join(place.logs, log.key), 0);
      const answer = await ask(place.warehouse, "SELECT count(*) FROM cloudtrail");
      expect(answer).toMatchObject({ rows: [[1]], unreadable: [log.key] });
    },
  );
});
