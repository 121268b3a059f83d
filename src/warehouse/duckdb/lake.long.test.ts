import { chmod, mkdtemp, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { run } from "../../actions/run.ts";
import type { LakeContent } from "../../core/catalog.ts";
import { RECORD_COLUMNS } from "../../core/columns.ts";
import { COVERAGE_COLUMNS } from "../../core/lake/coverage.ts";
import { UserError } from "../../core/user-error.ts";
import type { TestFile } from "../../fixtures.contract.ts";
import { ask, errorOf, makeFolder, makeLog, putFiles } from "../../fixtures.contract.ts";
import { openLocalStore } from "../../store/local-store.ts";
import { lakeOf, makeRecord, putCoverage, putLakeDay } from "../lake.contract.ts";
import { openDuckDbWarehouse } from "./duckdb-warehouse.ts";
import type { Place } from "./plain-client.contract.ts";
import { askPlainly, makePlace, OPTIONS, startClient } from "./plain-client.contract.ts";
import { openSession } from "./session.ts";

const DAYS = ["2026-11-18", "2026-11-19"] as const;
const ACCOUNT = "111122223333";
const BROKEN = { ...makeLog({ day: DAYS[0], file: "broken.json.gz" }), bytes: new Uint8Array(40) };

interface LakePlace extends Place {
  readonly lake: LakeContent;
  /** The absolute path of a day's file. */
  fileOf(index: number): string;
}

interface LakePlaceOptions {
  readonly lakeName?: string;
  readonly more?: readonly TestFile[];
}

/** Two days in the lake, one record each, and a third in the logs alone. */
async function fillLakePlace(
  folder: string,
  { lakeName = "lake", more = [] }: LakePlaceOptions,
): Promise<LakePlace> {
  const lakeUrl = join(folder, lakeName);
  const putLakeFile = (key: string, bytes: Uint8Array): Promise<void> => putFiles(lakeUrl, [{ key, bytes }]);
  const put = (date: string): ReturnType<typeof putLakeDay> =>
    putLakeDay({ putLakeFile }, { day: date, records: [makeRecord(`lake ${date}`, ACCOUNT)] });
  const days = [await put(DAYS[0]), await put(DAYS[1])];
  const lake = lakeOf({ lakeUrl }, days, await putCoverage({ putLakeFile }, "abc", [{ account: ACCOUNT }]));
  const logs = join(folder, "logs");
  const database = join(folder, "catalog.duckdb");
  await putFiles(logs, [...[...DAYS, "2026-11-20"].map((date) => makeLog({ day: date })), ...more]);
  const ports = { store: openLocalStore(logs), warehouse: openDuckDbWarehouse({ database, logs }) };
  await run(ports, { ...OPTIONS, lake });
  const fileOf = (index: number): string => `${lakeUrl}/${days[index]?.folder}part-00000.parquet`;
  return { ...ports, logs, database, lake, fileOf };
}

const makeLakePlace = async (options: LakePlaceOptions = {}): Promise<LakePlace> =>
  fillLakePlace(await makeFolder(), options);

/** One place for all tests that leave it as it is. */
let folder: string;
let shared: LakePlace;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ctp-test-"));
  shared = await fillLakePlace(folder, { more: [BROKEN] });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const IDS = "SELECT eventid FROM cloudtrail ORDER BY day";
const ALL_IDS = [
  ["lake 2026-11-18"],
  ["lake 2026-11-19"],
  ["AWSLogs/111122223333 us-east-1 2026-11-20 logs.json.gz"],
];

/** "opened/all" of each scan in the plan. */
async function scanned(database: string, sql: string): Promise<string[]> {
  const rows = await askPlainly(database, `EXPLAIN (FORMAT json) ${sql}`);
  return [...JSON.stringify(rows).matchAll(/Scanning Files[\\": ]+(\d+\/\d+)/g)].map(
    (match) => match[1] ?? "",
  );
}

describe("the view over a lake", () => {
  test("opens no log of the lake's days, and of the lake only the days that are asked for", async () => {
    const { database } = shared;
    expect(await scanned(database, "SELECT eventid FROM cloudtrail")).toEqual(["1/4"]);
    const ofDay = "SELECT eventid FROM cloudtrail WHERE year = '2026' AND month = '11' AND day = '18'";
    expect((await scanned(database, ofDay)).toSorted()).toEqual(["0/4", "1/2"]);
    const ofAccount = "SELECT eventid FROM cloudtrail WHERE account = '444455556666'";
    expect((await scanned(database, ofAccount)).toSorted()).toEqual(["0/2", "0/4"]);
  });

  test("leaves filters on the Region to the statistics of Parquet files", async () => {
    const sql = "EXPLAIN (FORMAT json) SELECT eventid FROM cloudtrail WHERE region = 'us-east-1'";
    const rows = await askPlainly(shared.database, sql);
    expect(JSON.stringify(rows)).toMatch(/"Filters[\\": ]+region='us-east-1'/);
  });

  test("says nothing of broken logs on the lake's days, which the account's table still names", async () => {
    const { warehouse, store, lake } = await makeLakePlace({ more: [BROKEN] });
    const ofAccount = `SELECT count(*) FROM cloudtrail_${ACCOUNT}`;
    expect(await ask(warehouse, ofAccount)).toMatchObject({ rows: [[3]], unreadable: [BROKEN.key] });
    expect(await ask(warehouse, IDS)).toMatchObject({ rows: ALL_IDS, unreadable: [] });
    expect((await run({ warehouse, store }, { ...OPTIONS, lake })).plan.changes).toEqual([]);
  });

  test("leaves out broken logs of other days, and names them", async () => {
    const broken = { ...makeLog({ file: "broken.json.gz" }), bytes: new Uint8Array(40) };
    const { warehouse, database } = await makeLakePlace({ more: [broken] });
    expect(await ask(warehouse, IDS)).toMatchObject({ rows: ALL_IDS, unreadable: [broken.key] });
    expect(await askPlainly(database, IDS)).toEqual(ALL_IDS);
    expect(await ask(warehouse, IDS)).toMatchObject({ rows: ALL_IDS, unreadable: [broken.key] });
  });

  test("answers when the logs of the lake's days are gone, and reads days to come without a run", async () => {
    const { warehouse, logs } = await makeLakePlace();
    for (const date of DAYS) await rm(join(logs, makeLog({ day: date }).key));
    await putFiles(logs, [makeLog({ day: "2026-12-01", records: [{ eventID: "new" }] })]);
    expect((await ask(warehouse, "SELECT eventid FROM cloudtrail ORDER BY month, day")).rows).toEqual([
      ...ALL_IDS,
      ["new"],
    ]);
  });

  test("reads the logs of all other days, in holes and far off", async () => {
    const { warehouse, database, store, logs, lake } = await makeLakePlace();
    await putFiles(
      logs,
      ["2024-02-29", "2026-10-31"].map((date) => makeLog({ day: date, records: [{ eventID: date }] })),
    );
    await run({ warehouse, store }, { ...OPTIONS, lake });
    const sql = "SELECT eventid FROM cloudtrail ORDER BY year, month, day";
    const wanted = [["2024-02-29"], ["2026-10-31"], ...ALL_IDS];
    expect((await ask(warehouse, sql)).rows).toEqual(wanted);
    expect(await askPlainly(database, sql)).toEqual(wanted);
  });

  test("is written to a Parquet file like any other", async () => {
    const file = join(await makeFolder(), "answer.parquet");
    await shared.warehouse.exportParquet("SELECT * FROM cloudtrail", file);
    expect(await askPlainly(":memory:", `SELECT eventid FROM '${file}' ORDER BY day`)).toEqual(ALL_IDS);
  });
});

describe("a lake", () => {
  test("may lie in a folder with any name", async () => {
    const lakeName = "la[k]e *x? it's 日本 🦊/region=xx/day=99/account=0";
    const { warehouse, database } = await makeLakePlace({ lakeName });
    const sql = `SELECT eventid, account, region, year, month, day, (SELECT account FROM cloudtrail_coverage)
      FROM cloudtrail_lake WHERE day = '19'`;
    const wanted = [["lake 2026-11-19", ACCOUNT, "us-east-1", "2026", "11", "19", ACCOUNT]];
    expect((await ask(warehouse, sql)).rows).toEqual(wanted);
    expect((await ask(warehouse, IDS)).rows).toEqual(ALL_IDS);
    const client = await startClient(database, { access: "READ_ONLY", sql, cwd: "/" });
    expect(client.rows).toEqual(wanted);
  });

  test("is refused where DuckDB cannot read its path", async () => {
    const error = await errorOf(makePlace([makeLog()], { lake: lakeOf({ lakeUrl: "/a\\b" }, []) }));
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain("/a\\b");
  });

  test("has tables before it has any day", async () => {
    const { warehouse } = await makePlace([makeLog()], { lake: lakeOf({ lakeUrl: "/nowhere" }, []) });
    for (const [table, columns] of [
      ["lake", RECORD_COLUMNS.length + 6],
      ["coverage", COVERAGE_COLUMNS.length],
    ] as const) {
      const answer = await ask(warehouse, `SELECT * FROM cloudtrail_${table}`);
      expect([answer.columns.length, answer.rows]).toEqual([columns, []]);
    }
    expect((await ask(warehouse, "SELECT count(*) FROM cloudtrail")).rows).toEqual([[1]]);
  });

  test("is all that queries may read beside the logs", async () => {
    const { database, lake } = shared;
    await putFiles(lake.url, [{ key: "manifests/a.json", bytes: Buffer.from("{}") }]);
    const { connection, close } = await openSession(database, undefined);
    try {
      for (const path of ["manifests/a.json", "*/a.json", "../*"]) {
        const read = connection.run(`SELECT * FROM read_text('${lake.url}/${path}')`);
        expect(String(await errorOf(read))).toMatch(/Permission Error/);
      }
    } finally {
      await close();
    }
  });

  test("is noted in a database that an earlier version made", async () => {
    const place = await makePlace([makeLog({ day: DAYS[0] })]);
    const format = "SELECT value FROM cloudtrail_partitioner.settings WHERE key = 'format'";
    expect(await askPlainly(place.database, format)).toEqual([["1"]]);
    const lakeUrl = await makeFolder("lake");
    const putLakeFile = (key: string, bytes: Uint8Array): Promise<void> =>
      putFiles(lakeUrl, [{ key, bytes }]);
    const lake = lakeOf({ lakeUrl }, [await putLakeDay({ putLakeFile }, { records: [{ eventID: "lake" }] })]);
    await run(place, { ...OPTIONS, lake });
    expect(await askPlainly(place.database, format)).toEqual([["2"]]);
    expect((await ask(place.warehouse, IDS)).rows).toEqual([["lake"]]);
  });

  test("does not take a name that is somebody else's", async () => {
    const place = await makePlace([makeLog()]);
    await askPlainly(place.database, "CREATE TABLE cloudtrail_lake AS SELECT 42 AS a");
    const error = await errorOf(run(place, { ...OPTIONS, lake: lakeOf({ lakeUrl: "/nowhere" }, []) }));
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain("cloudtrail_lake");
    expect(await askPlainly(place.database, "SELECT a FROM cloudtrail_lake")).toEqual([[42]]);
  });

  test("gets a table back that somebody dropped", async () => {
    const place = await makeLakePlace();
    await askPlainly(place.database, "DROP VIEW cloudtrail_lake");
    await run(place, OPTIONS);
    expect((await ask(place.warehouse, "SELECT count(*) FROM cloudtrail_lake")).rows).toEqual([[2]]);
  });
});

describe("a file of the lake", () => {
  const CASES: Record<string, (file: string) => Promise<void>> = {
    "that is missing": (file) => rm(file),
    "that is cut off": (file) => truncate(file, 200),
    "that is empty": (file) => truncate(file, 0),
    "that is no Parquet": (file) => writeFile(file, "x".repeat(500)),
    "that is broken inside": (file) => breakPages(file),
  };

  test.each(Object.entries(CASES))("%s is named, and not taken for a log", async (_, damage) => {
    const { warehouse } = shared;
    const file = shared.fileOf(1);
    await keep(file);
    await damage(file);
    for (const sql of [IDS, "SELECT * FROM cloudtrail_lake"]) {
      const error = await errorOf(ask(warehouse, sql));
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({ hint: expect.stringContaining(compactCommand(shared)) });
      expect(String(error)).toContain(file);
    }
    const { setAside } = await warehouse.readCatalog(OPTIONS);
    expect([...setAside.keys()].filter((name) => !name.endsWith(BROKEN.key))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)("that may not be read is not called missing", async () => {
    const file = shared.fileOf(1);
    await chmod(file, 0);
    onTestFinished(() => chmod(file, 0o644));
    const error = await errorOf(ask(shared.warehouse, IDS));
    expect(error).toMatchObject({ hint: "give yourself read access" });
    expect(String(error)).toContain(`${file} cannot be read (permission denied)`);
  });

  test("that is missing with the whole lake has another hint", async () => {
    const { url } = shared.lake;
    await rename(url, `${url}-away`);
    onTestFinished(() => rename(`${url}-away`, url));
    const error = await errorOf(ask(shared.warehouse, IDS));
    expect(String(error)).toContain("is missing, and so is the whole lake");
    expect(error).toMatchObject({
      hint: expect.stringMatching(/^put the folder .* back, or run: .* --lake <place>;/),
    });
  });

  test("that a query does not read may be broken", async () => {
    await keep(shared.fileOf(1));
    await breakPages(shared.fileOf(1));
    const sql = "SELECT eventid FROM cloudtrail WHERE day = '18'";
    expect((await ask(shared.warehouse, sql)).rows).toEqual([["lake 2026-11-18"]]);
  });

  test("of the coverage is named where it is broken or missing", async () => {
    const file = `${shared.lake.url}/${shared.lake.coverage}`;
    await keep(file);
    for (const damage of [(): Promise<void> => writeFile(file, "no gzip"), () => rm(file)]) {
      await damage();
      const error = await errorOf(ask(shared.warehouse, "SELECT * FROM cloudtrail_coverage"));
      expect(error).toBeInstanceOf(UserError);
      expect(String(error)).toContain(file);
    }
  });
});

function compactCommand({ logs, lake }: LakePlace): string {
  return `run: cloudtrail-partitioner compact --logs ${logs} --lake ${lake.url};`;
}

/** Puts a file back as it is now when the test is over. */
async function keep(file: string): Promise<void> {
  const bytes = await readFile(file);
  onTestFinished(() => writeFile(file, bytes));
}

/** What tells of the pages, at the end of the file, stays whole. */
async function breakPages(file: string): Promise<void> {
  const bytes = await readFile(file);
  const footer = bytes.readUInt32LE(bytes.length - 8);
  await writeFile(file, bytes.fill(0x5a, 4, bytes.length - 8 - footer));
}
