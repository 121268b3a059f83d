import { readEventTime } from "../core/compact/event-time.ts";
import { findColumn } from "../core/compact/find-column.ts";
import type { RecordColumns } from "../core/shred/record-columns.ts";
import type { EventTimes } from "./compactor.ts";

/** First and last time as numbers of 14 digits. */
interface Span {
  first: number;
  last: number;
}

/** By Region, of those rows; times of another form than CloudTrail's are passed over. */
export function findEventTimes(columns: RecordColumns, rows: Int32Array): Map<string, EventTimes> {
  const time = findColumn(columns, "eventtime");
  const { ids, values } = columns.leaves[columns.shape.region.index]!;
  const spans = new Map<number, Span>();
  for (const row of rows) {
    const at = readEventTime(time, row);
    if (at < 0) continue;
    const span = spans.get(ids[row]!);
    if (span === undefined) spans.set(ids[row]!, { first: at, last: at });
    else if (at < span.first) span.first = at;
    else if (at > span.last) span.last = at;
  }
  const times = new Map<string, EventTimes>();
  for (const [id, { first, last }] of spans)
    addEventTimes(times, [
      [Buffer.from(values.bytesOf(id - 1)).toString(), { first: printTime(first), last: printTime(last) }],
    ]);
  return times;
}

/** Widens the times of some Regions by others. */
export function addEventTimes(
  times: Map<string, EventTimes>,
  more: Iterable<readonly [string, EventTimes]>,
): void {
  for (const [region, { first, last }] of more) {
    const known = times.get(region) ?? { first, last };
    times.set(region, {
      first: first < known.first ? first : known.first,
      last: last > known.last ? last : known.last,
    });
  }
}

/** 20261122183000 as "2026-11-22T18:30:00Z" */
function printTime(time: number): string {
  const digits = String(time).padStart(14, "0");
  return digits.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6Z");
}
