import { describe, expect, test } from "vitest";
import { makeLog } from "../../fixtures.contract.ts";
import { askPlainly, makePlace } from "./plain-client.contract.ts";
import { splitFilters } from "./read-files.ts";

describe("splitFilters", () => {
  test.each<[string, string[]]>([
    ["", []],
    ["(a)", ["(a)"]],
    ["(a)(b)", ["(a)", "(b)"]],
    ["(a) (b)", ["(a)", "(b)"]],
    ["((a) AND (b))(c)", ["((a) AND (b))", "(c)"]],
    ["(x = '(')(y)", ["(x = '(')", "(y)"]],
    ["(x = ')')(y)", ["(x = ')')", "(y)"]],
    ["(x = 'it''s )(')(y)", ["(x = 'it''s )(')", "(y)"]],
    ['("a)b" = 1)(y)', ['("a)b" = 1)', "(y)"]],
    ['("a"")" = \'"\')(y)', ['("a"")" = \'"\')', "(y)"]],
    ["(a\nb)\n(c)", ["(a\nb)", "(c)"]],
  ])("of %s", (text, filters) => {
    expect(splitFilters(text)).toEqual(filters);
  });
});

/** "opened/all" of each scan in the plan. */
async function scanned(database: string, sql: string): Promise<string[]> {
  const rows = await askPlainly(database, `EXPLAIN (FORMAT json) ${sql}`);
  return [...JSON.stringify(rows).matchAll(/Scanning Files[\\": ]+(\d+\/\d+)/g)].map(
    (match) => match[1] ?? "",
  );
}

describe("a query opens only the files of the partitions that it asks for", () => {
  const files = ["us-east-1", "eu-west-1"].flatMap((region) =>
    ["2026-11-19", "2026-11-20", "2026-12-20", "2025-11-20"].flatMap((day) =>
      ["111122223333", "444455556666"].flatMap((account) =>
        ["a.json.gz", "b.json.gz"].map((file) => makeLog({ region, day, account, file })),
      ),
    ),
  );

  test.each([
    [
      "cloudtrail_111122223333",
      "region = 'us-east-1' AND year = '2026' AND month = '11' AND day = '20'",
      "2/16",
    ],
    ["cloudtrail_111122223333", "year = '2026' AND month = '11' AND day = '20'", "4/16"],
    ["cloudtrail_111122223333", "region = 'us-east-1'", "8/16"],
    ["cloudtrail_111122223333", "year = '2025'", "4/16"],
    ["cloudtrail_111122223333", "day IN ('19', '20') AND month = '11' AND year = '2026'", "8/16"],
    ["cloudtrail", "region = 'us-east-1' AND year = '2026' AND month = '11' AND day = '20'", "4/32"],
    ["cloudtrail", "account = '444455556666' AND year = '2026' AND month = '12'", "4/32"],
  ])("%s where %s: %s", async (table, where, expected) => {
    const { database } = await makePlace(files);
    expect(await scanned(database, `SELECT * FROM ${table} WHERE ${where}`)).toEqual([expected]);
    expect(await askPlainly(database, `SELECT count(*) FROM ${table} WHERE ${where}`)).toEqual([
      [expected.split("/")[0]],
    ]);
  });

  test("with files set aside too", async () => {
    const { key } = makeLog({ file: "broken.json.gz" });
    const { database } = await makePlace([...files, { key, bytes: new Uint8Array(0) }]);
    const where = "region = 'us-east-1' AND year = '2026' AND month = '11' AND day = '20'";
    expect(await scanned(database, `SELECT * FROM cloudtrail_111122223333 WHERE ${where}`)).toEqual(["2/17"]);
  });
});
