import type { StorageDescriptor } from "@aws-sdk/client-glue";
import type { Conditions } from "./athena-conditions.ts";
import { contains, equalTo } from "./athena-domain.ts";
import { QueryFailure } from "./athena-failure.ts";
import { listProjected } from "./athena-projection.ts";
import type { TableColumn, TableRelation } from "./athena-relations.ts";
import { parseColumns } from "./athena-relations.ts";
import type { Scan } from "./athena-scans.ts";
import { readValues, toPartitionInput } from "./glue-partition-list.ts";

/** Files that lie together, with what they share. */
export interface SelectedPartition {
  readonly values: readonly string[];
  readonly location: string;
  readonly inputFormat: string;
  /** The library that turns what the input format reads into rows. */
  readonly serde: string;
  /** The partition's own: Athena reads by these, and matches them with the table's: see matchColumn. */
  readonly columns: readonly TableColumn[];
}

export const PARQUET_FORMAT = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";

/**
 * The partition's column that is the table's n-th: the one of the same name in Parquet, the n-th in any other format (Athena user
 * guide, "Handle schema updates").
 */
export function matchColumn(
  { inputFormat, columns }: Pick<SelectedPartition, "inputFormat" | "columns">,
  { name }: TableColumn,
  position: number,
): TableColumn | undefined {
  if (inputFormat !== PARQUET_FORMAT) return columns[position];
  return columns.find((column) => column.name === name);
}

/** The partitions that a scan has to read; the whole table where it has none. */
export function selectPartitions(scan: Scan): SelectedPartition[] {
  return listPartitions(scan).filter(({ values }) => isKept(scan, values));
}

/**
 * What Trino's plan says of a scan, from the partitions that it has evaluated the predicate on: where that has left some out,
 * the values of the others, and nothing at all where it has left none.
 */
export function narrowScan(scan: Scan): Scan | undefined {
  const listed = scan.table.keys.length === 0 ? [] : listPartitions(scan);
  const kept = listed.filter(({ values }) => isKept(scan, values));
  if (kept.length === listed.length) return scan;
  if (kept.length === 0) return undefined;
  const domains = scan.table.keys.map(({ name, type }, index) => {
    const values = kept.map((partition) => partition.values[index] ?? "");
    return [name, equalTo(...(isText(type) ? values : values.map(Number)))] as const;
  });
  return { ...scan, conditions: new Map(domains) };
}

function isKept({ table, predicate }: Scan, values: readonly string[]): boolean {
  return (
    predicate((column) => {
      const index = table.keys.findIndex(({ name }) => name === column);
      const [key, value] = [table.keys[index], values[index]];
      if (key === undefined || value === undefined) return undefined;
      return isText(key.type) ? value : Number(value);
    }) !== false
  );
}

/** Those that fit the conditions on single columns. */
function listPartitions({ table, conditions }: Scan): SelectedPartition[] {
  const { stored, columns, keys } = table;
  const { StorageDescriptor: own, Parameters = {} } = stored.input;
  const format = readFormat(own);
  if (keys.length === 0) return [{ values: [], location: own?.Location ?? "", ...format, columns }];
  if (Parameters["projection.enabled"] === "true") {
    return listProjected(table, conditions).map((found) => ({ ...found, ...format, columns }));
  }
  const parsed = new Map<object | undefined, readonly TableColumn[]>();
  const selected: SelectedPartition[] = [];
  for (const partition of stored.partitions) {
    const values = readValues(partition);
    if (!isSelected(values, keys, conditions)) continue;
    const { StorageDescriptor: descriptor } = toPartitionInput(partition);
    const known = parsed.get(descriptor?.Columns);
    const declared = known ?? parseColumns(descriptor?.Columns, `${table.schema}.${table.name}`);
    const found = {
      values,
      location: descriptor?.Location ?? "",
      ...readFormat(descriptor),
      columns: declared,
    };
    if (known === undefined) {
      checkColumns(table, found);
      parsed.set(descriptor?.Columns, declared);
    }
    selected.push(found);
  }
  return selected;
}

function isSelected(
  values: readonly string[],
  keys: readonly TableColumn[],
  conditions: Conditions,
): boolean {
  return keys.every(({ name, type }, index) => {
    const domain = conditions.get(name);
    const value = values[index] ?? "";
    return domain === undefined || contains(domain, isText(type) ? value : Number(value));
  });
}

function isText(type: TableColumn["type"]): boolean {
  return type.kind === "scalar" && /^(string|varchar|char)/.test(type.name);
}

function readFormat(
  descriptor: StorageDescriptor | undefined,
): Pick<SelectedPartition, "inputFormat" | "serde"> {
  const { InputFormat = "", SerdeInfo } = descriptor ?? {};
  return { inputFormat: InputFormat, serde: SerdeInfo?.SerializationLibrary ?? "" };
}

/** As Athena compares a table's columns with a partition's. */
function checkColumns({ schema, name, columns, keys }: TableRelation, found: SelectedPartition): void {
  const partition = keys.map((key, index) => `${key.name}=${found.values[index]}`).join("/");
  found.columns.forEach((column, index) => {
    const isParquet = found.inputFormat === PARQUET_FORMAT;
    const wanted = isParquet ? columns.find((each) => each.name === column.name) : columns[index];
    if (wanted === undefined && isParquet) return;
    if (wanted !== undefined && JSON.stringify(wanted.type) === JSON.stringify(column.type)) return;
    throw new QueryFailure(
      `HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch between the table and partition schemas. The types are incompatible and cannot be coerced. The column '${wanted?.name ?? column.name}' in table '${schema}.${name}' is declared as type '${describe(wanted)}', but partition '${partition}' declared column '${column.name}' as type '${describe(column)}'.`,
    );
  });
}

function describe(column: TableColumn | undefined): string {
  if (column === undefined) return "none";
  return column.type.kind === "scalar" ? column.type.name : column.type.kind;
}
