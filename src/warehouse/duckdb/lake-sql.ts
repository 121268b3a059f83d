import { printDuckDbType } from "../../core/columns.ts";
import type { DayRange } from "../../core/day.ts";
import { COVERAGE_COLUMNS } from "../../core/lake/coverage.ts";
import { DATASET_COLUMNS, LAKE_KEYS, OTHER_COLUMNS } from "../../core/lake/lake-columns.ts";
import type { Dataset, LakeDay } from "../../core/lake/lake-day.ts";
import { printPartName } from "../../core/lake/lake-day.ts";
import { quoteName, quoteText } from "../../core/sql-text.ts";
import { escapeGlob } from "./glob-text.ts";

/** Account-days of one dataset. */
export interface LakeFiles {
  /** The lake's folder, absolute. */
  readonly url: string;
  readonly dataset: Dataset;
  readonly days: readonly LakeDay[];
}

/** The SELECT of the table over a dataset's Parquet files; without any, of a table without rows. */
export function printLakeTable(files: LakeFiles): string {
  const record = DATASET_COLUMNS[files.dataset];
  if (files.days.length > 0) {
    const names = record.map(({ name }) => name.toLowerCase());
    return printLakeSelect(files, [...names, ...OTHER_COLUMNS, ...LAKE_KEYS]);
  }
  return printNoRows([
    ...record.map(({ name, type }): TypedName => [name.toLowerCase(), printDuckDbType(type)]),
    ...[...OTHER_COLUMNS, ...LAKE_KEYS].map((name): TypedName => [name, "VARCHAR"]),
  ]);
}

/**
 * Some columns of Parquet files, at least one of which there must be. The files are named one by one: those of other versions
 * lie beside them. The keys are read at their places in the path, and not by name, since folders above the lake may bear such
 * names too; a filter on them is still one on files.
 */
export function printLakeSelect({ url, dataset, days }: LakeFiles, columns: readonly string[]): string {
  const places = findPlaces(`${url}/${dataset}/account=`);
  const items = columns.map((name) => {
    const place = places.get(name);
    return place === undefined ? quoteName(name) : `substring(filename, ${place}) AS ${quoteName(name)}`;
  });
  const files = days.flatMap((day) => listFiles(url, day)).map((file) => quoteText(escapeGlob(file)));
  return `SELECT ${items.join(", ")} FROM read_parquet([${files.join(", ")}], filename = true, hive_partitioning = false)`;
}

/** Start and length, in characters, of the keys in `<head>111122223333/year=2026/month=11/day=20/`. */
function findPlaces(head: string): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  let start = Array.from(head).length + 1;
  for (const [key, length, gap] of KEYS) {
    places.set(key, `${start}, ${length}`);
    start += length + gap;
  }
  return places;
}

/** Names, lengths, and what is between a value and the next. */
const KEYS = [
  ["account", 12, "/year=".length],
  ["year", 4, "/month=".length],
  ["month", 2, "/day=".length],
  ["day", 2, 0],
] as const;

/** The absolute paths of an account-day's files. */
export function listFiles(url: string, { folder, parts }: LakeDay): string[] {
  return Array.from({ length: parts }, (_, part) => `${url}/${folder}${printPartName(part)}`);
}

/**
 * The SELECT of the table of the lake's coverage.
 * @param file absolute; without it, the table has no rows
 */
export function printCoverageTable(file: string | undefined): string {
  const columns = COVERAGE_COLUMNS.map(({ name, type }): TypedName => [
    name,
    type === "count" ? "BIGINT" : "VARCHAR",
  ]);
  if (file === undefined) return printNoRows(columns);
  const types = columns.map(([name, type]) => `${quoteName(name)}: ${quoteText(type)}`);
  return (
    `SELECT ${columns.map(([name]) => quoteName(name)).join(", ")} FROM read_json([${quoteText(escapeGlob(file))}], ` +
    `columns = {${types.join(", ")}}, format = 'newline_delimited', compression = 'gzip', hive_partitioning = false)`
  );
}

type TypedName = readonly [name: string, type: string];

function printNoRows(columns: readonly TypedName[]): string {
  const items = columns.map(([name, type]) => `NULL::${type} AS ${quoteName(name)}`);
  return `SELECT ${items.join(", ")} WHERE false`;
}

/** "2026/11/20", from a log's path. */
const LOG_DAY = "right(parse_dirpath(filename, 'forward_slash'), 10)";

/** The condition that a log's day is in none of the ranges, which are in order. */
export function printOutside(ranges: readonly DayRange[]): string {
  const starts = [undefined, ...ranges.map(({ to }) => to)];
  const ends = [...ranges.map(({ from }) => from), undefined];
  const stretches = starts.map((after, index) => printBetween(after, ends[index]));
  return `(${stretches.filter((stretch) => stretch !== "").join(" OR ") || "false"})`;
}

/** Both days excluded; "" for no bounds at all, that is before a range that has no beginning, or after one without an end. */
function printBetween(after: string | undefined, before: string | undefined): string {
  return [
    ...(after === undefined ? [] : [`${LOG_DAY} > ${slashed(after)}`]),
    ...(before === undefined ? [] : [`${LOG_DAY} < ${slashed(before)}`]),
  ].join(" AND ");
}

function slashed(day: string): string {
  return quoteText(day.replaceAll("-", "/"));
}
