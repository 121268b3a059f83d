import type { DuckDBConnection } from "@duckdb/node-api";
import type { LakeContent, View } from "../../core/catalog.ts";
import type { DayRange } from "../../core/day.ts";
import type { LakeDay } from "../../core/lake/lake-day.ts";
import type { Change } from "../../core/plan.ts";
import type { Read } from "./books.ts";
import { insertRows, SCHEMA, writeSetting } from "./books.ts";
import type { BookedLakeTable, LakePart } from "./lake-tables.ts";
import { toBookedTable } from "./lake-tables.ts";

/** A database with the tables below has this format, or a later one; one that never had a lake has the format before. */
export const LAKE_FORMAT = 2;

/** What the books say of a lake. */
export interface LakeState extends LakeContent {
  /** By name. */
  readonly tables: ReadonlyMap<string, LakePart>;
  /** The days that the view over all tables reads from the lake. */
  readonly ranges: readonly DayRange[];
}

const DDL = `
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.lake_tables (name VARCHAR PRIMARY KEY, part VARCHAR NOT NULL);
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.lake_days (
    dataset VARCHAR, account VARCHAR, day VARCHAR, folder VARCHAR NOT NULL, parts INTEGER NOT NULL,
    PRIMARY KEY (dataset, account, day));
`;

/** @returns undefined where no lake has been noted */
export async function readLake(
  read: Read,
  settings: ReadonlyMap<string, string>,
): Promise<LakeState | undefined> {
  const url = settings.get("lake_url");
  if (Number(settings.get("format")) < LAKE_FORMAT || url === undefined) return undefined;
  const tables = (await read(`SELECT name, part FROM ${SCHEMA}.lake_tables ORDER BY name`)) as [
    string,
    LakePart,
  ][];
  return {
    url,
    coverage: settings.get("lake_coverage") || undefined,
    ranges: JSON.parse(settings.get("lake_ranges") ?? "[]") as DayRange[],
    tables: new Map(tables),
    days: await readDays(read),
  };
}

async function readDays(read: Read): Promise<LakeDay[]> {
  const rows = await read(
    `SELECT dataset, account, day, folder, parts FROM ${SCHEMA}.lake_days ORDER BY dataset, account, day`,
  );
  return (rows as [LakeDay["dataset"], string, LakeDay["day"], string, number][]).map(
    ([dataset, account, day, folder, parts]) => ({ dataset, account, day, folder, parts }),
  );
}

/** Notes what a plan changes about a lake; nothing at all in a database that neither has nor gets one. */
export async function writeLake(
  connection: DuckDBConnection,
  changes: readonly Change[],
  { known }: { readonly known: LakeState | undefined },
): Promise<void> {
  const tables = changes.flatMap(listTable);
  const ranges = changes.flatMap((change) => ("view" in change ? [listRanges(change.view)] : [])).at(0);
  if (tables.length === 0 && known === undefined) return;
  await connection.run(DDL);
  await writeSetting(connection, "format", String(LAKE_FORMAT));
  await writePlace(connection, tables.at(-1));
  if (ranges !== undefined) await writeSetting(connection, "lake_ranges", JSON.stringify(ranges));
  await insertRows(
    connection,
    "lake_tables",
    tables.map(({ name, part }) => [name, part]),
  );
  await writeDays(connection, changes);
}

/** All tables of a plan are of one lake. */
async function writePlace(connection: DuckDBConnection, table: BookedLakeTable | undefined): Promise<void> {
  if (table === undefined) return;
  await writeSetting(connection, "lake_url", table.lake.url);
  await writeSetting(connection, "lake_coverage", table.lake.coverage ?? "");
}

function listTable(change: Change): BookedLakeTable[] {
  const isDefinition = change.kind === "create-lake-table" || change.kind === "replace-lake-table";
  return isDefinition ? [toBookedTable(change.lakeTable)] : [];
}

function listRanges(view: View): readonly DayRange[] {
  return view.ranges ?? [];
}

async function writeDays(connection: DuckDBConnection, changes: readonly Change[]): Promise<void> {
  const days = changes.flatMap((change) => (change.kind === "put-lake-days" ? change.days : []));
  const gone = changes.flatMap((change) => (change.kind === "drop-lake-days" ? change.days : []));
  await insertRows(
    connection,
    "lake_days",
    days.map(({ dataset, account, day, folder, parts }) => [dataset, account, day, folder, parts]),
  );
  const remove = `DELETE FROM ${SCHEMA}.lake_days WHERE dataset = $1 AND account = $2 AND day = $3`;
  for (const { dataset, account, day } of gone) await connection.run(remove, [dataset, account, day]);
}
