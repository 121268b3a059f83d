import type { ColumnType } from "../../../core/columns.ts";
import { printTrinoType } from "../../../core/columns.ts";

/** A column of a view. */
export interface ViewColumn {
  /** In lower case. */
  readonly name: string;
  readonly type: ColumnType;
}

/** What Athena and Trino keep of a view. */
export interface PrestoView {
  readonly sql: string;
  readonly database: string;
  readonly columns: readonly ViewColumn[];
}

/** Glue's limit of ViewOriginalText and ViewExpandedText, in characters (Glue API, TableInput). */
const LONGEST_VIEW_TEXT = 409_600;
/** Athena's limit of a query's text, which a view's becomes part of, in bytes. */
const LONGEST_SQL = 262_144;

const BEGIN = "/* Presto View: ";
const END = " */";

/** A view as JSON, as Trino's Hive connector writes it. */
export function printPrestoView({ sql, database, columns }: PrestoView): string {
  return JSON.stringify({
    originalSql: sql,
    catalog: "awsdatacatalog",
    schema: database,
    columns: columns.map(({ name, type }) => ({ name, type: printTrinoType(type) })),
    runAsInvoker: false,
    path: [],
  });
}

/** The names of a view's columns, from its JSON. */
export function readColumnNames(json: string): string[] {
  const { columns } = JSON.parse(json) as { readonly columns: readonly { readonly name: string }[] };
  return columns.map(({ name }) => name);
}

/**
 * The text that makes a Glue table an Athena view, from its JSON.
 * @throws Error where it would be too long, which the choice of the layout rules out
 */
export function encodeViewText(json: string): string {
  const text = `${BEGIN}${Buffer.from(json).toString("base64")}${END}`;
  if (text.length > LONGEST_VIEW_TEXT || Buffer.byteLength(json) > LONGEST_SQL) {
    throw new Error(`a view's text has ${text.length} characters, and may have ${LONGEST_VIEW_TEXT}`);
  }
  return text;
}

/** The inverse; undefined for a text that is no Presto view's. */
export function decodeViewText(text: string): string | undefined {
  if (!text.startsWith(BEGIN) || !text.endsWith(END)) return undefined;
  return Buffer.from(text.slice(BEGIN.length, -END.length), "base64").toString("utf8");
}
