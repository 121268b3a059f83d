import { parquetMetadataAsync, parquetSchema } from "hyparquet";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { run } from "../../actions/run.ts";
import { quoteText } from "../../core/sql-text.ts";
import { UserError } from "../../core/user-error.ts";
import { ask, collect, errorOf, makeFolder, makeLog, putFiles, readTree } from "../../fixtures.contract.ts";
import { openLocalStore } from "../../store/local-store.ts";
import type { Warehouse } from "../warehouse.ts";
import { openDuckDbWarehouse } from "./duckdb-warehouse.ts";
import { askPlainly, makePlace, OPTIONS, startClient } from "./plain-client.contract.ts";

/**
 * A Parquet file as a reader that is not DuckDB sees it: its columns, its number of rows, and the least value of each column
 * that has statistics. The pages are zstd, which hyparquet reads with hyparquet-compressors only, a package that we lack: for
 * the values see readValues.
 */
async function readFooter(path: string): Promise<{
  readonly columns: readonly string[];
  readonly rows: number;
  readonly least: readonly unknown[];
}> {
  const bytes = await readFile(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const metadata = await parquetMetadataAsync(file);
  const [group] = metadata.row_groups;
  return {
    columns: parquetSchema(metadata).children.map(({ element }) => element.name),
    rows: Number(metadata.num_rows),
    least: group?.columns.map(({ meta_data: column }) => column?.statistics?.min_value) ?? [],
  };
}

function readValues(path: string): Promise<unknown[][]> {
  return askPlainly(":memory:", `FROM read_parquet(${quoteText(path)})`);
}

/** One place for all tests that only read it. */
let folder: string;
let warehouse: Warehouse;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ctp-test-"));
  const logs = join(folder, "logs");
  await putFiles(logs, [makeLog()]);
  warehouse = openDuckDbWarehouse({ database: join(folder, "catalog.duckdb"), logs });
  await run({ store: openLocalStore(logs), warehouse }, OPTIONS);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("values are as JSON has them:", () => {
  test.each<[string, unknown]>([
    ["NULL", null],
    ["true", true],
    ["1::TINYINT", 1],
    ["9007199254740991::BIGINT", 9_007_199_254_740_991],
    ["-9007199254740991::BIGINT", -9_007_199_254_740_991],
    ["9007199254740992::BIGINT", "9007199254740992"],
    ["9223372036854775807::BIGINT", "9223372036854775807"],
    ["(-9223372036854775808)::BIGINT", "-9223372036854775808"],
    ["18446744073709551615::UBIGINT", "18446744073709551615"],
    ["170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"],
    ["5::HUGEINT", 5],
    ["count(*)", 1],
    ["sum(1)", 1],
    ["1.10::DECIMAL(10, 2)", "1.10"],
    ["0.1::DECIMAL(38, 20)", "0.10000000000000000000"],
    ["1.5::DOUBLE", 1.5],
    ["'text'", "text"],
    ["''", ""],
    ["'日本語 🦊 ''quoted'' \"too\"'", "日本語 🦊 'quoted' \"too\""],
    ["chr(27) || '[31m' || chr(10) || chr(0)", "\u001b[31m\n\u0000"],
    ["DATE '2026-11-22'", "2026-11-22"],
    ["TIMESTAMP '2026-11-22 14:05:06'", "2026-11-22 14:05:06"],
    ["TIMESTAMP '2026-11-22 14:05:06.123456'", "2026-11-22 14:05:06.123456"],
    ["TIMESTAMPTZ '2026-11-22 14:05:06Z'", "2026-11-22 14:05:06+00"],
    ["[1, NULL, 3]", [1, null, 3]],
    ["[]::INTEGER[]", []],
    ["{a: 1, b: {c: [9223372036854775807, 1]}}", { a: 1, b: { c: ["9223372036854775807", 1] } }],
    ["MAP {'a': 1, 'b': NULL}", { a: 1, b: null }],
    ["MAP {1: 'x'}", { "1": "x" }],
    ["MAP {}::MAP(VARCHAR, VARCHAR)", {}],
    ["[MAP {'a': [1]}]", [{ a: [1] }]],
    ["uuid '01234567-89ab-cdef-0123-456789abcdef'", "01234567-89ab-cdef-0123-456789abcdef"],
    ["'{\"a\": 1}'::JSON", '{"a": 1}'],
  ])("SELECT %s", async (sql, value) => {
    expect((await ask(warehouse, `SELECT ${sql}`)).rows).toEqual([[value]]);
  });

  test("numbers that JSON lacks are not zero or null by mistake", async () => {
    const { rows } = await ask(warehouse, "SELECT 'nan'::DOUBLE, 'inf'::DOUBLE, '-inf'::DOUBLE");
    expect(rows[0]?.map(String)).toEqual(["NaN", "Infinity", "-Infinity"]);
  });
});

describe("an answer", () => {
  test("tells columns of one name apart, as a table of DuckDB must", async () => {
    const { columns, rows } = await ask(warehouse, 'SELECT 1 AS a, 2 AS a, 3 AS "A"');
    expect(columns.map(({ name }) => name)).toEqual(["a", "a_1", "A_2"]);
    expect(rows).toEqual([[1, 2, 3]]);
  });

  test("has the types of its columns", async () => {
    const { columns } = await ask(warehouse, "SELECT 1::BIGINT AS n, 'x' AS t, [1] AS l, {a: 1} AS s");
    expect(columns.map(({ type }) => type)).toEqual([
      "BIGINT",
      "VARCHAR",
      "INTEGER[]",
      expect.stringMatching(/^STRUCT\("?a"? INTEGER\)$/),
    ]);
  });

  test("keeps its order over many batches", async () => {
    const result = await warehouse.query("SELECT range AS n FROM range(20000) ORDER BY n DESC");
    const batches = await collect(result.rows);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.flat().map(([n]) => n)).toEqual(
      Array.from({ length: 20_000 }, (_, index) => 19_999 - index),
    );
  });

  test("without rows has its columns", async () => {
    const { columns, rows } = await ask(warehouse, "SELECT eventid FROM cloudtrail WHERE false");
    expect(columns).toEqual([{ name: "eventid", type: "VARCHAR" }]);
    expect(rows).toEqual([]);
  });

  test("leaves no temporary files, when it was read, was dropped half way, or failed", async () => {
    const scratch = await makeFolder();
    vi.stubEnv("TMPDIR", scratch);
    onTestFinished(() => void vi.unstubAllEnvs());
    await ask(warehouse, "SELECT * FROM cloudtrail");
    const { rows } = await warehouse.query("SELECT * FROM range(100000)");
    for await (const batch of rows) if (batch.length > 0) break;
    await errorOf(ask(warehouse, "SELECT nothing FROM cloudtrail"));
    await errorOf(ask(warehouse, "DROP VIEW cloudtrail"));
    expect(await readdir(scratch)).toEqual([]);
  });

  test("can be stopped", async () => {
    const aborter = new AbortController();
    const sql = "SELECT count(*) FROM range(100000000000) a, range(1000) b WHERE a.range % 7 = b.range % 11";
    const answer = ask(warehouse, sql, { signal: aborter.signal, onProgress: () => aborter.abort() });
    expect(await errorOf(answer)).toMatchObject({ name: "AbortError" });
  });

  test("is not begun with a signal that is aborted", async () => {
    const answer = ask(warehouse, "SELECT 1", { signal: AbortSignal.abort() });
    expect(await errorOf(answer)).toMatchObject({ name: "AbortError" });
  });

  test("of a record has its nested fields in lower case, and its free forms as text", async () => {
    const records = [
      {
        eventID: "1",
        readOnly: true,
        managementEvent: false,
        userIdentity: {
          type: "AssumedRole",
          principalId: "AROA:x",
          sessionContext: {
            attributes: { mfaAuthenticated: "false", creationDate: "2026-11-22T00:00:00Z" },
            webIdFederationData: { federatedProvider: "p", attributes: { "app:Id": "7" } },
          },
        },
        resources: [{ ARN: "arn:aws:s3:::a", accountId: "111122223333", type: "AWS::S3::Bucket" }],
        requestParameters: { bucketName: "a", n: 12345678901234567890n.toString() },
        tlsDetails: { tlsVersion: "TLSv1.3" },
      },
    ];
    const { warehouse: nested } = await makePlace([makeLog({ records })]);
    const sql = `SELECT readonly, managementevent, useridentity.type, useridentity.sessioncontext.attributes.mfaauthenticated,
      useridentity.sessioncontext.webidfederationdata.attributes, resources, requestparameters, tlsdetails.tlsversion,
      useridentity.onbehalfof.userid, addendum, errorcode FROM cloudtrail`;
    expect((await ask(nested, sql)).rows).toEqual([
      [
        "true",
        "false",
        "AssumedRole",
        "false",
        { "app:Id": "7" },
        [{ arn: "arn:aws:s3:::a", accountid: "111122223333", type: "AWS::S3::Bucket", arnprefix: null }],
        '{"bucketName":"a","n":"12345678901234567890"}',
        "TLSv1.3",
        null,
        null,
        null,
      ],
    ]);
  });
});

describe("exportParquet", () => {
  test("writes what hyparquet reads back", async () => {
    const file = join(await makeFolder(), "answer 'of' [a] query.parquet");
    const sql =
      "SELECT range AS n, 'text ' || range AS t, CASE WHEN range = 1 THEN 'x' END AS maybe FROM range(3) ORDER BY n DESC";
    expect(await warehouse.exportParquet(sql, file)).toMatchObject({ setAside: [], unrecorded: undefined });
    expect(await readFooter(file)).toEqual({
      columns: ["n", "t", "maybe"],
      rows: 3,
      least: [0n, "text 0", "x"],
    });
    expect(await readValues(file)).toEqual([
      ["2", "text 2", null],
      ["1", "text 1", "x"],
      ["0", "text 0", null],
    ]);
  });

  test("writes all columns of the tables", async () => {
    const records = [{ eventID: "1", userIdentity: { type: "Root" }, resources: [{ ARN: "a" }] }];
    const { warehouse: nested } = await makePlace([makeLog({ records })]);
    const file = join(await makeFolder(), "all.parquet");
    await nested.exportParquet("SELECT * FROM cloudtrail", file);
    const { columns, rows } = await readFooter(file);
    expect(columns).toEqual((await ask(nested, "SELECT * FROM cloudtrail")).columns.map(({ name }) => name));
    expect(rows).toBe(1);
    const [values] = await readValues(file);
    expect(values?.[columns.indexOf("useridentity")]).toMatchObject({ type: "Root" });
    expect(values?.[columns.indexOf("day")]).toBe("20");
  });

  test("replaces a file, and leaves it where the query fails", async () => {
    const own = await makeFolder();
    const file = join(own, "answer.parquet");
    await warehouse.exportParquet("SELECT 1 AS a", file);
    await warehouse.exportParquet("SELECT 2 AS a", file);
    expect(await errorOf(warehouse.exportParquet("SELECT nothing", file))).toBeInstanceOf(UserError);
    expect(await readValues(file)).toEqual([[2]]);
    expect(await readdir(own)).toEqual(["answer.parquet"]);
  });

  test("says which files it left out", async () => {
    const broken = { key: makeLog({ file: "broken.json.gz" }).key, bytes: new Uint8Array(40) };
    const place = await makePlace([makeLog(), broken]);
    const file = join(await makeFolder(), "answer.parquet");
    const { setAside } = await place.warehouse.exportParquet("SELECT eventid FROM cloudtrail", file);
    expect(setAside.map((each) => each.file.endsWith(broken.key))).toEqual([true]);
    expect(await readFooter(file)).toMatchObject({ rows: 1 });
  });

  test("tells the user of a folder that does not exist", async () => {
    const file = join(await makeFolder(), "missing", "answer.parquet");
    const error = await errorOf(warehouse.exportParquet("SELECT 1 AS a", file));
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain(file);
  });

  test("writes nothing among the logs", async () => {
    const place = await makePlace([makeLog()]);
    const before = await readTree(place.logs);
    const file = join(place.logs, "AWSLogs", "answer.parquet");
    expect(await errorOf(place.warehouse.exportParquet("SELECT 1 AS a", file))).toBeInstanceOf(UserError);
    expect(await readTree(place.logs)).toEqual(before);
  });

  test("tells the user of a target that is a folder", async () => {
    const target = await makeFolder("answer.parquet");
    expect(await errorOf(warehouse.exportParquet("SELECT 1 AS a", target))).toBeInstanceOf(UserError);
  });
});

describe("the views are anybody's", () => {
  test("a plain client in another working directory reads the same rows", async () => {
    const files = ["2026-11-19", "2026-11-20"].map((date) => makeLog({ day: date }));
    const { database, warehouse: ours } = await makePlace(files, { name: "it's [logs] *?" });
    const sql = "SELECT eventid, region, day, account FROM cloudtrail ORDER BY day";
    const { rows } = await startClient(database, { access: "READ_ONLY", sql, cwd: "/" });
    expect(rows).toEqual((await ask(ours, sql)).rows);
    expect(rows).toHaveLength(2);
  });

  test("and may be read there while we read them", async () => {
    const { database, warehouse: ours } = await makePlace([makeLog()]);
    await startClient(database, { access: "READ_ONLY" });
    expect((await ask(ours, "SELECT count(*) FROM cloudtrail")).rows).toEqual([[1]]);
  });
});
