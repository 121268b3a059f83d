import type { GlueClient, Partition, Table } from "@aws-sdk/client-glue";
import type { SelectedTable } from "../../warehouse.ts";
import type { ColumnConstraint, TableScan } from "./io-plan.ts";
import { isSelected, printExpression } from "./partition-filter.ts";
import type { ProjectedTable } from "./projected-partitions.ts";
import { listProjected } from "./projected-partitions.ts";
import type { TableName } from "./table-partitions.ts";
import { countPartitions, readPartitions, readTable } from "./table-partitions.ts";

/** Pages that may be fetched only to say how many partitions a table has, beside those that are selected. */
const COUNT_PAGES = 10;

export interface SelectionOptions {
  /** There may have been more that are equal to one of them. */
  readonly scans: readonly TableScan[];
  /** How often the plan scans the table; undefined where it does not say. */
  readonly times: number | undefined;
  readonly signal: AbortSignal;
}

/** Which partitions of a table its scans read. */
export async function selectOfTable(
  client: GlueClient,
  name: TableName,
  { scans, times, signal }: SelectionOptions,
): Promise<SelectedTable> {
  const filters = scans.flatMap(({ constraints }) => (constraints === undefined ? [] : [constraints]));
  const table = describeTable(await readTable(client, name, signal));
  const { locations, partitions } = await locateScans(client, { name, table, filters, signal });
  const all = [...new Set(locations)];
  const equal = Math.max((times ?? 0) - scans.length, 0);
  const isTold = filters.length === 0 || (times !== undefined && times >= scans.length);
  return {
    name: name.name,
    locations: [...(locations ?? []), ...Array.from({ length: equal }, () => all).flat()],
    complete: locations !== undefined && isTold,
    partitions,
  };
}

interface TableLayout extends ProjectedTable {
  readonly isProjected: boolean;
}

function describeTable({ PartitionKeys = [], Parameters = {}, StorageDescriptor }: Table): TableLayout {
  return {
    keys: PartitionKeys.map(({ Name = "", Type = "string" }) => ({ name: Name, type: Type })),
    parameters: Parameters,
    location: printFolder(StorageDescriptor?.Location),
    isProjected: Parameters["projection.enabled"]?.toLowerCase() === "true",
  };
}

interface Question {
  readonly name: TableName;
  readonly table: TableLayout;
  /** One for each scan that reads anything. */
  readonly filters: readonly (readonly ColumnConstraint[])[];
  readonly signal: AbortSignal;
}

interface Found {
  /** As often as they are read; undefined where nobody knows. */
  readonly locations: readonly string[] | undefined;
  readonly partitions: number | undefined;
}

async function locateScans(client: GlueClient, question: Question): Promise<Found> {
  const { table, filters } = question;
  if (table.keys.length === 0) return { locations: filters.map(() => table.location), partitions: 1 };
  if (!table.isProjected) return locateRegistered(client, question);
  const folders = filters.map((filter) => listProjected(table, filter)?.map(printFolder));
  const known = folders.filter((each) => each !== undefined);
  return { locations: known.length < folders.length ? undefined : known.flat(), partitions: undefined };
}

/** What Glue has filtered is filtered again: its filter is of all scans together, and may have been left out. */
async function locateRegistered(
  client: GlueClient,
  { name, table, filters, signal }: Question,
): Promise<Found> {
  const expression = printExpression(table.keys, filters);
  const isAll = filters.length > 0 && expression === undefined;
  const [read, counted] = await Promise.all([
    filters.length === 0 ? [] : readPartitions(client, { table: name, expression, signal }),
    isAll ? undefined : countPartitions(client, { table: name, expression: undefined, signal }, COUNT_PAGES),
  ]);
  const locate = ({ StorageDescriptor }: Partition): string =>
    printFolder(StorageDescriptor?.Location ?? table.location);
  const readBy = (filter: readonly ColumnConstraint[]): Partition[] =>
    read.filter(({ Values = [] }) => isSelected(table.keys, filter, Values));
  return {
    locations: filters.flatMap((filter) => readBy(filter).map(locate)),
    partitions: isAll ? read.length : counted,
  };
}

function printFolder(location = ""): string {
  return location.replace(/^s3[an]:/, "s3:").replace(/\/*$/, "/");
}
