import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { errorOf, makeFolder } from "../../../fixtures.contract.ts";
import { openScratch } from "../../duckdb/database.ts";
import { askAll, startQueryWorld } from "./queries.contract.ts";

/** Values that CSV or JSON could spoil. */
const ODD_TEXTS = [
  "",
  '"',
  '""',
  ",",
  "\n",
  "\r\n",
  "a\tb",
  " x ",
  "NULL",
  "null",
  "\\N",
  "é日🦊",
  "=1+1",
  "it's",
];

const ODD_ROWS = ODD_TEXTS.map((text, index) => `(${index}, '${text.replaceAll("'", "''")}')`).join(", ");

/** More rows than a page has, with every kind of trouble. */
const MANY = `SELECT i AS number, CASE WHEN i % 3 = 0 THEN NULL WHEN i % 3 = 1 THEN '' ELSE concat('row "', i, '"', chr(10), ',é🦊') END AS text, i % 2 = 0 AS even, i / 4 AS quarter, 'x' AS text FROM range(25000) AS t(i) ORDER BY i`;

describe("an answer of one page", () => {
  test("has types and values as Athena gives them, in order, names twice and all", async () => {
    const { openQueries } = await startQueryWorld();
    const { columns, rows, batches } = await askAll(
      openQueries(),
      "SELECT true AS a, 1::TINYINT AS b, 2 AS c, 9007199254740991 AS d, 9007199254740993 AS e, 1.5::DOUBLE AS f, 'NaN'::DOUBLE AS g, 0.25::FLOAT AS h, 12.30::DECIMAL(10,2) AS i, 'text' AS a, NULL AS j, DATE '2026-11-22' AS k, [1, 2] AS l, {x: 1} AS m, '' AS n",
    );
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "a boolean",
      "b tinyint",
      "c integer",
      "d bigint",
      "e bigint",
      "f double",
      "g double",
      "h float",
      "i decimal",
      "a varchar",
      expect.stringMatching(/^j /),
      "k date",
      "l array",
      "m row",
      "n varchar",
    ]);
    expect(rows).toEqual([
      [
        true,
        1,
        2,
        9007199254740991,
        "9007199254740993",
        1.5,
        "NaN",
        0.25,
        "12.30",
        "text",
        null,
        "2026-11-22",
        "[1, 2]",
        "{x=1}",
        "",
      ],
    ]);
    expect(batches).toBe(1);
  });

  test("has no rows, and its columns, where nothing fits", async () => {
    const { openQueries } = await startQueryWorld();
    const answer = await askAll(openQueries(), "SELECT 1 AS one WHERE false");
    expect(answer.columns).toEqual([{ name: "one", type: "integer" }]);
    expect(answer.rows).toEqual([]);
  });

  test("of a row that is like the head keeps it", async () => {
    const { openQueries } = await startQueryWorld();
    expect((await askAll(openQueries(), "SELECT 'a' AS a, 'b' AS b")).rows).toEqual([["a", "b"]]);
  });

  test.each([
    ["SHOW TABLES", [["cloudtrail"], ["cloudtrail_111122223333"]]],
    ["SHOW DATABASES", [["security"]]],
  ])("of %s has no head to take off", async (sql, rows) => {
    const world = await startQueryWorld({});
    await world.makeTables();
    const answer = await askAll(world.openQueries(), sql);
    expect(answer.rows).toEqual(rows);
    expect(answer.scan).toEqual({ bytes: 0, dollars: 0, reused: false });
  });
});

async function withResults() {
  const world = await startQueryWorld();
  return { ...world, queries: world.openQueries() };
}

describe("a long answer", () => {
  test("comes from the result object in one request, after the first page, whole and in order", async () => {
    const { queries, countCalls } = await withResults();
    const { rows, columns, batches } = await askAll(queries, MANY);
    expect(rows).toHaveLength(25_000);
    expect(rows[0]).toEqual([0, null, true, 0, "x"]);
    expect(rows[1]).toEqual([1, "", false, 0.25, "x"]);
    expect(rows[24_998]).toEqual([24_998, 'row "24998"\n,é🦊', true, 6249.5, "x"]);
    expect(rows.map(([number]) => number)).toEqual(Array.from({ length: 25_000 }, (_, index) => index));
    expect(columns.map(({ name }) => name)).toEqual(["number", "text", "even", "quarter", "text"]);
    expect(batches).toBeGreaterThan(5);
    expect([countCalls("S3 GetObject"), countCalls("Athena GetQueryResults")]).toEqual([1, 1]);
  });

  test.each([
    ["the object may not be read", (aws: Doubles) => aws.deny("s3:GetObject")],
    [
      "the object is gone",
      (aws: Doubles) =>
        aws.faults.onCall(({ name }) =>
          name === "S3 GetObject"
            ? { kind: "error", status: 404, code: "NoSuchKey", message: "no" }
            : undefined,
        ),
    ],
  ])("comes page by page where %s", async (_, spoil) => {
    const { queries, aws, countCalls } = await withResults();
    const expected = await askAll(queries, MANY);
    aws.clearCalls();
    spoil(aws);
    const { rows, columns } = await askAll(queries, MANY);
    expect(rows).toEqual(expected.rows);
    expect(columns).toEqual(expected.columns);
    expect(countCalls("Athena GetQueryResults")).toBe(26);
  });

  test("comes page by page where the object is something else", async () => {
    const { queries, aws, countCalls } = await withResults();
    const { rows } = await queries.query(MANY);
    const key = aws.s3.keys("trail-logs-results").find((each) => each.endsWith(".csv")) ?? "";
    aws.s3.put("trail-logs-results", key, Buffer.from("encrypted by the client\n\0\u0001"));
    let count = 0;
    for await (const batch of rows) count += batch.length;
    expect(count).toBe(25_000);
    expect(countCalls("Athena GetQueryResults")).toBe(26);
  });

  test("can be left early, by either way, and nothing is asked for after that", async () => {
    for (const isDenied of [false, true]) {
      const { queries, aws, countCalls } = await withResults();
      if (isDenied) aws.deny("s3:GetObject");
      const { rows } = await queries.query(MANY);
      for await (const batch of rows) {
        expect(batch.length).toBeGreaterThan(0);
        break;
      }
      expect(countCalls("Athena GetQueryResults")).toBeLessThanOrEqual(2);
    }
  });

  test("ends with the signal's reason", async () => {
    for (const isDenied of [false, true]) {
      const { queries, aws } = await withResults();
      if (isDenied) aws.deny("s3:GetObject");
      const stopping = new AbortController();
      const { rows } = await queries.query(MANY, { signal: stopping.signal });
      const reading = (async () => {
        for await (const batch of rows) if (batch.length > 0) stopping.abort(new Error("enough"));
      })();
      expect(await errorOf(reading)).toMatchObject({ message: "enough" });
    }
  });
});

type Doubles = Awaited<ReturnType<typeof startQueryWorld>>["aws"];

test("odd texts arrive as they are, by page and by object", async () => {
  const { openQueries } = await startQueryWorld();
  const sql = `SELECT number, text FROM (VALUES ${ODD_ROWS}) AS t(number, text) ORDER BY number`;
  const expected = ODD_TEXTS.map((text, index) => [index, text]);
  expect((await askAll(openQueries(), sql)).rows).toEqual(expected);
  const many = `SELECT number, text FROM (VALUES ${ODD_ROWS}) AS t(number, text), range(200) ORDER BY number`;
  const { rows } = await askAll(openQueries(), many);
  expect(rows).toEqual(expected.flatMap((row) => Array.from({ length: 200 }, () => row)));
});

async function readBack(file: string, sql: string): Promise<unknown[]> {
  const { connection, close } = await openScratch();
  try {
    return (await connection.runAndReadAll(sql.replace("FILE", `'${file}'`))).getRowsJson();
  } finally {
    close();
  }
}

describe("exportParquet", () => {
  test("writes types and values that another reader reads back", async () => {
    const world = await startQueryWorld();
    const file = join(await makeFolder(), "answer.parquet");
    const sql = `SELECT number::TINYINT AS a, number AS b, number::BIGINT AS c, number / 2 AS d, number::DECIMAL(12,3) AS e, number > 3 AS f, DATE '2026-11-22' AS g, TIMESTAMP '2026-11-22 01:02:03.456' AS h, TIMESTAMPTZ '2026-11-22 01:02:03Z' AS i, text, CASE WHEN number = 0 THEN NULL ELSE text END AS "Text", [number] AS j FROM (VALUES ${ODD_ROWS}) AS t(number, text) ORDER BY number`;
    const outcome = await world.openQueries().exportParquet(sql, file);
    expect(outcome).toMatchObject({ setAside: [], unrecorded: undefined, scan: { bytes: 0 } });
    expect(
      await readBack(
        file,
        "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(FILE))",
      ),
    ).toEqual([
      ["a", "TINYINT"],
      ["b", "INTEGER"],
      ["c", "BIGINT"],
      ["d", "DOUBLE"],
      ["e", "DECIMAL(12,3)"],
      ["f", "BOOLEAN"],
      ["g", "DATE"],
      ["h", "TIMESTAMP"],
      ["i", "TIMESTAMP WITH TIME ZONE"],
      ["text", "VARCHAR"],
      ["Text_1", "VARCHAR"],
      ["j", "VARCHAR"],
    ]);
    const rows = await readBack(file, 'SELECT a, d, e, f, text, "Text_1" FROM read_parquet(FILE) ORDER BY a');
    expect(rows).toEqual(
      ODD_TEXTS.map((text, index) => [
        index,
        index / 2,
        `${index}.000`,
        index > 3,
        text,
        index === 0 ? null : text,
      ]),
    );
    expect(
      await readBack(file, "SELECT DISTINCT g::VARCHAR, h::VARCHAR, epoch(i) FROM read_parquet(FILE)"),
    ).toEqual([["2026-11-22", "2026-11-22 01:02:03.456", Date.UTC(2026, 10, 22, 1, 2, 3) / 1000]]);
  });

  test("of an answer without rows has its columns", async () => {
    const world = await startQueryWorld();
    const file = join(await makeFolder(), "answer.parquet");
    await world.openQueries().exportParquet("SELECT 1 AS one, 'x' AS two WHERE false", file);
    expect(
      await readBack(file, "SELECT count(*) AS count, count(one), count(two) FROM read_parquet(FILE)"),
    ).toEqual([["0", "0", "0"]]);
  });

  test("of a long answer is the answer", async () => {
    const world = await startQueryWorld();
    const file = join(await makeFolder(), "answer.parquet");
    await world.openQueries().exportParquet(MANY, file);
    expect(
      await readBack(
        file,
        `SELECT count(*)::INT, count(text)::INT, sum(length(text))::INT, count(*) FILTER (text = '')::INT FROM read_parquet(FILE)`,
      ),
    ).toEqual([[25_000, 16_666, expect.any(Number), 8333]]);
  });

  test("leaves nothing where it fails, and runs nothing where the file cannot be written", async () => {
    const world = await startQueryWorld();
    const folder = await makeFolder();
    const queries = world.openQueries();
    await errorOf(queries.exportParquet("SELECT nothing", join(folder, "answer.parquet")));
    expect(await readdir(folder)).toEqual([]);
    world.aws.clearCalls();
    for (const file of [folder, join(folder, "AWSLogs", "answer.parquet")]) {
      expect(await errorOf(queries.exportParquet("SELECT 1", file))).toMatchObject({ name: "UserError" });
    }
    expect(await errorOf(queries.exportParquet("SHOW TABLES", join(folder, "x")))).toMatchObject({
      message: expect.stringContaining("no Parquet form"),
    });
    expect(world.aws.calls).toEqual([]);
  });
});
