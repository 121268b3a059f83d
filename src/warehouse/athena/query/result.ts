import type { QueryExecution } from "@aws-sdk/client-athena";
import { priceScan } from "../../../core/scan-price.ts";
import type { QueryResult, Scan, Value } from "../../warehouse.ts";
import type { TextRow } from "./csv-reader.ts";
import type { FirstPage } from "./result-pages.ts";
import { readFirstPage, readPages } from "./result-pages.ts";
import { makeReader } from "./values.ts";
import type { QueryContext } from "./workgroup.ts";

/** An answer as text. */
export interface TextAnswer {
  readonly columns: FirstPage["columns"];
  readonly scan: Scan;
  readonly batches: AsyncIterable<readonly TextRow[]>;
}

/** The answer of a query that has come to its end: what fits a page at once, the rest as it is read. */
export async function openAnswer(
  { clients, options }: QueryContext,
  execution: QueryExecution,
  signal: AbortSignal | undefined,
): Promise<TextAnswer> {
  const first = await readFirstPage(clients, execution, signal);
  const scan = measureScan(execution, options.dollarsPerTerabyte);
  return { columns: first.columns, scan, batches: readBatches({ clients, execution, first, signal }) };
}

/** DDL and its like cost nothing, nor does what is answered from an earlier result. */
export function measureScan({ Statistics, StatementType }: QueryExecution, price?: number): Scan {
  const bytes = Statistics?.DataScannedInBytes ?? 0;
  const reused = Statistics?.ResultReuseInformation?.ReusedPreviousResult ?? false;
  const isFree = reused || (StatementType !== "DML" && bytes === 0);
  return { bytes, dollars: isFree ? 0 : priceScan(bytes, price), reused };
}

interface BatchOptions extends Pick<QueryContext, "clients"> {
  readonly execution: QueryExecution;
  readonly first: FirstPage;
  readonly signal: AbortSignal | undefined;
}

/** A long answer comes from the object that Athena wrote, in one request; where that cannot be read, page by page. */
async function* readBatches({
  clients,
  execution,
  first,
  signal,
}: BatchOptions): AsyncGenerator<readonly TextRow[]> {
  const url = execution.ResultConfiguration?.OutputLocation ?? "";
  if (first.next !== undefined && url.endsWith(".csv")) {
    const { openObject } = await import("./result-object.ts");
    const names = first.columns.map(({ Name = "" }) => Name);
    const batches = await openObject(await clients.s3(), { url, names, signal });
    if (batches !== undefined) return yield* batches;
  }
  yield* readPages(clients, { id: String(execution.QueryExecutionId), first, signal });
}

/** The answer with values for texts. */
export function toResult({ columns, scan, batches }: TextAnswer): QueryResult {
  return {
    columns: columns.map(({ Name = "", Type = "varchar" }) => ({ name: Name, type: Type })),
    rows: readValues(columns, batches),
    setAside: [],
    unrecorded: undefined,
    scan,
  };
}

async function* readValues(
  columns: FirstPage["columns"],
  batches: AsyncIterable<readonly TextRow[]>,
): AsyncGenerator<readonly (readonly Value[])[]> {
  const readers = columns.map(({ Type = "varchar" }) => makeReader(Type));
  for await (const batch of batches) {
    yield batch.map((row) =>
      row.map((text, index) => (text === null ? null : (readers[index]?.(text) ?? text))),
    );
  }
}
