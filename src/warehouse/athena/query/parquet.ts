import type { ColumnInfo } from "@aws-sdk/client-athena";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { quoteName, quoteText } from "../../../core/sql-text.ts";
import { openScratchFolder } from "../../../files/scratch-folder.ts";
import { interruptible, openScratch } from "../../duckdb/database.ts";
import type { TextRow } from "./csv-reader.ts";
import type { TextAnswer } from "./result.ts";

/** Bytes of the longest row; Athena's own most is 32 MB. */
const LONGEST_ROW = 134_217_728;

/** Writes an answer to a Parquet file, with Athena's types where Parquet has them, else as text. */
export async function writeParquet(
  { columns, batches }: Pick<TextAnswer, "columns" | "batches">,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const scratch = await openScratchFolder();
  try {
    const rows = join(scratch.path, "rows.json");
    await pipeline(printRows(batches), createWriteStream(rows), signal === undefined ? {} : { signal });
    await convert(columns, { rows, path, signal });
  } finally {
    await scratch.remove();
  }
}

/** JSON tells NULL from the empty text, and has no dialects. */
async function* printRows(batches: AsyncIterable<readonly TextRow[]>): AsyncGenerator<string> {
  for await (const batch of batches) {
    yield batch
      .map((row) => `{${row.map((text, index) => `"c${index}":${JSON.stringify(text)}`).join(",")}}\n`)
      .join("");
  }
}

interface Conversion {
  readonly rows: string;
  readonly path: string;
  readonly signal: AbortSignal | undefined;
}

async function convert(columns: readonly ColumnInfo[], { rows, path, signal }: Conversion): Promise<void> {
  const names = distinct(columns.map(({ Name = "" }) => Name));
  const select = columns.map(
    (column, index) => `CAST(c${index} AS ${printType(column)}) AS ${quoteName(names[index] ?? "")}`,
  );
  const read = columns.map((_, index) => `c${index}: 'VARCHAR'`);
  const from = `read_json(${quoteText(rows)}, format = 'newline_delimited', maximum_object_size = ${LONGEST_ROW}, columns = {${read.join(", ")}})`;
  const { connection, close } = await openScratch();
  try {
    await interruptible(connection, signal, () =>
      connection.run(
        `COPY (SELECT ${select.join(", ")} FROM ${from}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
      ),
    );
  } finally {
    close();
  }
}

/** In DuckDB's spelling. */
function printType({ Type = "varchar", Precision = 38, Scale = 0 }: ColumnInfo): string {
  switch (Type) {
    case "boolean":
    case "tinyint":
    case "smallint":
    case "bigint":
    case "double":
    case "date":
    case "timestamp":
      return Type.toUpperCase();
    case "integer":
    case "int":
      return "INTEGER";
    case "float":
    case "real":
      return "FLOAT";
    case "decimal":
      return `DECIMAL(${Precision}, ${Scale})`;
    case "timestamp with time zone":
      return "TIMESTAMPTZ";
    default:
      return "VARCHAR";
  }
}

/** Parquet readers take names without regard to case: `count`, `Count_1`. */
function distinct(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let unused = name;
    for (let suffix = 1; used.has(unused.toLowerCase()); suffix++) unused = `${name}_${suffix}`;
    used.add(unused.toLowerCase());
    return unused;
  });
}
