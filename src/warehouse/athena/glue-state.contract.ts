import type { PartitionIndex } from "@aws-sdk/client-glue";
import type { AwsDouble } from "../../../test/doubles/aws-double.ts";
import { addDatabase, addTable } from "../../../test/doubles/glue-catalog.ts";
import type { GlueSnapshot, SnapshotTable } from "../../../test/doubles/glue-double.ts";
import { parseViewText } from "../../../test/doubles/glue-view-text.ts";
import { DATABASE } from "./world.contract.ts";

/** Makes Glue what it was; versions of tables begin anew. */
export function restore({ glue: { catalog } }: AwsDouble, snapshot: GlueSnapshot): void {
  catalog.databases.clear();
  for (const { tables, ...database } of Object.values(snapshot)) {
    addDatabase(catalog, database);
    for (const { partitions, indexes, ...table } of Object.values(tables)) {
      const stored = addTable(catalog, database.Name, table);
      stored.indexes.push(...(indexes as PartitionIndex[]));
      for (const partition of partitions) stored.partitions.create(partition, 0);
    }
  }
}

/** The tables and views of the database. */
export function tablesOf(snapshot: GlueSnapshot): Readonly<Record<string, SnapshotTable>> {
  return snapshot[DATABASE]?.tables ?? {};
}

/** A snapshot with other tables. */
export function withTables(
  snapshot: GlueSnapshot,
  change: (name: string, table: SnapshotTable) => Partial<SnapshotTable> | undefined,
): GlueSnapshot {
  const { tables, ...database } = snapshot[DATABASE] ?? { Name: DATABASE, tables: {} };
  const changed = Object.entries(tables).flatMap(([name, table]) => {
    const next = change(name, table);
    return next === undefined ? [] : [[name, { ...table, ...next }] as const];
  });
  return { ...snapshot, [DATABASE]: { ...database, tables: Object.fromEntries(changed) } };
}

/** The SQL of a view; undefined for a table. */
export function viewSql({ ViewOriginalText }: SnapshotTable): string | undefined {
  return parseViewText(ViewOriginalText)?.originalSql;
}

/** Names that an SQL text reads. */
export function readNames(sql: string): string[] {
  return [...sql.matchAll(/FROM "[^"]+"\."([^"]+)"/g)].map(([, name = ""]) => name);
}

/**
 * The folders that a query of a table or a view would read, through all views, each as often; undefined where it would fail,
 * as on a name that is not there.
 */
export function readableFolders(snapshot: GlueSnapshot, name: string): readonly string[] | undefined {
  const table = tablesOf(snapshot)[name];
  if (table === undefined) return undefined;
  const sql = viewSql(table);
  if (sql !== undefined) {
    const parts = sql.split("\nUNION ALL\n").map((branch) => readBranch(snapshot, branch));
    return isWellMade(table) && !parts.includes(undefined) ? parts.flatMap((part) => part ?? []) : undefined;
  }
  const locations = table.partitions.map(({ StorageDescriptor }) => StorageDescriptor?.Location ?? "");
  return isWellMade(table) ? locations : undefined;
}

function readBranch(snapshot: GlueSnapshot, sql: string): readonly string[] | undefined {
  const [name = ""] = readNames(sql);
  const accounts = / WHERE "account" (?:= |IN \()(.*?)\)?$/.exec(sql)?.[1]?.match(/\d{12}/g);
  const folders = readableFolders(snapshot, name);
  if (accounts === undefined || accounts === null) return folders;
  return folders?.filter((folder) => accounts.some((account) => folder.includes(`/${account}/`)));
}

/**
 * Whether Athena would take it for what it is: a view by its two parameters and its owner, a table by keys that fit its partitions and by
 * an index where it says that there is one.
 */
function isWellMade(table: SnapshotTable): boolean {
  const { TableType, Parameters = {}, PartitionKeys, partitions, indexes } = table;
  if (TableType === "VIRTUAL_VIEW")
    return (
      Parameters["presto_view"] === "true" &&
      Parameters["comment"] === "Presto View" &&
      table.Owner !== undefined
    );
  return (
    TableType === "EXTERNAL_TABLE" &&
    Parameters["presto_view"] === undefined &&
    table.ViewOriginalText === undefined &&
    partitions.every(({ Values }) => Values?.length === PartitionKeys?.length) &&
    (Parameters["partition_filtering.enabled"] !== "true" || indexes.length === 1)
  );
}

/** What answered before and does not now, or not with all that it had; and what would fail, or have rows twice. */
export function findLosses(before: GlueSnapshot, now: GlueSnapshot): string[] {
  const lost = Object.keys(tablesOf(before)).flatMap((name) => {
    const [then, here] = [readableFolders(before, name), readableFolders(now, name)];
    if (then === undefined) return [];
    if (here === undefined) return [`${name} does not answer any more`];
    return [...then].filter((folder) => !here.includes(folder)).map((folder) => `${name} lacks ${folder}`);
  });
  const wrong = Object.keys(tablesOf(now)).flatMap((name) => {
    const folders = readableFolders(now, name);
    if (folders === undefined) return [`${name} would fail`];
    return new Set(folders).size === folders.length ? [] : [`${name} would have rows twice`];
  });
  return [...lost, ...wrong];
}

/** What two catalogs that do the same have in common: not partitions of the time before a view was one, nor defaults. */
export function comparable(snapshot: GlueSnapshot): unknown {
  return Object.entries(tablesOf(snapshot)).map(([name, table]) => {
    const { partitions, indexes, PartitionKeys, Retention = 0, ...rest } = table;
    const isView = table.TableType === "VIRTUAL_VIEW";
    return { name, ...rest, Retention, ...(isView ? {} : { PartitionKeys, indexes, partitions }) };
  });
}
