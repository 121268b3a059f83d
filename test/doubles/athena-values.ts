import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import {
  DuckDBArrayValue,
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
} from "@duckdb/node-api";

/** A column of an answer, as GetQueryResults describes it. */
export interface ColumnInfo {
  readonly CatalogName: string;
  readonly SchemaName: string;
  readonly TableName: string;
  readonly Name: string;
  readonly Label: string;
  readonly Type: string;
  readonly Precision: number;
  readonly Scale: number;
  readonly Nullable: string;
  readonly CaseSensitive: boolean;
}

const LONGEST_TEXT = 2_147_483_647;

const TYPES: Readonly<Partial<Record<DuckDBTypeId, readonly [name: string, precision: number]>>> = {
  [DuckDBTypeId.BOOLEAN]: ["boolean", 0],
  [DuckDBTypeId.TINYINT]: ["tinyint", 3],
  [DuckDBTypeId.SMALLINT]: ["smallint", 5],
  [DuckDBTypeId.INTEGER]: ["integer", 10],
  [DuckDBTypeId.BIGINT]: ["bigint", 19],
  // Sums of whole numbers, which are bigint in Athena.
  [DuckDBTypeId.HUGEINT]: ["bigint", 19],
  [DuckDBTypeId.UBIGINT]: ["bigint", 19],
  [DuckDBTypeId.FLOAT]: ["float", 17],
  [DuckDBTypeId.DOUBLE]: ["double", 17],
  [DuckDBTypeId.VARCHAR]: ["varchar", LONGEST_TEXT],
  [DuckDBTypeId.DATE]: ["date", 0],
  [DuckDBTypeId.TIMESTAMP]: ["timestamp", 3],
  [DuckDBTypeId.TIMESTAMP_TZ]: ["timestamp with time zone", 3],
  [DuckDBTypeId.BLOB]: ["varbinary", LONGEST_TEXT],
  [DuckDBTypeId.LIST]: ["array", 0],
  [DuckDBTypeId.ARRAY]: ["array", 0],
  [DuckDBTypeId.STRUCT]: ["row", 0],
  [DuckDBTypeId.MAP]: ["map", 0],
  [DuckDBTypeId.SQLNULL]: ["unknown", 0],
};

export function describeColumn(name: string, type: DuckDBType): ColumnInfo {
  if (type.typeId !== DuckDBTypeId.DECIMAL) {
    const [athenaType, precision] = TYPES[type.typeId] ?? ["varchar", LONGEST_TEXT];
    return makeColumn(name, athenaType, precision);
  }
  const { width, scale } = type as unknown as { readonly width: number; readonly scale: number };
  return { ...makeColumn(name, "decimal", width), Scale: scale };
}

export function makeColumn(name: string, type: string, precision = LONGEST_TEXT): ColumnInfo {
  return {
    CatalogName: "hive",
    SchemaName: "",
    TableName: "",
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: 0,
    Nullable: "UNKNOWN",
    CaseSensitive: type === "varchar",
  };
}

/** As Athena writes it; undefined for NULL. */
export function printValue(value: DuckDBValue, type: DuckDBType): string | undefined {
  return value === null ? undefined : print(value, type.typeId);
}

function print(value: DuckDBValue, type?: DuckDBTypeId): string {
  if (value === null) return "null";
  if (typeof value === "number") {
    return type === DuckDBTypeId.DOUBLE || type === DuckDBTypeId.FLOAT || !Number.isInteger(value)
      ? printDouble(value)
      : String(value);
  }
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
    return `[${value.items.map((item) => print(item)).join(", ")}]`;
  }
  if (value instanceof DuckDBStructValue) {
    return `{${Object.entries(value.entries)
      .map(([name, item]) => `${name}=${print(item)}`)
      .join(", ")}}`;
  }
  if (value instanceof DuckDBMapValue) {
    return `{${value.entries.map(({ key, value: item }) => `${print(key)}=${print(item)}`).join(", ")}}`;
  }
  if (value instanceof DuckDBTimestampTZValue) return `${printTime(value.micros)} UTC`;
  if (value instanceof DuckDBTimestampValue) return printTime(value.micros);
  if (value instanceof DuckDBDateValue) return value.toString();
  return String(value);
}

function printTime(micros: bigint): string {
  return new Date(Number(micros / 1000n)).toISOString().replace("T", " ").replace("Z", "");
}

/** As Java prints a double: 1.0, 1.0E7, NaN. */
function printDouble(value: number): string {
  if (!Number.isFinite(value) || value === 0) return value === 0 ? "0.0" : String(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
}
