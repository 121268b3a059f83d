import { describe, expect, onTestFinished, test } from "vitest";
import type { PlanOptions, PlanReport } from "../actions/plan.ts";
import { plan } from "../actions/plan.ts";
import { run } from "../actions/run.ts";
import { PARTITION_COLUMNS, RECORD_COLUMNS } from "../core/columns.ts";
import { UserError } from "../core/user-error.ts";
import type { TestFile } from "../fixtures.contract.ts";
import { ask, day, errorOf, makeLog, toAsync } from "../fixtures.contract.ts";
import type { Store } from "../store/store.ts";
import type { Warehouse } from "./warehouse.ts";

/** A store that can be filled, and one catalog over it. Each fixture is a world of its own. */
export interface WarehouseFixture {
  readonly store: Store;
  put(files: Iterable<TestFile>): Promise<void>;
  remove(key: string): Promise<void>;
  /** Another handle on the same catalog, as another process has it. */
  openWarehouse(): Warehouse;
  /** Makes a table or a view, with one column and one row, as somebody else would. */
  makeForeign(kind: "table" | "view", name: string): Promise<void>;
  /** Rows of a table or view as somebody else's client sees them: how many, undefined where there is none. */
  countAsStranger(name: string): Promise<number | undefined>;
  close(): Promise<void>;
}

export interface WarehouseContractOptions {
  /** The warehouse's own spelling of the tables' columns: a golden's path, relative to this file. */
  readonly columnsGolden: string;
  /** What this warehouse does not do, each with its reason. */
  readonly differences?: Partial<Record<Difference, string>>;
}

/** What engines may differ in. */
export type Difference =
  /** A plan is applied wholly or not at all. */
  | "atomic"
  /** Files that cannot be read are left out and named. */
  | "set-aside"
  /** Only files with names as CloudTrail's are read. */
  | "file-names";

const TODAY = day("2026-11-22");
const PREFIX = { tablePrefix: "cloudtrail" };
const OPTIONS: PlanOptions = { tablePrefix: "cloudtrail", today: TODAY };
const OLD = "2026-08-01";
const OLDER = "2026-07-01";

/** What every warehouse has to do, whichever it is. */
export function warehouseContract(
  name: string,
  open: () => Promise<WarehouseFixture>,
  { columnsGolden, differences = {} }: WarehouseContractOptions,
): void {
  /** Marks a test of what this warehouse does not do. */
  const unless = (difference: Difference): typeof test.skip =>
    differences[difference] === undefined ? test : test.skip;

  async function start(...files: TestFile[]): Promise<WarehouseFixture & { readonly warehouse: Warehouse }> {
    const fixture = await open();
    onTestFinished(() => fixture.close());
    await fixture.put(files);
    return Object.assign(fixture, { warehouse: fixture.openWarehouse() });
  }

  describe(`${name}: the catalog`, () => {
    test("is empty before the first run", async () => {
      const { warehouse } = await start();
      const { tables, views, setAside } = await warehouse.readCatalog(PREFIX);
      expect([tables.size, views.size, setAside.size]).toEqual([0, 0, 0]);
    });

    test("is read back as it was planned", async () => {
      const ports = await start(
        makeLog(),
        makeLog({ account: "444455556666", region: "eu-west-1", day: OLD }),
        makeLog({ root: "o-aa111bb222/AWSLogs/o-aa111bb222/", day: OLD }),
      );
      const { desired } = await run(ports, OPTIONS);
      const read = await ports.openWarehouse().readCatalog(PREFIX);
      expect([...read.tables.keys()]).toEqual(["cloudtrail_111122223333", "cloudtrail_444455556666"]);
      expect(read.tables).toEqual(desired.tables);
      expect(read.views).toEqual(desired.views);
      expect(read.setAside).toEqual(desired.setAside);
    });

    test("needs no second run", async () => {
      const ports = await start(makeLog(), makeLog({ account: "444455556666", day: OLD }));
      expect(kinds(await run(ports, OPTIONS))).toEqual(["create-table", "create-table", "create-view"]);
      expect(kinds(await run(ports, OPTIONS))).toEqual([]);
      expect(kinds(await plan({ ...ports, warehouse: ports.openWarehouse() }, OPTIONS))).toEqual([]);
    });

    test("is not changed by a plan", async () => {
      const ports = await start(makeLog());
      expect(kinds(await plan(ports, OPTIONS))).toEqual(["create-table", "create-view"]);
      expect((await ports.openWarehouse().readCatalog(PREFIX)).tables.size).toBe(0);
    });

    test("gains the partitions that are missing, and no others", async () => {
      const ports = await start(makeLog({ day: OLD }));
      await run(ports, OPTIONS);
      await ports.put([makeLog({ day: "2026-08-03" })]);
      const [change, ...others] = (await run(ports, OPTIONS)).plan.changes.filter(
        ({ kind }) => kind === "add-partitions",
      );
      expect(others).toEqual([]);
      expect(change).toMatchObject({ kind: "add-partitions" });
      expect("partitions" in change! ? [...change.partitions] : []).toMatchObject([
        { region: "us-east-1", day: "2026-08-03" },
      ]);
      expect(await count(ports.warehouse, "cloudtrail")).toBe(2);
    });

    test("gains a table for a new account, and the view has it", async () => {
      const ports = await start(makeLog());
      await run(ports, OPTIONS);
      await ports.put([makeLog({ account: "444455556666" })]);
      expect(kinds(await run(ports, OPTIONS))).toEqual(["create-table", "replace-view"]);
      const { rows } = await ask(ports.warehouse, "SELECT account FROM cloudtrail ORDER BY account");
      expect(rows).toEqual([["111122223333"], ["444455556666"]]);
    });

    test("gains the holes of a wider window, and loses nothing to a narrower one", async () => {
      const ports = await start(makeLog({ day: OLDER }), makeLog({ day: OLD }), makeLog());
      const since = (from: string): Promise<PlanReport> =>
        run(ports, { ...OPTIONS, range: { from: day(from) } });
      await since("2026-11-01");
      expect(await count(ports.warehouse, "cloudtrail")).toBe(1);
      await since(OLD);
      expect(await count(ports.warehouse, "cloudtrail")).toBe(2);
      await since("2026-11-01");
      expect(await count(ports.warehouse, "cloudtrail")).toBe(2);
      await since(OLDER);
      expect(await count(ports.warehouse, "cloudtrail")).toBe(3);
      expect(kinds(await since(OLDER))).toEqual([]);
    });

    test("keeps the tables of accounts that a later run does not look at", async () => {
      const ports = await start(makeLog(), makeLog({ account: "444455556666" }));
      await run(ports, OPTIONS);
      const report = await run(ports, { ...OPTIONS, accounts: ["111122223333"] });
      expect(kinds(report)).toEqual([]);
      expect(await count(ports.warehouse, "cloudtrail")).toBe(2);
    });

    test("is for another prefix another set of names", async () => {
      const ports = await start(makeLog());
      await run(ports, { ...OPTIONS, tablePrefix: "trail" });
      expect(await count(ports.warehouse, "trail_111122223333")).toBe(1);
      expect(await count(ports.warehouse, "trail")).toBe(1);
      expect(await errorOf(ask(ports.warehouse, "SELECT * FROM cloudtrail"))).toBeInstanceOf(UserError);
    });

    test("is not made from a store without logs", async () => {
      const ports = await start({ key: "readme.txt", bytes: Buffer.from("hello") });
      expect(await errorOf(run(ports, OPTIONS))).toBeInstanceOf(UserError);
      expect((await ports.warehouse.readCatalog(PREFIX)).tables.size).toBe(0);
    });
  });

  describe(`${name}: runs`, () => {
    test("two at once end with one catalog, and both succeed", async () => {
      const ports = await start(makeLog(), makeLog({ account: "444455556666", day: OLD }));
      const other = { ...ports, warehouse: ports.openWarehouse() };
      const reports = await Promise.all([run(ports, OPTIONS), run(other, OPTIONS)]);
      expect(reports.map(kinds).toSorted((a, b) => a.length - b.length)).toEqual([
        [],
        ["create-table", "create-table", "create-view"],
      ]);
      expect(kinds(await run(ports, OPTIONS))).toEqual([]);
      expect(await count(ports.warehouse, "cloudtrail")).toBe(2);
    });

    test("two at once of different accounts leave both accounts", async () => {
      const ports = await start(makeLog(), makeLog({ account: "444455556666" }));
      const other = { ...ports, warehouse: ports.openWarehouse() };
      await Promise.all([
        run(ports, { ...OPTIONS, accounts: ["111122223333"] }),
        run(other, { ...OPTIONS, accounts: ["444455556666"] }),
      ]);
      expect(await count(ports.warehouse, "cloudtrail")).toBe(2);
    });

    test("a plan whose catalog has changed since is not applied", async () => {
      const ports = await start(makeLog());
      const stale = await plan(ports, OPTIONS);
      await ports.put([makeLog({ account: "444455556666" })]);
      await run({ ...ports, warehouse: ports.openWarehouse() }, OPTIONS);
      expect(await ports.warehouse.applyPlan(stale.plan)).toEqual({ kind: "stale" });
      expect(await count(ports.warehouse, "cloudtrail")).toBe(2);
    });

    unless("atomic").each([1, 2, 3])(
      "one that is stopped after change %i leaves the catalog as it was",
      async (stop) => {
        const ports = await start(makeLog(), makeLog({ account: "444455556666" }));
        await run(ports, { ...OPTIONS, accounts: ["111122223333"] });
        const before = await ports.warehouse.readCatalog(PREFIX);
        await ports.put([
          makeLog({ account: "444455556666", day: OLD }),
          makeLog({ account: "777788889999" }),
        ]);
        const { plan: next } = await plan(ports, OPTIONS);
        expect(next.changes.length).toBeGreaterThan(2);
        const aborter = new AbortController();
        let changes = 0;
        const applied = ports.warehouse.applyPlan(next, {
          signal: aborter.signal,
          onProgress: () => {
            if (++changes === Math.min(stop, next.changes.length - 1)) aborter.abort();
          },
        });
        expect(await errorOf(applied)).toMatchObject({ name: "AbortError" });
        expect(await ports.openWarehouse().readCatalog(PREFIX)).toEqual(before);
        expect(await count(ports.warehouse, "cloudtrail")).toBe(1);
        await run(ports, OPTIONS);
        expect(await count(ports.warehouse, "cloudtrail")).toBe(4);
      },
    );

    test("one that is stopped before it begins changes nothing", async () => {
      const ports = await start(makeLog());
      const signal = AbortSignal.abort();
      expect(await errorOf(run(ports, { ...OPTIONS, signal }))).toMatchObject({ name: "AbortError" });
      expect((await ports.warehouse.readCatalog(PREFIX)).tables.size).toBe(0);
    });
  });

  describe(`${name}: what somebody else made`, () => {
    test.each([
      ["view", "cloudtrail"],
      ["table", "cloudtrail"],
      ["view", "cloudtrail_111122223333"],
      ["table", "cloudtrail_111122223333"],
    ] as const)("a %s named %s stops the run, and nothing is changed", async (kind, taken) => {
      const ports = await start(makeLog());
      await ports.makeForeign(kind, taken);
      const error = await errorOf(run(ports, OPTIONS));
      expect(error).toBeInstanceOf(UserError);
      expect(String(error)).toContain(taken);
      expect((await ports.warehouse.readCatalog(PREFIX)).tables.size).toBe(0);
      expect(await ports.countAsStranger(taken)).toBe(1);
      const other = taken === "cloudtrail" ? "cloudtrail_111122223333" : "cloudtrail";
      expect(await ports.countAsStranger(other)).toBeUndefined();
    });

    test("is in the way of no other name", async () => {
      const ports = await start(makeLog());
      await ports.makeForeign("table", "cloudtrail_notes");
      await run(ports, OPTIONS);
      expect(await ports.countAsStranger("cloudtrail_notes")).toBe(1);
    });
  });

  describe(`${name}: tables`, () => {
    const partitioned = [...RECORD_COLUMNS.map((column) => column.name.toLowerCase()), ...PARTITION_COLUMNS];

    test("have the record's columns, then the partition's, all in Athena's spelling", async () => {
      const ports = await start(makeLog());
      await run(ports, OPTIONS);
      const columns = async (table: string): Promise<string[]> =>
        (await ask(ports.warehouse, `SELECT * FROM ${table}`)).columns.map((column) => column.name);
      expect(await columns("cloudtrail_111122223333")).toEqual(partitioned);
      expect((await columns("cloudtrail")).toSorted()).toEqual([...partitioned, "account"].toSorted());
    });

    test("have the names, types and order of the golden file", async () => {
      const ports = await start(makeLog());
      await run(ports, OPTIONS);
      const print = async (table: string): Promise<string> => {
        const { rows } = await ask(ports.warehouse, `DESCRIBE ${table}`);
        // Athena describes a column in one padded text, DuckDB in several.
        const lines = rows.map((row) => `  ${row.slice(0, 2).join(" ").trim().replaceAll(/\s+/g, " ")}`);
        return [table, ...lines].join("\n");
      };
      const text = [await print("cloudtrail_111122223333"), await print("cloudtrail"), ""].join("\n");
      await expect(text).toMatchFileSnapshot(columnsGolden);
    });

    test("have the same columns where a table has no files yet", async () => {
      const log = makeLog();
      const ports = await start(log);
      await run(ports, OPTIONS);
      await ports.remove(log.key);
      await run(ports, OPTIONS);
      const { columns, rows } = await ask(ports.warehouse, "SELECT * FROM cloudtrail_111122223333");
      expect(columns.map((column) => column.name)).toEqual(partitioned);
      expect(rows).toEqual([]);
    });

    test("take region and day from the path, not from the record", async () => {
      const records = [{ eventID: "1", awsRegion: "us-east-1", eventTime: "2026-11-19T23:59:00Z" }];
      const ports = await start(makeLog({ region: "eu-west-1", day: "2026-01-02", records }));
      await run(ports, OPTIONS);
      const sql = "SELECT region, year, month, day, account, awsregion FROM cloudtrail";
      expect((await ask(ports.warehouse, sql)).rows).toEqual([
        ["eu-west-1", "2026", "01", "02", "111122223333", "us-east-1"],
      ]);
    });

    test("of an account under two roots have the records of both", async () => {
      const roots = ["AWSLogs/", "AWSLogs/o-aa111bb222/", "o-bb111bb222/AWSLogs/o-bb111bb222/"];
      const ports = await start(...roots.map((root) => makeLog({ root })));
      await run(ports, OPTIONS);
      expect(await count(ports.warehouse, "cloudtrail_111122223333")).toBe(3);
      expect(await count(ports.warehouse, "cloudtrail", "account = '111122223333'")).toBe(3);
    });

    unless("file-names")("leave out other kinds, other services and near misses", async () => {
      const { bytes } = makeLog();
      const place = "AWSLogs/111122223333";
      const ports = await start(
        makeLog(),
        ...[
          `${place}/CloudTrail-Digest/us-east-1/2026/11/20/digest.json.gz`,
          `${place}/CloudTrail-Insight/us-east-1/2026/11/20/insight.json.gz`,
          `${place}/Config/us-east-1/2026/11/20/config.json.gz`,
          `${place}/cloudtrail/us-east-1/2026/11/20/logs.json.gz`,
          `${place}/CloudTrail/us-east-1/2026/11/31/logs.json.gz`,
          `${place}/CloudTrail/us-east-1/2026/13/20/logs.json.gz`,
          `${place}/CloudTrail/region=us-east-1/2026/11/20/logs.json.gz`,
          `${place}/CloudTrail/us-east-1/2026/11/20/.hidden.json.gz`,
          `${place}/CloudTrail/us-east-1/2026/11/20/_hidden.json.gz`,
          `${place}/CloudTrail/us-east-1/2026/11/20/logs.json`,
          `${place}/CloudTrail/us-east-1/2026/11/20/retry/logs.json.gz`,
        ].map((key) => ({ key, bytes })),
      );
      await run(ports, OPTIONS);
      expect(await count(ports.warehouse, "cloudtrail_111122223333")).toBe(1);
      expect(await count(ports.warehouse, "cloudtrail")).toBe(1);
    });

    test("show no partition that is not registered", async () => {
      const ports = await start(makeLog({ day: OLD }), makeLog({ day: "2026-11-19" }), makeLog());
      await run(ports, { ...OPTIONS, range: { from: day("2026-11-19"), to: day("2026-11-19") } });
      expect((await ask(ports.warehouse, "SELECT year, month, day FROM cloudtrail")).rows).toEqual([
        ["2026", "11", "19"],
      ]);
      expect(await count(ports.warehouse, "cloudtrail_111122223333")).toBe(1);
    });

    test("show no Region that was not asked for", async () => {
      const ports = await start(makeLog(), makeLog({ region: "eu-west-1" }));
      await run(ports, { ...OPTIONS, regions: ["eu-west-1"] });
      expect((await ask(ports.warehouse, "SELECT region FROM cloudtrail")).rows).toEqual([["eu-west-1"]]);
    });

    test("show no partition that is not registered after a run that looks at other accounts", async () => {
      const ports = await start(
        makeLog({ day: OLD }),
        makeLog(),
        makeLog({ account: "444455556666", day: OLD }),
        makeLog({ account: "444455556666" }),
      );
      await run(ports, { ...OPTIONS, range: { from: day("2026-11-01") } });
      expect(await count(ports.warehouse, "cloudtrail")).toBe(2);
      await run(ports, {
        ...OPTIONS,
        range: { from: day("2026-11-01") },
        accounts: ["111122223333"],
      });
      expect(await count(ports.warehouse, "cloudtrail_444455556666")).toBe(1);
      expect(await count(ports.warehouse, "cloudtrail")).toBe(2);
    });

    test("show no partition that is not registered after a run that looks within one account", async () => {
      const ports = await start(
        makeLog(),
        makeLog({ account: "444455556666", day: OLD }),
        makeLog({ account: "444455556666" }),
      );
      const range = { from: day("2026-11-01") };
      await run(ports, { ...OPTIONS, range });
      await run(ports, { ...OPTIONS, range, within: "AWSLogs/111122223333/CloudTrail/us-east-1/" });
      expect(await count(ports.warehouse, "cloudtrail_444455556666")).toBe(1);
    });

    test("still answer, with no rows, when their files are gone and a run has noticed", async () => {
      const log = makeLog();
      const ports = await start(log, makeLog({ account: "444455556666" }));
      await run(ports, OPTIONS);
      await ports.remove(log.key);
      await run(ports, OPTIONS);
      expect(await count(ports.warehouse, "cloudtrail_111122223333")).toBe(0);
      expect(await count(ports.warehouse, "cloudtrail")).toBe(1);
    });
  });

  describe.skipIf(differences["set-aside"])(`${name}: files that cannot be read`, () => {
    const good = makeLog({ file: "good.json.gz" });
    const broken = { key: makeLog({ file: "broken.json.gz" }).key, bytes: good.bytes.subarray(0, 40) };
    const repaired = makeLog({ file: "broken.json.gz" });

    test("are found by inspectLogs, and good and missing ones are not", async () => {
      const { store, warehouse } = await start(good, broken);
      const files = [good.key, broken.key, makeLog({ file: "gone.json.gz" }).key];
      const found = await warehouse.inspectLogs(toAsync(files.map((key) => `${store.url}/${key}`)));
      expect(found).toMatchObject([
        { file: `${store.url}/${broken.key}`, account: "111122223333", verdict: "unreadable", bytes: 40 },
      ]);
      expect(found[0]?.reason).not.toBe("");
    });

    test("are left out of an answer and named in it, the next one's too", async () => {
      const ports = await start(good, broken);
      await run(ports, OPTIONS);
      for (const table of ["cloudtrail", "cloudtrail_111122223333", "cloudtrail"]) {
        const answer = await ask(ports.warehouse, `SELECT count(*) FROM ${table}`);
        expect(answer).toMatchObject({ rows: [[1]], unreadable: [broken.key], unrecorded: undefined });
      }
    });

    test("are named only in answers that had to read them", async () => {
      const ports = await start(good, broken, makeLog({ day: OLD }), makeLog({ account: "444455556666" }));
      await run(ports, OPTIONS);
      const unread = [
        "SELECT count(*) FROM cloudtrail_444455556666",
        "SELECT count(*) FROM cloudtrail WHERE account = '444455556666'",
        "SELECT count(*) FROM cloudtrail WHERE year = '2026' AND month = '08'",
        "SELECT 1",
      ];
      const before = await Promise.all(unread.map((sql) => ask(ports.warehouse, sql)));
      await ask(ports.warehouse, "SELECT count(*) FROM cloudtrail");
      const after = await Promise.all(unread.map((sql) => ask(ports.warehouse, sql)));
      for (const answer of [...before, ...after]) {
        expect(answer).toMatchObject({ rows: [[1]], unreadable: [] });
      }
    });

    test("are in the catalog once a query has met them, and need no further change", async () => {
      const ports = await start(good, broken);
      await run(ports, OPTIONS);
      await ask(ports.warehouse, "SELECT count(*) FROM cloudtrail");
      const { setAside } = await ports.warehouse.readCatalog(PREFIX);
      expect([...setAside.keys()]).toEqual([`${ports.store.url}/${broken.key}`]);
      expect(kinds(await run(ports, OPTIONS))).toEqual([]);
    });

    test("need no further change where a query met some and a run had met others", async () => {
      const tiny = { key: makeLog({ file: "z.json.gz" }).key, bytes: new Uint8Array(0) };
      const ports = await start(good, broken, tiny);
      expect((await run(ports, OPTIONS)).desired.setAside.size).toBe(1);
      await ask(ports.warehouse, "SELECT count(*) FROM cloudtrail");
      expect((await ports.warehouse.readCatalog(PREFIX)).setAside.size).toBe(2);
      expect(kinds(await run(ports, OPTIONS))).toEqual([]);
    });

    test("are read again once they are repaired and a run has noticed", async () => {
      const ports = await start(good, broken);
      await run(ports, { ...OPTIONS, check: true });
      expect(await count(ports.warehouse, "cloudtrail")).toBe(1);
      await ports.put([repaired]);
      expect(kinds(await run(ports, OPTIONS))).toContain("take-back");
      const answer = await ask(ports.warehouse, "SELECT count(*) FROM cloudtrail");
      expect(answer).toMatchObject({ rows: [[2]], unreadable: [] });
    });

    test("are forgotten once they are gone and a run has noticed", async () => {
      const ports = await start(good, broken);
      await run(ports, { ...OPTIONS, check: true });
      await ports.remove(broken.key);
      await run(ports, OPTIONS);
      expect((await ports.warehouse.readCatalog(PREFIX)).setAside.size).toBe(0);
    });

    test("are all found by a run that checks", async () => {
      const ports = await start(good, broken, makeLog({ day: OLD }));
      const { desired } = await run(ports, { ...OPTIONS, check: true });
      expect([...desired.setAside.keys()]).toEqual([`${ports.store.url}/${broken.key}`]);
      expect(kinds(await run(ports, { ...OPTIONS, check: true }))).toEqual([]);
    });

    test("need no further change whatever their names", async () => {
      const names = ["\u{1F98A}", "～", "z", "Z", "é", "'"];
      const files = names.map((file) => ({ ...broken, key: makeLog({ file: `${file}.json.gz` }).key }));
      const ports = await start(good, ...files);
      await run(ports, { ...OPTIONS, check: true });
      expect(kinds(await run(ports, OPTIONS))).toEqual([]);
      expect(await ask(ports.warehouse, "SELECT count(*) FROM cloudtrail")).toMatchObject({
        rows: [[1]],
        unreadable: files.map(({ key }) => key).toSorted(),
      });
    });

    test("may be all that there are", async () => {
      const ports = await start(broken);
      await run(ports, OPTIONS);
      const answer = await ask(ports.warehouse, "SELECT count(*) FROM cloudtrail");
      expect(answer).toMatchObject({ rows: [[0]], unreadable: [broken.key] });
    });
  });

  describe(`${name}: the predecessor's queries run as they are`, () => {
    const records = [
      {
        eventName: "GetObject",
        errorCode: "AccessDenied",
        userIdentity: { arn: "arn:aws:iam::1:user/alice" },
      },
      {
        eventName: "PutObject",
        errorCode: "AccessDenied",
        userIdentity: { arn: "arn:aws:iam::1:user/alice" },
      },
      { eventName: "PutObject", userIdentity: { arn: "arn:aws:iam::1:user/alice" } },
      { eventName: "ListBuckets", errorCode: "", userIdentity: { arn: "arn:aws:iam::1:user/bob" } },
      { eventName: "ListBuckets", errorCode: null, userIdentity: null },
    ].map((record) =>
      Object.assign(record, { sourceIPAddress: "1.2.3.4", recipientAccountId: "111122223333" }),
    );
    const other = [{ sourceIPAddress: "1.2.3.4", recipientAccountId: "444455556666" }];
    const files = [
      makeLog({ day: "2019-09-30", records }),
      makeLog({ day: "2019-10-01", records }),
      makeLog({ day: "2019-09-30", account: "444455556666", records: other }),
    ];

    test.each<[string, string, readonly unknown[][]]>([
      [
        "errors by user",
        `SELECT useridentity.arn, errorcode, count(*) AS count FROM cloudtrail
         WHERE year = '2019' AND month = '09' AND day = '30' AND errorcode != ''
         GROUP BY errorcode, useridentity.arn ORDER BY count DESC LIMIT 50`,
        [["arn:aws:iam::1:user/alice", "AccessDenied", 2]],
      ],
      [
        "calls of one user",
        `SELECT eventname, count(*) AS COUNT FROM cloudtrail_111122223333
         WHERE year = '2019' AND month = '09' AND useridentity.arn like '%alice%'
         GROUP BY eventname ORDER BY COUNT DESC`,
        [
          ["PutObject", 2],
          ["GetObject", 1],
        ],
      ],
      [
        "accounts reached from one address",
        `SELECT recipientaccountid, count(*) AS COUNT FROM cloudtrail
         WHERE year = '2019' AND month = '09' AND day = '30' AND sourceipaddress = '1.2.3.4'
         GROUP BY recipientaccountid ORDER BY COUNT DESC`,
        [
          ["111122223333", 5],
          ["444455556666", 1],
        ],
      ],
    ])("%s", async (_, sql, rows) => {
      const ports = await start(...files);
      await run(ports, OPTIONS);
      expect((await ask(ports.warehouse, sql)).rows).toEqual(rows);
    });

    test("five rows of a day", async () => {
      const ports = await start(...files);
      await run(ports, OPTIONS);
      const sql = `SELECT * FROM cloudtrail_111122223333
        WHERE region = 'us-east-1' AND year = '2019' AND month = '09' AND day = '30' LIMIT 5`;
      const { rows, columns } = await ask(ports.warehouse, sql);
      expect(rows).toHaveLength(5);
      expect(columns.slice(-4).map((column) => column.name)).toEqual(["region", "year", "month", "day"]);
    });

    test("errorcode != '' has no row for a record without one", async () => {
      const ports = await start(...files);
      await run(ports, OPTIONS);
      expect(await count(ports.warehouse, "cloudtrail", "errorcode != ''")).toBe(4);
      expect(await count(ports.warehouse, "cloudtrail", "errorcode IS NULL")).toBe(5);
    });
  });
}

async function count(warehouse: Warehouse, table: string, where = "true"): Promise<unknown> {
  const { rows } = await ask(warehouse, `SELECT count(*) FROM ${table} WHERE ${where}`);
  return rows[0]?.[0];
}

/** Of a database that comes by itself nothing is planned. */
function kinds({ plan: { changes } }: PlanReport): string[] {
  return changes.map(({ kind }) => kind).filter((kind) => kind !== "create-database");
}
