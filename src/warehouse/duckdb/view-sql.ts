import type { Column } from "../../core/columns.ts";
import { PARTITION_COLUMNS, printDuckDbType, printJsonType, RECORD_COLUMNS } from "../../core/columns.ts";
import type { DayRange } from "../../core/day.ts";
import { quoteName, quoteText } from "../../core/sql-text.ts";
import { escapeGlob } from "./glob-text.ts";
import type { LakeFiles } from "./lake-sql.ts";
import { printLakeSelect, printOutside } from "./lake-sql.ts";

/** CloudTrail's files have at most 50 MB before compression; DuckDB's default of 16 MiB is too small for them. */
export const LARGEST_LOG_BYTES = 128 * 1024 * 1024;

/** What a view reads. */
export interface ViewSource {
  /** Absolute, in DuckDB's glob form; each matches at least one file, since DuckDB fails on one that does not. */
  readonly globs: readonly string[];
  /** Absolute files among those that the globs match, and that are left out. */
  readonly unreadable: readonly string[];
  /** Absolute files among those that the globs match, and that are read with NULL for values of a wrong shape. */
  readonly irregular: readonly string[];
  /** Days of which no file that the globs match is read; none where it is left out. */
  readonly closed?: readonly DayRange[] | undefined;
  /** What is read of those days instead; nothing where it is left out. */
  readonly lake?: LakeFiles | undefined;
}

/** In a log's path, counted from its end: the file is -1. */
const PATH_PARTS = { day: -2, month: -3, year: -4, region: -5, account: -7 } as const;

type Part = keyof typeof PATH_PARTS;

export interface ViewOptions {
  /** Whether there is a column `account`, as the view over all tables has. */
  readonly account: boolean;
  /** In lower case: the record's columns to declare; undefined for all. */
  readonly columns?: ReadonlySet<string> | undefined;
}

/** The SELECT of a table's view, or of the view over all tables. */
export function printViewSelect(source: ViewSource, { account, columns: wanted }: ViewOptions): string {
  const fields = chooseFields(wanted);
  const parts = [...(account ? (["account"] as const) : []), ...PARTITION_COLUMNS];
  if (source.lake === undefined || source.lake.days.length === 0) return printLogs(source, fields, parts);
  const ofLake = printLakeSelect(source.lake, [...fields.map(({ name }) => name.toLowerCase()), ...parts]);
  return source.globs.length === 0 ? ofLake : `${printLogs(source, fields, parts)} UNION ALL ${ofLake}`;
}

function printLogs(source: ViewSource, fields: readonly Column[], parts: readonly Part[]): string {
  const { closed = [] } = source;
  const columns = fields.map(printColumn);
  const head = `SELECT ${[...columns, ...parts.map(quoteName)].join(", ")}`;
  if (source.globs.length === 0) return `${head} FROM (${printEmpty(fields, parts)})`;
  const leaveOut = printLeaveOut([...source.unreadable, ...source.irregular]);
  const strict = printRead(source.globs, parts, {
    fields,
    where: ` WHERE ${leaveOut}${closed.length === 0 ? "" : ` AND ${printOutside(closed)}`}`,
  });
  if (source.irregular.length === 0) return `${head} FROM (${strict})`;
  const lenient = printRead(source.irregular.map(escapeGlob), parts, {
    fields,
    options: ", ignore_errors = true",
  });
  return `${head} FROM (${strict} UNION ALL ${lenient})`;
}

/**
 * A query that fails where a file of the list cannot be read, with the same reader as the views'.
 * @param files absolute
 */
export function printTrial(files: readonly string[], { lenient }: { readonly lenient: boolean }): string {
  const options = lenient ? ", ignore_errors = true" : "";
  const fields = RECORD_COLUMNS;
  return `SELECT count(*) FROM (${printRead(files.map(escapeGlob), ["day"], { fields, options })})`;
}

/** At least one, since a struct without fields is no type. */
function chooseFields(wanted: ReadonlySet<string> | undefined): readonly Column[] {
  if (wanted === undefined) return RECORD_COLUMNS;
  const fields = RECORD_COLUMNS.filter(({ name }) => wanted.has(name.toLowerCase()));
  return fields.length > 0 ? fields : RECORD_COLUMNS.slice(0, 1);
}

/** The column in Athena's spelling; structs are cast, since DuckDB shows their fields' names as declared. */
function printColumn({ name, type }: Column): string {
  const cast = type.kind === "string" ? "" : `::${printDuckDbType(type)}`;
  return `${quoteName(name)}${cast} AS ${quoteName(name.toLowerCase())}`;
}

interface ReadOptions {
  readonly fields: readonly Column[];
  readonly where?: string;
  readonly options?: string;
}

function printRead(
  globs: readonly string[],
  parts: readonly Part[],
  { fields, where = "", options = "" }: ReadOptions,
): string {
  const recordsType = `${printJsonType({ kind: "struct", fields })}[]`;
  const columns = parts.map((part) => `split_part(filename, '/', ${PATH_PARTS[part]}) AS ${quoteName(part)}`);
  // A JSON object without "Records" would be no rows and no error; that must not pass for "nothing happened".
  const records = `CASE WHEN "Records" IS NULL THEN error('no "Records" list in the file "' || filename || '"') ELSE "Records" END`;
  return (
    `SELECT unnest(${records}, max_depth := 2), ${columns.join(", ")} ` +
    `FROM read_json([${globs.map(quoteText).join(", ")}], columns = {Records: ${quoteText(recordsType)}}, ` +
    `format = 'unstructured', records = true, compression = 'gzip', filename = true, maximum_object_size = ${LARGEST_LOG_BYTES}${options})${where}`
  );
}

/**
 * One search in one text: DuckDB evaluates this for every file while it plans, and a list of names in its place costs a
 * hundred times as much. Every path begins with a slash, so that slashes can mark where names begin and end.
 */
function printLeaveOut(files: readonly string[]): string {
  if (files.length === 0) return "true";
  return `NOT contains(${quoteText(files.map((file) => `/${file}/`).join(""))}, '/' || filename || '/')`;
}

function printEmpty(fields: readonly Column[], parts: readonly string[]): string {
  const columns = fields.map(({ name, type }) => `NULL::${printJsonType(type)} AS ${quoteName(name)}`);
  return `SELECT ${[...columns, ...parts.map((part) => `NULL::VARCHAR AS ${quoteName(part)}`)].join(", ")} WHERE false`;
}
