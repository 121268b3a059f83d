import type { DuckDBConnection } from "@duckdb/node-api";
import { createHash } from "node:crypto";
import type { LakeContent, SetAsideFile, Table } from "../../core/catalog.ts";
import type { DayRange } from "../../core/day.ts";
import { quoteName, quoteText } from "../../core/sql-text.ts";
import { isClosed, isWithin } from "./closed-days.ts";
import type { ViewSource } from "./view-sql.ts";
import { printViewSelect } from "./view-sql.ts";

/**
 * The SELECT of one table's view, given the files that are set aside.
 * @param columns in lower case, the record's columns to declare; all of them where it is left out
 */
export function defineTable(
  { account, sources }: Pick<Table, "account" | "sources">,
  setAside: ReadonlyMap<string, SetAsideFile>,
  columns?: ReadonlySet<string>,
): string {
  const files = [...setAside.values()].filter((file) => file.account === account);
  return printSelect(sources, { files, account: false, columns });
}

/** What the view over all tables reads from a lake. */
export interface ViewLake extends Pick<LakeContent, "url" | "days"> {
  /** The days that it reads from the lake, and no other. */
  readonly ranges: readonly DayRange[];
}

export interface ViewDefinition {
  readonly setAside: ReadonlyMap<string, SetAsideFile>;
  /** All days are read from the logs where it is left out. */
  readonly lake?: ViewLake | undefined;
  /** As in defineTable. */
  readonly columns?: ReadonlySet<string> | undefined;
  /** In place of the tables' sources: folders of days that are outside of the lake's ranges, and of all such days. */
  readonly openFolders?: readonly string[] | undefined;
}

/** The SELECT of the view over all tables: of a lake it has no account but theirs. */
export function defineView(
  tables: readonly Pick<Table, "sources" | "account">[],
  { setAside, lake, columns, openFolders }: ViewDefinition,
): string {
  const ranges = lake?.ranges ?? [];
  const sources = openFolders ?? tables.flatMap((table) => table.sources);
  const files = [...setAside.values()].filter(({ file }) => !isClosed(file, ranges));
  if (lake === undefined || ranges.length === 0)
    return printSelect(sources, { files, account: true, columns });
  const accounts = new Set(tables.map(({ account }) => account));
  const days = lake.days.filter(
    ({ dataset, account, day }) => dataset === "data" && accounts.has(account) && isWithin(day, ranges),
  );
  const parquet = { url: lake.url, dataset: "data", days } as const;
  const closed = openFolders === undefined ? ranges : undefined;
  return printSelect(sources, { files, account: true, columns, lake: parquet, closed });
}

interface SelectOptions extends Pick<ViewSource, "lake" | "closed"> {
  readonly files: readonly SetAsideFile[];
  readonly account: boolean;
  readonly columns: ReadonlySet<string> | undefined;
}

function printSelect(globs: readonly string[], { files, account, columns, ...lake }: SelectOptions): string {
  const named = (verdict: SetAsideFile["verdict"]): string[] =>
    files
      .filter((file) => file.verdict === verdict)
      .map(({ file }) => file)
      .toSorted();
  const source = { globs, unreadable: named("unreadable"), irregular: named("irregular"), ...lake };
  return printViewSelect(source, { account, columns });
}

/** Creates or replaces a view, and marks it as ours. */
export async function writeView(connection: DuckDBConnection, name: string, select: string): Promise<void> {
  await connection.run(`CREATE OR REPLACE VIEW ${quoteName(name)} AS ${select}`);
  await connection.run(`COMMENT ON VIEW ${quoteName(name)} IS ${quoteText(printMark(select))}`);
}

const MARK = "made by cloudtrail-partitioner, fingerprint ";

function printMark(select: string): string {
  return `${MARK}${fingerprint(select)}`;
}

/** The fingerprint in a view's comment; undefined for a view that the tool did not make. */
export function readFingerprint(comment: string): string | undefined {
  return comment.startsWith(MARK) ? comment.slice(MARK.length) : undefined;
}

/** Tells whether a view is as it should be, without comparing megabytes. */
export function fingerprint(select: string): string {
  return createHash("sha256").update(select).digest("hex").slice(0, 32);
}
