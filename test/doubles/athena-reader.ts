import { quoteName, quoteText } from "../../src/core/sql-text.ts";
import { QueryFailure } from "./athena-failure.ts";
import type { SelectedPartition } from "./athena-partitions.ts";
import { PARQUET_FORMAT } from "./athena-partitions.ts";
import type { TableColumn } from "./athena-relations.ts";
import { findSpelling, printDuckDbType } from "./athena-types.ts";

const CLOUDTRAIL_FORMAT = "com.amazon.emr.cloudtrail.CloudTrailInputFormat";
const TEXT_FORMAT = "org.apache.hadoop.mapred.TextInputFormat";
const OPENX_SERDE = "org.openx.data.jsonserde.JsonSerDe";

/** DuckDB's reader takes as much for its smallest buffer, whatever it is told. */
const SMALLEST_OBJECT = 1024 * 1024;
const LARGEST_OBJECT = 128 * 1024 * 1024;

export interface ReadFiles {
  readonly paths: readonly string[];
  /** Bytes of the text of the largest file. */
  readonly largest: number;
}

/**
 * A DuckDB query for the files' rows, and the file that each lies in.
 * @throws QueryFailure where Athena would read them in a way that is not known here
 */
export function printReader(
  { inputFormat, serde, columns }: SelectedPartition,
  { paths, largest }: ReadFiles,
): string {
  const list = paths.map(quoteText).join(", ");
  if (inputFormat === CLOUDTRAIL_FORMAT) {
    const fields = columns.map(({ name, type }) => {
      const known = findSpelling(name);
      return `${quoteName(known?.name ?? name)} ${printDuckDbType(type, known?.type)}`;
    });
    const records = quoteText(`STRUCT(${fields.join(", ")})[]`);
    const size = Math.min(Math.max(largest + 1, SMALLEST_OBJECT), LARGEST_OBJECT);
    return (
      `SELECT unnest("Records", max_depth := 2), filename FROM read_json([${list}], columns = {Records: ${records}}, ` +
      `format = 'unstructured', records = true, filename = true, maximum_object_size = ${size})`
    );
  }
  if (inputFormat === PARQUET_FORMAT) {
    const empty = columns.map(({ name, type }) => `NULL::${printDuckDbType(type)} AS ${quoteName(name)}`);
    return (
      `SELECT ${empty.join(", ")}, NULL::VARCHAR AS filename WHERE false ` +
      `UNION ALL BY NAME SELECT * FROM read_parquet([${list}], filename = true, union_by_name = true)`
    );
  }
  if (inputFormat === TEXT_FORMAT && serde === OPENX_SERDE) {
    const fields = columns.map(({ name, type }) => `${quoteName(name)}: ${quoteText(printDuckDbType(type))}`);
    return `SELECT * FROM read_json([${list}], format = 'newline_delimited', columns = {${fields.join(", ")}}, filename = true)`;
  }
  throw new QueryFailure(`HIVE_UNSUPPORTED_FORMAT: Unsupported input format: '${inputFormat}'`);
}

/** A column's name in the reader's rows. */
export function readColumnName({ name }: TableColumn, { inputFormat }: SelectedPartition): string {
  return inputFormat === CLOUDTRAIL_FORMAT ? (findSpelling(name)?.name ?? name) : name;
}
