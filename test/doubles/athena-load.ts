import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName, quoteText } from "../../src/core/sql-text.ts";
import type { FileCache, FileLister } from "./athena-files.ts";
import type { SelectedPartition } from "./athena-partitions.ts";
import { matchColumn } from "./athena-partitions.ts";
import { printReader, readColumnName } from "./athena-reader.ts";
import type { TableColumn, TableRelation } from "./athena-relations.ts";
import { printDuckDbType } from "./athena-types.ts";

/** What a query is about to read of one table. */
export interface TableContent {
  readonly table: TableRelation;
  readonly partitions: readonly SelectedPartition[];
}

export interface LoadOptions {
  readonly connection: DuckDBConnection;
  readonly cache: FileCache;
  readonly lister: FileLister;
}

/** Files that one reader can read, of whatever tables: DuckDB allocates tens of megabytes for each reader. */
interface Reader {
  readonly index: number;
  readonly sample: SelectedPartition;
  readonly paths: Set<string>;
  /** Bytes of the text of the largest file. */
  largest: number;
}

/** A file in a partition. */
interface PlacedFile {
  /** Which reader reads it. */
  readonly reader: number;
  /** Which SELECT of which view has it. */
  readonly source: number;
  readonly path: string;
  readonly values: readonly string[];
}

/** Makes DuckDB views that have the tables' rows: values from the partitions, files from their locations. */
export async function createTableViews(
  contents: readonly TableContent[],
  options: LoadOptions,
): Promise<void> {
  const readers = new Map<string, Reader>();
  const files: PlacedFile[] = [];
  const views: string[] = [];
  let sources = 0;
  for (const { table, partitions } of contents) {
    const selects = [printEmpty(table)];
    for (const [shape, alike] of groupAlike(partitions)) {
      const reader = readers.get(shape) ?? makeReader(alike[0]!, readers.size);
      readers.set(shape, reader);
      const found = await openFiles(alike, { ...options, reader, source: sources });
      for (const file of found) files.push(file);
      if (found.length === 0) continue;
      selects.push(printSelect(table, { reader, source: sources }));
      sources += 1;
    }
    views.push(
      `CREATE VIEW ${quoteName(table.schema)}.${quoteName(table.name)} AS ${selects.join(" UNION ALL ")}`,
    );
  }
  await createFiles(files, options);
  await createRows([...readers.values()], options);
  await options.connection.run(views.join("; "));
}

/** Views without rows. */
export async function createEmptyViews(
  tables: readonly TableRelation[],
  connection: DuckDBConnection,
): Promise<void> {
  const views = tables.map(
    (table) => `CREATE VIEW ${quoteName(table.schema)}.${quoteName(table.name)} AS ${printEmpty(table)}`,
  );
  if (views.length > 0) await connection.run(views.join("; "));
}

/** By format and columns. */
function groupAlike(partitions: readonly SelectedPartition[]): Map<string, SelectedPartition[]> {
  const groups = new Map<string, SelectedPartition[]>();
  const ids = new Map<readonly TableColumn[], string>();
  for (const partition of partitions) {
    const columns = ids.get(partition.columns) ?? JSON.stringify(partition.columns);
    ids.set(partition.columns, columns);
    const id = `${partition.inputFormat} ${partition.serde} ${columns}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [partition]);
    else group.push(partition);
  }
  return groups;
}

/** A file may lie in two partitions, and then has rows in both. */
async function openFiles(
  partitions: readonly SelectedPartition[],
  { cache, lister, reader, source }: LoadOptions & { readonly reader: Reader; readonly source: number },
): Promise<PlacedFile[]> {
  const files: PlacedFile[] = [];
  for (const { location, values } of partitions) {
    for (const object of lister.list(location)) {
      const path = await cache.write(object);
      reader.paths.add(path);
      reader.largest = Math.max(reader.largest, lister.textSize(object));
      files.push({ reader: reader.index, source, path, values });
    }
  }
  return files;
}

const SCHEMA = quoteName("$double");

function makeReader(sample: SelectedPartition, index: number): Reader {
  return { index, sample, paths: new Set(), largest: 0 };
}

async function createFiles(files: readonly PlacedFile[], { connection }: LoadOptions): Promise<void> {
  await connection.run(
    `CREATE SCHEMA ${SCHEMA}; CREATE TABLE ${SCHEMA}.files (reader INTEGER, source INTEGER, path VARCHAR, keys VARCHAR[])`,
  );
  for (let at = 0; at < files.length; at += 2000) {
    const rows = files.slice(at, at + 2000).map(({ reader, source, path, values }) => {
      return `(${reader}, ${source}, ${quoteText(path)}, [${values.map(quoteText).join(", ")}])`;
    });
    await connection.run(`INSERT INTO ${SCHEMA}.files VALUES ${rows.join(", ")}`);
  }
}

async function createRows(readers: readonly Reader[], { connection }: LoadOptions): Promise<void> {
  for (const { index, sample, paths, largest } of readers) {
    if (paths.size === 0) continue;
    const rows = printReader(sample, { paths: [...paths], largest });
    await connection.run(
      `CREATE TABLE ${SCHEMA}.rows${index} AS SELECT r.*, f.source AS "$source", f.keys AS "$keys" ` +
        `FROM (${rows}) r JOIN ${SCHEMA}.files f ON r.filename = f.path AND f.reader = ${index}`,
    );
  }
}

function printEmpty({ columns, keys }: TableRelation): string {
  const values = [...columns, ...keys].map(
    ({ name, type }) => `NULL::${printDuckDbType(type)} AS ${quoteName(name)}`,
  );
  return `SELECT ${values.join(", ")} WHERE false`;
}

interface Source {
  readonly reader: Reader;
  readonly source: number;
}

/** The table's column is read by the partition's name of it. */
function printSelect(
  { columns, keys }: TableRelation,
  { reader: { sample, index }, source }: Source,
): string {
  const values = columns.map((column, at) => {
    const { name, type } = column;
    const own = matchColumn(sample, column, at);
    const value = own === undefined ? "NULL" : quoteName(readColumnName(own, sample));
    return `${value}::${printDuckDbType(type)} AS ${quoteName(name)}`;
  });
  const parts = keys.map(
    ({ name, type }, at) => `"$keys"[${at + 1}]::${printDuckDbType(type)} AS ${quoteName(name)}`,
  );
  return `SELECT ${[...values, ...parts].join(", ")} FROM ${SCHEMA}.rows${index} WHERE "$source" = ${source}`;
}
