import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ColumnMetaData, RowGroup } from "hyparquet";
import { parquetMetadata } from "hyparquet";
import { parseLakeKey } from "../../src/core/lake/lake-day.ts";
import { parseLogKey } from "../../src/core/log-key.ts";
import { priceScan } from "../../src/core/scan-price.ts";
import { printTable } from "../report.ts";
import type { Lake } from "./lake.ts";
import type { LogSet } from "./log-set.ts";
import { sumBytes } from "./log-set.ts";
import type { Question } from "./questions.ts";

/** What Athena would bill a question for, in bytes. */
interface Scan {
  /** The logs of the partitions that the question leaves, as stored. */
  readonly logs: number;
  /** Of the Parquet files of such partitions. */
  readonly lake: number;
}

/** A Parquet file's description of itself. */
interface Footer {
  readonly day: string;
  /** Of the description. */
  readonly bytes: number;
  readonly groups: readonly RowGroup[];
}

const TERABYTE = 1024 ** 4;

/** A Markdown table, a line a question. */
export async function printScans(
  questions: readonly Question[],
  { logs, lake }: { readonly logs: LogSet; readonly lake: Lake },
): Promise<string> {
  const footers = await Promise.all(lake.parquet.map(({ key }) => readFooter(lake.folder, key)));
  const scale = TERABYTE / logs.bytes;
  const rows = questions.map((question) => {
    const scan = { logs: scanLogs(logs, question), lake: scanLake(footers, question) };
    return printScan(question.what, scan, scale);
  });
  const head = ["question", "logs", "lake", "lake / logs", "price", "of 1 TB of logs"];
  return printTable(head, rows);
}

function printScan(what: string, { logs, lake }: Scan, scale: number): string[] {
  const price = `$${priceScan(logs).toFixed(5)} → $${priceScan(lake).toFixed(5)}`;
  const scaled = `$${priceScan(logs * scale).toFixed(2)} → $${priceScan(lake * scale).toFixed(2)}`;
  const share = `${((100 * lake) / logs).toFixed(1)} %`;
  return [what, megabytes(logs), megabytes(lake), share, price, scaled];
}

function scanLogs({ files }: LogSet, { day }: Question): number {
  return sumBytes(files.filter(({ key }) => day === undefined || parseLogKey(key)?.day === day));
}

/** The chunks of the leaves that are asked for, in row groups that can have a record that is wanted; and all footers. */
function scanLake(footers: readonly Footer[], question: Question): number {
  let total = 0;
  for (const { day, bytes, groups } of footers) {
    if (question.day !== undefined && day !== question.day) continue;
    total += bytes;
    for (const { columns } of groups) {
      const chunks = columns.flatMap(({ meta_data }) => meta_data ?? []);
      if (canHaveWanted(chunks, question.filter)) total += sumChunks(chunks, question.leaves);
    }
  }
  return total;
}

function sumChunks(chunks: readonly ColumnMetaData[], leaves: Question["leaves"]): number {
  const wanted = chunks.filter((chunk) => leaves === undefined || leaves.includes(nameLeaf(chunk)));
  const isMissing = leaves !== undefined && wanted.length !== new Set(leaves).size;
  if (isMissing) throw new Error(`no such columns as ${leaves.join(", ")}`);
  return wanted.reduce((sum, chunk) => sum + Number(chunk.total_compressed_size), 0);
}

function canHaveWanted(chunks: readonly ColumnMetaData[], filter: Question["filter"]): boolean {
  if (filter === undefined) return true;
  const chunk = chunks.find((each) => nameLeaf(each) === filter.leaf);
  if (chunk === undefined) throw new Error(`no column ${filter.leaf}`);
  const { null_count: nulls, min_value: min, max_value: max } = chunk.statistics ?? {};
  if (nulls === chunk.num_values) return false;
  if (filter.oneOf === undefined || typeof min !== "string" || typeof max !== "string") return true;
  return filter.oneOf.some((value) => min <= value && value <= max);
}

function nameLeaf({ path_in_schema }: ColumnMetaData): string {
  return path_in_schema.join(".");
}

async function readFooter(folder: string, key: string): Promise<Footer> {
  const bytes = await readFile(join(folder, key));
  const at = parseLakeKey(key);
  if (at === undefined) throw new Error(`${key} is not of a lake`);
  const { row_groups, metadata_length } = parquetMetadata(Uint8Array.from(bytes).buffer);
  return { day: at.day, bytes: metadata_length + 8, groups: row_groups };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1)} MB`;
}
