import type { DuckDBType, DuckDBValueConverter, Json } from "@duckdb/node-api";
import {
  DuckDBMapValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  JsonDuckDBValueConverter,
} from "@duckdb/node-api";

/** DuckDB's values as JSON has them: whole numbers as numbers where JavaScript holds them exactly, else as text. */
export const toJson: DuckDBValueConverter<Json> = (value, type, converter) => {
  if (typeof value === "bigint")
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  // The library's own text is in the machine's time zone.
  if (value instanceof DuckDBTimestampTZValue)
    return `${new DuckDBTimestampValue(value.micros).toString()}+00`;
  if (value instanceof DuckDBMapValue) return printMap(value, type, converter);
  return JsonDuckDBValueConverter(value, type, converter);
};

function printMap(map: DuckDBMapValue, type: DuckDBType, converter: DuckDBValueConverter<Json>): Json {
  const valueType = "valueType" in type ? type.valueType : type;
  return Object.fromEntries(
    map.entries.map(({ key, value }) => [String(key), converter(value, valueType, converter)]),
  );
}
