import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { orderRecords } from "./order.ts";
import type { TestRecord } from "./shred.contract.ts";
import { shredFiles } from "./shred.contract.ts";

function order(records: readonly TestRecord[], dropped: readonly number[] = []): number[] {
  const marks = Uint8Array.from(records, (_, row) => (dropped.includes(row) ? 1 : 0));
  return [...orderRecords(shredFiles(records), marks)];
}

/** By sorting rows as a reader would, one criterion after the other. */
function expectOrder(records: readonly TestRecord[]): number[] {
  return [...records.keys()].toSorted((a, b) => compareRecords(records[a] ?? {}, records[b] ?? {}) || a - b);
}

function compareRecords(a: TestRecord, b: TestRecord): number {
  const regions = Buffer.compare(Buffer.from(a.region ?? ""), Buffer.from(b.region ?? ""));
  return regions || Buffer.compare(printTime(a), printTime(b));
}

/** Absent is before empty. */
function printTime({ eventTime }: TestRecord): Buffer {
  return Buffer.from(eventTime === undefined ? "" : `.${eventTime}`);
}

const region = fc.constantFrom("us-east-1", "eu-west-1", "us-gov-west-1", "ap-northeast-1");
const second = fc.integer({ min: 0, max: 100_000 });
const usualTime = second.map((at) =>
  new Date(1_795_000_000_000 + at * 1000).toISOString().replace(".000", ""),
);
const oddTime = fc.oneof(
  usualTime,
  fc.constantFrom(undefined, "", "2026", "2026-11-22T18:30:00.5Z", "x", "é"),
);

describe("orderRecords", () => {
  test.each([
    ["CloudTrail's times", usualTime],
    ["times of any form", oddTime],
  ])("sorts by Region, then time, then as they came: %s", (_, times) => {
    const records = fc.array(fc.record({ region, eventTime: times }), { maxLength: 25 });
    fc.assert(
      fc.property(records, (all) => {
        expect(order(all)).toEqual(expectOrder(all));
      }),
      { numRuns: 80 },
    );
  });

  test("sorts more Regions than a double has room for", () => {
    const records = Array.from({ length: 300 }, (_, index) => ({
      region: `region-${(index * 7) % 120}`,
      eventTime: `2026-11-22T18:30:${String(index % 60).padStart(2, "0")}Z`,
    }));
    expect(order(records)).toEqual(expectOrder(records));
  });

  test("leaves out what is dropped", () => {
    const records = ["03", "01", "02"].map((hour) => ({ eventTime: `2026-11-22T${hour}:00:00Z` }));
    expect(order(records, [1])).toEqual([2, 0]);
  });

  test("has nothing to order where there is nothing", () => {
    expect(order([])).toEqual([]);
  });
});
