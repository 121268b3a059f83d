import type { DuckDBConnection } from "@duckdb/node-api";
import { createHash } from "node:crypto";
import type { SetAsideFile, Table } from "../../core/catalog.ts";
import { quoteName, quoteText } from "../../core/sql-text.ts";
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

/** The SELECT of the view over all tables, likewise. */
export function defineView(
  tables: readonly Pick<Table, "sources">[],
  setAside: ReadonlyMap<string, SetAsideFile>,
  columns?: ReadonlySet<string>,
): string {
  const sources = tables.flatMap((table) => table.sources);
  return printSelect(sources, { files: [...setAside.values()], account: true, columns });
}

interface SelectOptions {
  readonly files: readonly SetAsideFile[];
  readonly account: boolean;
  readonly columns: ReadonlySet<string> | undefined;
}

function printSelect(globs: readonly string[], { files, account, columns }: SelectOptions): string {
  const named = (verdict: SetAsideFile["verdict"]): string[] =>
    files
      .filter((file) => file.verdict === verdict)
      .map(({ file }) => file)
      .toSorted();
  const source = { globs, unreadable: named("unreadable"), irregular: named("irregular") };
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
