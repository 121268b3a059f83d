import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RecordColumns } from "../shred/record-columns.ts";
import { Shredder } from "../shred/shred-records.ts";
import { findDuplicates } from "./duplicates.ts";
import type { TestRecord } from "./shred.contract.ts";
import { shredFiles } from "./shred.contract.ts";

function droppedRows(columns: RecordColumns): number[] {
  const { dropped, count } = findDuplicates(columns);
  const rows = [...dropped.entries()].filter(([, isDropped]) => isDropped === 1).map(([row]) => row);
  expect(count).toBe(rows.length);
  return rows;
}

/** What has to be dropped, by a set of what came before. */
function expectDropped(records: readonly TestRecord[]): number[] {
  const met = new Set<string>();
  return [...records.entries()].flatMap(([row, { eventID, recipientAccountId }]) => {
    const identity = JSON.stringify([eventID, recipientAccountId ?? null]);
    if (eventID === undefined) return [];
    if (met.has(identity)) return [row];
    met.add(identity);
    return [];
  });
}

function shredList(eventIDs: Iterable<string>): RecordColumns {
  const shredder = new Shredder();
  const records = Array.from(eventIDs, (eventID) => ({ eventID }));
  shredder.shred(Buffer.from(JSON.stringify({ Records: records })), "us-east-1");
  return shredder.columns;
}

/** Alike in length, ends and middle, which is all that is hashed of them. */
function makeColliding(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `${"a".repeat(10)}${String(index).padStart(10, "0")}${"b".repeat(80)}`,
  );
}

describe("findDuplicates", () => {
  test("drops what a set of what came before would drop", () => {
    const text = fc.constantFrom(undefined, "", "a", "b", "c", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    const record = fc.record({ eventID: text, recipientAccountId: fc.constantFrom(undefined, "", "1", "2") });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), (records) => {
        expect(droppedRows(shredFiles(records))).toEqual(expectDropped(records));
      }),
      { numRuns: 100 },
    );
  });

  test("keeps all records without an eventID", () => {
    expect(
      droppedRows(shredFiles([{}, {}, { recipientAccountId: "1" }, { recipientAccountId: "1" }])),
    ).toEqual([]);
  });

  test("keeps the first of a record that came in several files", () => {
    const records = ["x", "y", "x", "x", "y"].map((eventID) => ({ eventID, recipientAccountId: "1" }));
    expect(droppedRows(shredFiles(records))).toEqual([2, 3, 4]);
  });

  test("finds duplicates where eventIDs hardly repeat, and are stored each time", () => {
    const eventIDs = Array.from({ length: 3000 }, (_, index) => `id ${index}`);
    const columns = shredList([...eventIDs, "id 17", "id 2999"]);
    expect(droppedRows(columns)).toEqual([3000, 3001]);
  });

  test("neither merges nor is slowed down by eventIDs made to collide", () => {
    const eventIDs = makeColliding(30_000);
    const columns = shredList([...eventIDs, ...eventIDs.slice(0, 3)]);
    const began = process.cpuUsage();
    expect(droppedRows(columns)).toEqual([30_000, 30_001, 30_002]);
    // All with all would be 450 million comparisons; these are half a million.
    expect(process.cpuUsage(began).user).toBeLessThan(3e6);
  });
});
