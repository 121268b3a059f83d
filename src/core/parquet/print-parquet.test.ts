import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { writeFile } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import * as fc from "fast-check";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { makeFolder } from "../../fixtures.contract.ts";
import { printDuckDbType, RECORD_COLUMNS } from "../columns.ts";
import { ADVERSARIAL_TEXTS, SAMPLE_TEXT } from "../shred/adversarial-texts.contract.ts";
import type { Row } from "../shred/expected-records.contract.ts";
import { NotALog } from "../shred/not-a-log.ts";
import { readRows } from "../shred/read-rows.contract.ts";
import type { RecordColumns } from "../shred/record-columns.ts";
import { Shredder } from "../shred/shred-records.ts";
import type { Compression } from "./format.ts";
import { UNCOMPRESSED } from "./format.ts";
import type { ParquetOptions } from "./print-parquet.ts";
import { printParquet } from "./print-parquet.ts";

const GZIP: Compression = { codec: "GZIP", compress: (page) => gzipSync(page) };

function shredRecords(...records: readonly object[]): RecordColumns {
  const shredder = new Shredder();
  shredder.shred(Buffer.from(JSON.stringify({ Records: records })), "us-east-1");
  return shredder.columns;
}

/** Every adversarial text that is a log; the largest only once. */
function shredAdversarial(): RecordColumns {
  const shredder = new Shredder();
  for (const text of [...ADVERSARIAL_TEXTS, Buffer.from(SAMPLE_TEXT)])
    try {
      shredder.shred(text, "us-east-1");
    } catch (error) {
      if (!(error instanceof NotALog)) throw error;
    }
  return shredder.columns;
}

function inOrder({ rows }: RecordColumns): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

function print(
  columns: RecordColumns,
  options: Partial<ParquetOptions> = {},
  order = inOrder(columns),
): Buffer {
  return Buffer.concat([...printParquet(columns, order, { ...UNCOMPRESSED, ...options })]);
}

function toArrayBuffer(file: Buffer): ArrayBuffer {
  return new Uint8Array(file).buffer;
}

async function readByHyparquet(file: Buffer): Promise<unknown[]> {
  const compressors = { GZIP: (page: Uint8Array) => gunzipSync(page) };
  const rows = await parquetReadObjects({ file: toArrayBuffer(file), compressors });
  return rows.map(nameNulls);
}

/** hyparquet gives undefined for a struct, a list or a map that is not there. */
function nameNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nameNulls);
  if (value === undefined || value === null || typeof value !== "object") return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, nameNulls(inner)]));
}

async function queryDuckDb(file: Buffer, select: string): Promise<readonly unknown[][]> {
  const path = join(await makeFolder(), "lake.parquet");
  await writeFile(path, file);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(select.replace("FILE", `'${path}'`))).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function unquote(type: unknown): string {
  return String(type).replaceAll('"', "");
}

function findChunk(file: Buffer, column: string, group = 0) {
  const chunks = parquetMetadata(toArrayBuffer(file)).row_groups[group]?.columns ?? [];
  return chunks.find(({ meta_data }) => meta_data?.path_in_schema.join(".") === column)?.meta_data;
}

describe("printParquet", () => {
  test.each([
    ["in one row group", UNCOMPRESSED],
    ["in row groups of 7", { ...UNCOMPRESSED, rowGroupRows: 7 }],
    ["compressed", { ...GZIP, rowGroupRows: 50 }],
  ])("writes what hyparquet reads back, %s", async (_, options) => {
    const columns = shredAdversarial();
    expect(await readByHyparquet(print(columns, options))).toEqual(readRows(columns));
  });

  test("writes what DuckDB reads back", async () => {
    const columns = shredAdversarial();
    const rows = await queryDuckDb(print(columns, GZIP), "SELECT to_json(t) FROM read_parquet(FILE) t");
    expect(rows.map(([row]) => JSON.parse(String(row)) as Row)).toEqual(readRows(columns));
  });

  test("has the columns and types that DuckDB has for raw logs", async () => {
    const rows = await queryDuckDb(print(shredRecords({})), "DESCRIBE SELECT * FROM read_parquet(FILE)");
    expect(rows.map(([name, type]) => [name, unquote(type)])).toEqual([
      ...RECORD_COLUMNS.map(({ name, type }) => [name.toLowerCase(), unquote(printDuckDbType(type))]),
      ["otherfields", "VARCHAR"],
      ["region", "VARCHAR"],
    ]);
  });

  test("writes the rows that are asked for, in the order asked for", async () => {
    const columns = shredAdversarial();
    const rows = readRows(columns);
    const some = fc.uniqueArray(fc.nat(rows.length - 1), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(some, fc.integer({ min: 1, max: 60 }), async (order, rowGroupRows) => {
        const file = print(columns, { rowGroupRows }, Int32Array.from(order));
        expect(await readByHyparquet(file)).toEqual(order.map((row) => rows[row]));
      }),
      { numRuns: 8 },
    );
  });

  test("writes pages of 1 MB that begin where rows do", async () => {
    const resources = Array.from({ length: 300 }, (_, index) => ({ ARN: `${index}`.repeat(1500) }));
    const columns = shredRecords({ resources }, { resources }, {}, { resources: [] }, { resources });
    expect(await readByHyparquet(print(columns))).toEqual(readRows(columns));
  });

  test("writes a file without rows", async () => {
    const file = print(shredRecords());
    expect(parquetMetadata(toArrayBuffer(file))).toMatchObject({ num_rows: 0n, row_groups: [] });
    expect(await queryDuckDb(file, "SELECT count(*)::INTEGER FROM read_parquet(FILE)")).toEqual([[0]]);
  });

  test("gives the same bytes for the same records", () => {
    expect(print(shredAdversarial(), GZIP).equals(print(shredAdversarial(), GZIP))).toBe(true);
  });

  test("gives the same bytes whether a refused file came between or not", () => {
    const shredder = new Shredder();
    const log = Buffer.from(SAMPLE_TEXT);
    const names = Array.from({ length: 3000 }, (_, index) => `{"eventName":"${index}"}`);
    shredder.shred(log, "us-east-1");
    expect(() => shredder.shred(Buffer.from(`{"Records":[${names.join(",")},`), "us-east-2")).toThrow(
      NotALog,
    );
    shredder.shred(log, "us-east-1");
    const unbroken = new Shredder();
    for (let copy = 0; copy < 2; copy++) unbroken.shred(log, "us-east-1");
    expect(print(shredder.columns).equals(print(unbroken.columns))).toBe(true);
  });
});

function checkStatistics(file: Buffer, group: number, names: readonly (string | undefined)[]): void {
  const encoded = names.filter((name) => name !== undefined).map((name) => Buffer.from(name));
  const sorted = encoded.toSorted(Buffer.compare);
  const statistics = findChunk(file, "eventname", group)?.statistics;
  expect(statistics?.null_count).toBe(BigInt(names.length - sorted.length));
  expect(statistics?.min_value).toEqual(sorted[0]?.toString());
  expect(statistics?.max_value).toEqual(sorted.at(-1)?.toString());
}

describe("Statistics of printParquet", () => {
  test("are exact, by unsigned bytes, for each row group", () => {
    const text = fc.oneof(fc.constant(undefined), fc.string({ unit: "binary", maxLength: 20 }));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 15 }), (names) => {
        const columns = shredRecords(...names.map((eventName) => ({ eventName })));
        const rowGroupRows = 6;
        const file = print(columns, { rowGroupRows });
        for (let start = 0; start < names.length; start += rowGroupRows)
          checkStatistics(file, start / rowGroupRows, names.slice(start, start + rowGroupRows));
      }),
      { numRuns: 6 },
    );
  });

  test("leave out a minimum and a maximum that are long", () => {
    const file = print(shredRecords({ eventName: "a".repeat(64) }, { userAgent: "a".repeat(65) }));
    expect(findChunk(file, "eventname")?.statistics?.max_value).toBe("a".repeat(64));
    expect(findChunk(file, "useragent")?.statistics).toEqual({ null_count: 1n });
  });

  test("let DuckDB pass over row groups", async () => {
    const records = Array.from({ length: 6000 }, (_, index) => ({
      eventName: String(index).padStart(5, "0"),
    }));
    const file = print(shredRecords(...records), { rowGroupRows: 2048 });
    const found = await queryDuckDb(
      file,
      "SELECT count(*)::INTEGER FROM read_parquet(FILE) WHERE eventname >= '05990'",
    );
    expect(found).toEqual([[10]]);
  });
});

describe("Dictionaries of printParquet", () => {
  test("are written where values repeat, and not where they do not", () => {
    const records = Array.from({ length: 2000 }, (_, index) => ({
      eventName: `name ${index % 9}`,
      eventID: `${index}`,
    }));
    const file = print(shredRecords(...records));
    expect(findChunk(file, "eventname")?.encodings).toContain("RLE_DICTIONARY");
    expect(findChunk(file, "eventid")?.encodings).not.toContain("RLE_DICTIONARY");
  });
});
