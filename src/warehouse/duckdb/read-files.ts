import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../../core/sql-text.ts";

/** Chooses, from files that a query's views cover, those that the query has to read. */
export type FileFilter = (files: readonly string[]) => Promise<string[]>;

/**
 * Asks DuckDB which files it prunes: the filters on the path in its plan are SQL themselves, and are evaluated over the
 * files. Where that cannot be done every file counts as read: too many are looked at then, and none too few.
 * @param sql a query that has been let through
 * @param reader what reads the files in question
 */
export async function planFileFilter(
  connection: DuckDBConnection,
  sql: string,
  reader: "READ_JSON" | "READ_PARQUET",
): Promise<FileFilter> {
  try {
    const result = await connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`);
    const plan = JSON.parse(String(result.getRowsJS()[0]?.[1])) as unknown;
    const condition = scans(plan, reader).map(printCondition).join(" OR ") || "false";
    return async (files) => filterFiles(connection, files, condition);
  } catch {
    return (files) => Promise.resolve([...files]);
  }
}

interface Scan {
  readonly name?: string;
  readonly children?: readonly Scan[];
  readonly extra_info?: Readonly<Record<string, unknown>>;
}

function scans(plan: unknown, reader: string): Scan[] {
  const below = (nodes: readonly unknown[]): Scan[] => nodes.flatMap((node) => scans(node, reader));
  if (Array.isArray(plan)) return below(plan);
  const node = plan as Scan;
  return [...(node.name?.trim() === reader ? [node] : []), ...below(node.children ?? [])];
}

function printCondition({ extra_info: info }: Scan): string {
  const filters = splitFilters(String(info?.["File Filters"] ?? "")).filter((filter) => !isLeaveOut(filter));
  return `(${["true", ...filters].join(" AND ")})`;
}

/** The view's own filter, which leaves out what is set aside already. */
function isLeaveOut(filter: string): boolean {
  return filter.startsWith("(NOT contains(") && filter.endsWith("(('/' || filename) || '/')))");
}

/** "(a)(b)" as ["(a)", "(b)"], with parentheses in literals and names left alone. */
export function splitFilters(text: string): string[] {
  const filters: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (token === "(" && depth++ === 0) start = index;
    if (token === ")" && --depth === 0) filters.push(text.slice(start, index + 1));
  }
  return filters;
}

async function filterFiles(
  connection: DuckDBConnection,
  files: readonly string[],
  condition: string,
): Promise<string[]> {
  if (files.length === 0) return [];
  const list = files.map(quoteText).join(", ");
  try {
    const rows = await connection.runAndReadAll(
      `SELECT filename FROM (SELECT unnest([${list}]) AS filename) WHERE ${condition}`,
    );
    return rows.getRowsJS().map(([file]) => String(file));
  } catch {
    return [...files];
  }
}
