import { describe, expect, test } from "vitest";
import { errorOf } from "../fixtures.contract.ts";
import { openMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import type { SelectedTable, Warehouse } from "../warehouse/warehouse.ts";
import { estimate } from "./estimate.ts";
import { query } from "./query.ts";

const URL = "s3://logs";

/** A store with a folder a day, of as many files as its number, each of 100 bytes. */
function makeStore(...days: readonly string[]) {
  const files = days.flatMap((day) =>
    Array.from(
      { length: Number(day) },
      (_, index) => [`AWSLogs/${day}/${index}.json.gz`, Buffer.alloc(100)] as const,
    ),
  );
  return openMemoryStore(new Map(files), { url: URL });
}

function table(...days: readonly string[]): SelectedTable {
  return {
    name: "cloudtrail_1",
    locations: days.map((day) => `${URL}/AWSLogs/${day}/`),
    complete: true,
    partitions: 31,
  };
}

interface Bounds {
  readonly selected?: readonly SelectedTable[] | undefined;
  readonly limit?: number | undefined;
}

/** An engine that says what it is told to, and records what it runs. */
function makeWarehouse({ selected, limit }: Bounds): { warehouse: Warehouse; ran: string[] } {
  const ran: string[] = [];
  const warehouse: Partial<Warehouse> = {
    title: "a test",
    selectPartitions: () => Promise.resolve(selected),
    readScanLimit: () => Promise.resolve(limit),
    query: (sql) => {
      ran.push(sql);
      return Promise.resolve({
        columns: [],
        rows: (async function* () {})(),
        setAside: [],
        unrecorded: undefined,
      });
    },
  };
  return { warehouse: warehouse as Warehouse, ran };
}

describe("estimate", () => {
  test("adds up the files of the folders that are read", async () => {
    const { warehouse } = makeWarehouse({ selected: [table("01", "02", "09")] });
    const store = makeStore("01", "02", "03");
    expect(await estimate({ store, warehouse }, { sql: "SELECT 1" })).toEqual({
      tables: [{ name: "cloudtrail_1", selected: 3, partitions: 31 }],
      objects: 3,
      bytes: 300,
      complete: true,
      dollars: expect.closeTo(0.0000477, 7),
    });
  });

  test("counts a folder as often as it is read, and lists it once", async () => {
    const { warehouse } = makeWarehouse({ selected: [table("02", "02"), table("02")] });
    const found = await estimate({ store: makeStore("02"), warehouse }, { sql: "SELECT 1", listAtMost: 1 });
    expect(found).toMatchObject({ objects: 6, bytes: 600, complete: true });
    expect(found.tables.map(({ selected }) => selected)).toEqual([1, 1]);
  });

  test("goes into folders of folders, as Athena does", async () => {
    const files = new Map([["AWSLogs/01/deeper/still/x.json.gz", Buffer.alloc(7)]]);
    const { warehouse } = makeWarehouse({ selected: [table("01")] });
    const found = await estimate(
      { store: openMemoryStore(files, { url: URL }), warehouse },
      { sql: "SELECT 1" },
    );
    expect(found).toMatchObject({ objects: 1, bytes: 7, complete: true });
  });

  test("is the least where there is more to list than it may", async () => {
    const { warehouse } = makeWarehouse({ selected: [table("01", "02", "03")] });
    const options = { sql: "SELECT 1", listAtMost: 2 };
    const found = await estimate({ store: makeStore("01", "02", "03"), warehouse }, options);
    expect(found.complete).toBe(false);
    expect(found.objects).toBeLessThan(6);
  });

  test("is the least where a long folder has more pages than may be asked for", async () => {
    const { warehouse } = makeWarehouse({ selected: [table("2500")] });
    const options = { sql: "SELECT 1", listAtMost: 2 };
    const found = await estimate({ store: makeStore("2500"), warehouse }, options);
    expect(found).toMatchObject({ complete: false, objects: 1999 });
  });

  test.each([
    ["some lie elsewhere", { ...table("01"), locations: [`${URL}/AWSLogs/01/`, "s3://logs-of-others/x/"] }],
    ["not all are known", { ...table("01"), complete: false }],
  ])("is the least where %s", async (_, selected) => {
    const { warehouse } = makeWarehouse({ selected: [selected] });
    const found = await estimate({ store: makeStore("01"), warehouse }, { sql: "SELECT 1" });
    expect(found).toMatchObject({ complete: false, objects: 1, bytes: 100 });
  });

  test("lists what lies in other buckets, each of which is opened once", async () => {
    const other = new Map([["lake/x/part-00000.parquet", Buffer.alloc(40)]]);
    const opened: string[] = [];
    const openBucket = (url: string): Promise<Store> => {
      opened.push(url);
      return Promise.resolve(openMemoryStore(other, { url }));
    };
    const lake = {
      ...table(),
      name: "cloudtrail_lake",
      locations: ["s3://other/lake/x/", "s3://other/lake/y/"],
    };
    const { warehouse } = makeWarehouse({ selected: [table("02"), lake] });
    const ports = { store: makeStore("02"), warehouse, openBucket };
    const found = await estimate(ports, { sql: "SELECT 1" });
    expect(found).toMatchObject({ objects: 3, bytes: 240, complete: true });
    expect(opened).toEqual(["s3://other"]);
    const little = await estimate(ports, { sql: "SELECT 1", listAtMost: 2 });
    expect(little.complete).toBe(false);
  });

  test("lists what lies in the logs' bucket beside the logs", async () => {
    const files = new Map([["lake/x/part-00000.parquet", Buffer.alloc(40)]]);
    const lake = { ...table(), locations: ["s3://logs/lake/x/"] };
    const { warehouse } = makeWarehouse({ selected: [lake] });
    const store = openMemoryStore(new Map(), { url: "s3://logs/some" });
    const openBucket = (url: string): Promise<Store> => Promise.resolve(openMemoryStore(files, { url }));
    const found = await estimate({ store, warehouse, openBucket }, { sql: "SELECT 1" });
    expect(found).toMatchObject({ objects: 1, bytes: 40, complete: true });
  });

  test("is refused where reading costs nothing", async () => {
    const { warehouse } = makeWarehouse({});
    expect(await errorOf(estimate({ warehouse }, { sql: "SELECT 1" }))).toMatchObject({
      name: "UserError",
      message: expect.stringContaining("no charge"),
    });
  });

  test("ends with the signal's reason", async () => {
    const { warehouse } = makeWarehouse({ selected: [table("01")] });
    const options = { sql: "SELECT 1", signal: AbortSignal.abort(new Error("enough")) };
    expect(await errorOf(estimate({ store: makeStore("01"), warehouse }, options))).toMatchObject({
      message: "enough",
    });
  });
});

describe("query with maxScan", () => {
  const small = [table("02")];

  test.each<[string, Bounds, number]>([
    ["the engine's limit is lower", { limit: 50, selected: undefined }, 100],
    ["the engine's limit is the same", { limit: 100, selected: undefined }, 100],
    ["the estimate is lower", { selected: small }, 201],
    ["the estimate is the same", { selected: small, limit: 1000 }, 200],
    ["reading costs nothing", {}, 1],
    ["nothing is read", { selected: [] }, 1],
  ])("runs where %s", async (_, bounds, maxScan) => {
    const { warehouse, ran } = makeWarehouse(bounds);
    await query({ store: makeStore("02"), warehouse }, { sql: "SELECT 1", maxScan });
    expect(ran).toEqual(["SELECT 1"]);
  });

  test.each<[string, Bounds, RegExp, RegExp]>([
    [
      "the estimate is higher",
      { selected: small },
      /it would scan up to 200 B in 2 files of 1 partition, and --max-scan is 199 B; the workgroup has no limit/,
      /^narrow region, year, month and day.*10MB on$/,
    ],
    [
      "the engine's limit is higher too",
      { selected: small, limit: 2_000_000 },
      /the workgroup's own limit is 2\.0 MB/,
      /^narrow/,
    ],
    [
      "the estimate is not complete",
      { selected: [{ ...table("01"), complete: false }] },
      /it would scan 100 B in 1 file of 1 partition, or more/,
      /fewer days/,
    ],
  ])("runs nothing where %s", async (_, bounds, message, hint) => {
    const { warehouse, ran } = makeWarehouse(bounds);
    const error = await errorOf(
      query({ store: makeStore("02", "01"), warehouse }, { sql: "SELECT 1", maxScan: 199 }),
    );
    expect(error).toMatchObject({
      name: "UserError",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(ran).toEqual([]);
  });

  test("names the way to a workgroup with such a limit, where there can be one", async () => {
    const { warehouse } = makeWarehouse({ selected: [{ ...table("01"), complete: false }] });
    const options = { sql: "SELECT 1", maxScan: 100_000_000_000 };
    expect(await errorOf(query({ store: makeStore("01"), warehouse }, options))).toMatchObject({
      hint: expect.stringMatching(/create-work-group .*BytesScannedCutoffPerQuery=100000000000,/),
    });
  });

  test("runs nothing where the logs cannot be listed, for want of their name", async () => {
    const { warehouse, ran } = makeWarehouse({ selected: small });
    const error = await errorOf(query({ warehouse }, { sql: "SELECT 1", maxScan: 1e12 }));
    expect(error).toMatchObject({ name: "UserError", hint: expect.stringContaining("--logs") });
    expect(ran).toEqual([]);
  });
});
