import type { Conditions } from "./athena-conditions.ts";
import { contains } from "./athena-domain.ts";
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
  /** The partition's own: Athena reads by these, and matches them with the table's by position. */
  readonly columns: readonly TableColumn[];
}

/** The partitions that a scan has to read; the whole table where it has none. */
export function selectPartitions({ table, conditions }: Scan): SelectedPartition[] {
  const { stored, columns, keys } = table;
  const { StorageDescriptor: own, Parameters = {} } = stored.input;
  const inputFormat = own?.InputFormat ?? "";
  if (keys.length === 0) return [{ values: [], location: own?.Location ?? "", inputFormat, columns }];
  if (Parameters["projection.enabled"] === "true") {
    return listProjected(table, conditions).map((found) => ({ ...found, inputFormat, columns }));
  }
  const parsed = new Map<object | undefined, readonly TableColumn[]>();
  const selected: SelectedPartition[] = [];
  for (const partition of stored.partitions) {
    const values = readValues(partition);
    if (!isSelected(values, keys, conditions)) continue;
    const { StorageDescriptor: descriptor } = toPartitionInput(partition);
    const known = parsed.get(descriptor?.Columns);
    const declared = known ?? parseColumns(descriptor?.Columns, `${table.schema}.${table.name}`);
    if (known === undefined) {
      checkColumns(table, declared, values);
      parsed.set(descriptor?.Columns, declared);
    }
    selected.push({
      values,
      location: descriptor?.Location ?? "",
      inputFormat: descriptor?.InputFormat ?? "",
      columns: declared,
    });
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
    const isText = type.kind === "scalar" && /^(string|varchar|char)/.test(type.name);
    return domain === undefined || contains(domain, isText ? value : Number(value));
  });
}

/** By position, as Athena compares a JSON table's columns with a partition's. */
function checkColumns(
  { schema, name, columns, keys }: TableRelation,
  declared: readonly TableColumn[],
  values: readonly string[],
): void {
  const partition = keys.map((key, index) => `${key.name}=${values[index]}`).join("/");
  declared.forEach((column, index) => {
    const wanted = columns[index];
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
