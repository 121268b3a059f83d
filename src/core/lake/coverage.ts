import { splitDay } from "../day.ts";
import { DATASETS } from "./lake-day.ts";
import type { Manifest } from "./manifest.ts";

/** A column of the table `cloudtrail_coverage`. */
export interface CoverageColumn {
  readonly name: string;
  /** "count" is a 64-bit integer. */
  readonly type: "text" | "count";
}

function columns(type: CoverageColumn["type"], ...names: string[]): CoverageColumn[] {
  return names.map((name) => ({ name, type }));
}

/** In order; the file has a JSON object a line with members of these names. */
export const COVERAGE_COLUMNS: readonly CoverageColumn[] = [
  ...columns("text", "account", "kind", "region", "year", "month", "day"),
  ...columns("count", "objects", "bytes", "set_aside", "late", "events", "duplicates", "records"),
  ...columns("text", "first_event_time", "last_event_time"),
];

export const COVERAGE_FILE = "coverage.json.gz";

/** A folder of its own for each content, since a table in Glue reads a folder: `coverage/<hash>/`. */
export function printCoverageFolder(hash: string): string {
  return `coverage/${hash}/`;
}

/** A line for each Region of an account-day. */
export function printCoverage({ dataset, account, day: date, regions }: Manifest): string {
  const [year, month, day] = splitDay(date);
  return regions
    .map(({ region, setAside, firstEventTime = null, lastEventTime = null, ...counts }) => {
      const { objects, bytes, late, events, duplicates, records } = counts;
      return {
        account,
        kind: DATASETS[dataset],
        region,
        year,
        month,
        day,
        objects,
        bytes,
        set_aside: setAside,
        late,
        events,
        duplicates,
        records,
        first_event_time: firstEventTime,
        last_event_time: lastEventTime,
      };
    })
    .map((row) => `${JSON.stringify(row)}\n`)
    .join("");
}
