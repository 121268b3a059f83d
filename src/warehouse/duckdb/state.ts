import type { DuckDBConnection } from "@duckdb/node-api";
import type { SetAsideFile, Table } from "../../core/catalog.ts";
import type { Day } from "../../core/day.ts";
import type { Partition } from "../../core/partition-set.ts";
import { PartitionSet } from "../../core/partition-set.ts";
import { UserError } from "../../core/user-error.ts";
import type { Read, Row, Rows } from "./books.ts";
import { insertRows, SCHEMA, writeSetting } from "./books.ts";
import { readFingerprint } from "./definitions.ts";
import type { LakeState } from "./lake-books.ts";
import { LAKE_FORMAT, readLake } from "./lake-books.ts";

/** One account's table, as recorded. */
export type TableState = Pick<Table, "name" | "sources"> & { readonly account: string };

/** A view or table in the file's main schema. */
export interface MainName {
  /** The fingerprint of a view that the tool made; undefined for what someone else made. */
  readonly fingerprint: string | undefined;
}

export interface State {
  /** Goes up with every change; 0 for a file without our tables. */
  readonly generation: number;
  /** The folder that the tables were made from. */
  readonly logs: string | undefined;
  readonly viewName: string | undefined;
  /** By name. */
  readonly tables: ReadonlyMap<string, TableState>;
  /** By file. */
  readonly setAside: ReadonlyMap<string, SetAsideFile>;
  /** Undefined where there has never been one. */
  readonly lake: LakeState | undefined;
  /** By name in lower case, as DuckDB compares them. */
  readonly mainNames: ReadonlyMap<string, MainName>;
}

export const EMPTY_STATE: State = {
  generation: 0,
  logs: undefined,
  viewName: undefined,
  tables: new Map(),
  setAside: new Map(),
  lake: undefined,
  mainNames: new Map(),
};

/** The tables that a statement reads, by the names that it mentions. */
export function namedTables(state: State, statement: { readonly names: ReadonlySet<string> }): TableState[] {
  const tables = [...state.tables.values()];
  return namesView(state, statement)
    ? tables
    : tables.filter(({ name }) => statement.names.has(name.toLowerCase()));
}

/** Whether a statement mentions the view over all tables. */
export function namesView({ viewName }: State, { names }: { readonly names: ReadonlySet<string> }): boolean {
  return viewName !== undefined && names.has(viewName.toLowerCase());
}

/** In lower case. A name counts as ours only while the view under it bears our mark. */
export function foreignNames({ mainNames }: State): ReadonlySet<string> {
  return new Set(
    [...mainNames].flatMap(([name, { fingerprint }]) => (fingerprint === undefined ? [name] : [])),
  );
}

/** Without a lake; see LAKE_FORMAT. */
const FIRST_FORMAT = 1;

const DDL = `
  CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.settings (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.tables (name VARCHAR NOT NULL, account VARCHAR PRIMARY KEY, sources VARCHAR[] NOT NULL);
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.partitions (
    account VARCHAR, region VARCHAR, day VARCHAR, roots VARCHAR[] NOT NULL, PRIMARY KEY (account, region, day));
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.set_aside (
    file VARCHAR PRIMARY KEY, account VARCHAR NOT NULL, bytes BIGINT NOT NULL, modified BIGINT NOT NULL,
    verdict VARCHAR NOT NULL, reason VARCHAR NOT NULL);
`;

/** @throws UserError for a file that a newer version of the tool wrote */
export async function readState(connection: DuckDBConnection): Promise<State> {
  const read: Read = async (sql): Promise<Rows> => (await connection.runAndReadAll(sql)).getRowsJS();
  const mainNames = await readMainNames(read);
  const [ours] = await read(
    `SELECT count(*) FROM duckdb_tables() WHERE schema_name = '${SCHEMA}' AND table_name = 'settings'`,
  );
  if (Number(ours?.[0]) === 0) return { ...EMPTY_STATE, mainNames };
  const settings = new Map((await read(`SELECT key, value FROM ${SCHEMA}.settings`)) as [string, string][]);
  refuseNewerFormat(settings.get("format"));
  return {
    generation: Number(settings.get("generation") ?? 0),
    logs: settings.get("logs"),
    viewName: settings.get("view"),
    tables: await readTables(read),
    setAside: await readSetAside(read),
    lake: await readLake(read, settings),
    mainNames,
  };
}

function refuseNewerFormat(format: string | undefined): void {
  if (Number(format) <= LAKE_FORMAT) return;
  throw new UserError(
    `the database has the format ${format}, and this version of cloudtrail-partitioner knows up to ${LAKE_FORMAT}`,
    {
      hint: "update cloudtrail-partitioner, or let it make a new file with --database",
    },
  );
}

async function readMainNames(read: Read): Promise<Map<string, MainName>> {
  const rows = await read(`
    SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal AND NOT temporary
    UNION ALL SELECT table_name, NULL FROM duckdb_tables() WHERE schema_name = 'main' AND NOT internal AND NOT temporary`);
  return new Map(
    rows.map(([name, comment]) => [
      String(name).toLowerCase(),
      { fingerprint: readFingerprint(String(comment ?? "")) },
    ]),
  );
}

async function readTables(read: Read): Promise<Map<string, TableState>> {
  const tables = await read(`SELECT name, account, sources FROM ${SCHEMA}.tables ORDER BY name`);
  return new Map(
    (tables as [string, string, string[]][]).map(([name, account, sources]) => [
      name,
      { name, account, sources },
    ]),
  );
}

/** Those of all tables. Apart from the rest, since there can be a million, and queries need none. */
export async function readPartitions(connection: DuckDBConnection, state: State): Promise<PartitionSet> {
  if (state.generation === 0) return new PartitionSet();
  const sql = `SELECT account, region, day, roots FROM ${SCHEMA}.partitions ORDER BY ALL`;
  const rows = (await connection.runAndReadAll(sql)).getRowsJS() as [string, string, Day, string[]][];
  const partitions = new PartitionSet();
  for (const [account, region, day, roots] of rows) partitions.add({ account, region, day, roots });
  return partitions;
}

async function readSetAside(read: Read): Promise<Map<string, SetAsideFile>> {
  const rows = await read(
    `SELECT file, account, bytes::DOUBLE, modified::DOUBLE, verdict, reason FROM ${SCHEMA}.set_aside ORDER BY file`,
  );
  return new Map(
    (rows as [string, string, number, number, SetAsideFile["verdict"], string][]).map(
      ([file, account, bytes, modified, verdict, reason]) => [
        file,
        { file, account, bytes, modified, verdict, reason },
      ],
    ),
  );
}

/** Makes our tables where they are missing, and notes what the tables are made from. */
export async function writeSettings(
  connection: DuckDBConnection,
  settings: {
    readonly generation: number;
    readonly logs: string | undefined;
    readonly view: string | undefined;
  },
): Promise<void> {
  await connection.run(DDL);
  await connection.run(`INSERT OR IGNORE INTO ${SCHEMA}.settings VALUES ('format', '${FIRST_FORMAT}')`);
  for (const [key, value] of Object.entries(settings)) {
    if (value !== undefined) await writeSetting(connection, key, String(value));
  }
}

export async function writeSetAside(
  connection: DuckDBConnection,
  files: readonly SetAsideFile[],
): Promise<void> {
  const insert = `INSERT OR REPLACE INTO ${SCHEMA}.set_aside VALUES ($1, $2, $3, $4, $5, $6)`;
  for (const { file, account, bytes, modified, verdict, reason } of files) {
    await connection.run(insert, [file, account, BigInt(bytes), BigInt(modified), verdict, reason]);
  }
}

export async function deleteSetAside(
  connection: DuckDBConnection,
  files: readonly SetAsideFile[],
): Promise<void> {
  for (const { file } of files)
    await connection.run(`DELETE FROM ${SCHEMA}.set_aside WHERE file = $1`, [file]);
}

export async function writePartitions(
  connection: DuckDBConnection,
  partitions: Iterable<Partition>,
): Promise<void> {
  await insertRows(
    connection,
    "partitions",
    mapRows(partitions, ({ account, region, day, roots }) => [account, region, day, roots]),
  );
}

export async function writeTables(connection: DuckDBConnection, tables: Iterable<TableState>): Promise<void> {
  await insertRows(
    connection,
    "tables",
    mapRows(tables, ({ name, account, sources }) => [name, account, sources]),
  );
}

function* mapRows<T>(items: Iterable<T>, toRow: (item: T) => Row): Generator<Row> {
  for (const item of items) yield toRow(item);
}
