import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, test } from "vitest";
import type { GeneratedFile } from "../../../tools/generate-logs/generate-logs.ts";
import { generateLogs } from "../../../tools/generate-logs/generate-logs.ts";
import { makeFolder } from "../../fixtures.contract.ts";
import { parseLogKey } from "../log-key.ts";
import { printParquet } from "../parquet/print-parquet.ts";
import { expectRecords } from "../shred/expected-records.contract.ts";
import { NotALog } from "../shred/not-a-log.ts";
import { readRows } from "../shred/read-rows.contract.ts";
import { Shredder } from "../shred/shred-records.ts";
import { findDuplicates } from "./duplicates.ts";
import { orderRecords } from "./order.ts";

/** One account-day, from files to the bytes of its Parquet file. */
interface AccountDay {
  readonly parquet: Buffer;
  readonly records: number;
  readonly duplicates: number;
  readonly refused: number;
}

function compact(files: readonly GeneratedFile[]): AccountDay {
  const shredder = new Shredder();
  const refused = files.filter((file) => !addFile(shredder, file)).length;
  const { columns } = shredder;
  const { dropped, count } = findDuplicates(columns);
  const order = orderRecords(columns, dropped);
  const pieces = printParquet(columns, order, { codec: "GZIP", compress: (page) => gzipSync(page) });
  return { parquet: Buffer.concat([...pieces]), records: columns.rows, duplicates: count, refused };
}

function addFile(shredder: Shredder, { key, bytes }: GeneratedFile): boolean {
  try {
    shredder.shred(gunzipSync(bytes), parseLogKey(key)?.region ?? "");
    return true;
  } catch (error) {
    if (error instanceof NotALog || (error as NodeJS.ErrnoException).code?.startsWith("Z_")) return false;
    throw error;
  }
}

function groupByDay(files: Iterable<GeneratedFile>): GeneratedFile[][] {
  const days = new Map<string, GeneratedFile[]>();
  for (const file of files) {
    const place = parseLogKey(file.key);
    if (place === undefined || file.bytes.length > 5_000_000) continue;
    const name = `${place.account} ${place.day}`;
    days.set(name, [...(days.get(name) ?? []), file]);
  }
  return [...days.values()].map((day) => day.toSorted((a, b) => (a.key < b.key ? -1 : 1)));
}

describe("An account-day", () => {
  let days: GeneratedFile[][];
  beforeAll(() => {
    days = groupByDay(
      generateLogs({ seed: 9, duplicates: 0.05, empty: 0.02, broken: true, noise: true, records: 40 }),
    );
  });

  test("has every record that JSON.parse finds in its files, field by field", () => {
    for (const files of days) {
      const shredder = new Shredder();
      const wanted = files.filter((file) => addFile(shredder, file)).flatMap((file) => expectFile(file));
      expect(readRows(shredder.columns)).toEqual(wanted);
    }
  });

  test("is the same bytes each time", () => {
    for (const files of days) expect(compact(files).parquet.equals(compact(files).parquet)).toBe(true);
  });

  test("has each record once in DuckDB, sorted, and none is lost", async () => {
    const folder = await makeFolder();
    const compacted = days.map(compact);
    for (const [index, { parquet }] of compacted.entries())
      await writeFile(join(folder, `${index}.parquet`), parquet);
    const sum = (of: (day: AccountDay) => number): number =>
      compacted.reduce((total, day) => total + of(day), 0);
    expect(sum(({ duplicates }) => duplicates)).toBeGreaterThan(100);
    expect(sum(({ refused }) => refused)).toBeGreaterThan(5);
    expect(await countRows(folder)).toEqual([[sum(({ records, duplicates }) => records - duplicates), 0, 0]]);
  });
});

function expectFile({ key, bytes }: GeneratedFile): ReturnType<typeof readRows> {
  return expectRecords(gunzipSync(bytes), parseLogKey(key)?.region ?? "") ?? [];
}

/** Rows; of those, such as have an earlier one's identity; and such as come before the row that they follow. */
async function countRows(folder: string): Promise<readonly unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const sql = `WITH lake AS (SELECT *, (region, coalesce(eventtime, '')) < lag((region, coalesce(eventtime, ''))) OVER (PARTITION BY filename ORDER BY
      file_row_number) AS unsorted, row_number() OVER (PARTITION BY filename, eventid, recipientaccountid) AS copy
      FROM read_parquet('${folder}/*.parquet', filename = true, file_row_number = true))
    SELECT count(*)::INTEGER, (count(*) FILTER (eventid IS NOT NULL AND copy > 1))::INTEGER,
      (count(*) FILTER (unsorted))::INTEGER FROM lake`;
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
