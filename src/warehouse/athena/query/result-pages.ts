import type { ColumnInfo, GetQueryResultsOutput, QueryExecution, Row } from "@aws-sdk/client-athena";
import { GetQueryResultsCommand } from "@aws-sdk/client-athena";
import { withSignal } from "../../../aws/clients.ts";
import { explainAwsError } from "../../../aws/explain-error.ts";
import type { QueryClients } from "./clients.ts";
import type { TextRow } from "./csv-reader.ts";

/** The API's most. */
const PAGE_ROWS = 1000;

/** The beginning of an answer. */
export interface FirstPage {
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly TextRow[];
  /** Of the page that follows; undefined where this is all. */
  readonly next: string | undefined;
}

export async function readFirstPage(
  clients: QueryClients,
  execution: QueryExecution,
  signal: AbortSignal | undefined,
): Promise<FirstPage> {
  const page = await readPage(clients, { id: String(execution.QueryExecutionId), signal });
  const columns = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
  const rows = readRows(page, columns);
  const isHead = hasHead(execution) && columns.every(({ Name }, index) => rows[0]?.[index] === Name);
  return { columns, rows: isHead ? rows.slice(1) : rows, next: page.NextToken };
}

/** What the engine answers begins with the columns' names; what is answered from the catalog (SHOW, DESCRIBE) does not. */
function hasHead({ StatementType, SubstatementType }: QueryExecution): boolean {
  return StatementType === "DML" || SubstatementType?.startsWith("EXPLAIN") === true;
}

export interface PagesOptions {
  readonly id: string;
  readonly first: FirstPage;
  readonly signal: AbortSignal | undefined;
}

/** All pages from the first on; the next one is on its way while one is read. */
export async function* readPages(
  clients: QueryClients,
  { id, first, signal }: PagesOptions,
): AsyncGenerator<readonly TextRow[]> {
  const leaving = new AbortController();
  const either = AbortSignal.any([leaving.signal, ...(signal === undefined ? [] : [signal])]);
  const request = (token: string | undefined): Promise<GetQueryResultsOutput> | undefined => {
    const page = token === undefined ? undefined : readPage(clients, { id, token, signal: either });
    page?.catch(() => undefined);
    return page;
  };
  try {
    let coming = request(first.next);
    yield first.rows;
    while (coming !== undefined) {
      const page = await coming;
      coming = request(page.NextToken);
      yield readRows(page, first.columns);
    }
  } finally {
    leaving.abort();
  }
}

interface PageQuestion {
  readonly id: string;
  readonly token?: string;
  readonly signal: AbortSignal | undefined;
}

async function readPage(
  { athena }: QueryClients,
  { id, token, signal }: PageQuestion,
): Promise<GetQueryResultsOutput> {
  try {
    return await athena.send(
      new GetQueryResultsCommand({
        QueryExecutionId: id,
        MaxResults: PAGE_ROWS,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
      withSignal(signal),
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw explainAwsError(error, {
      action: "athena:GetQueryResults (and s3:GetObject on the answer)",
      resource: `query ${id}`,
    });
  }
}

function readRows({ ResultSet }: GetQueryResultsOutput, columns: readonly ColumnInfo[]): TextRow[] {
  return (ResultSet?.Rows ?? []).map((row) => readRow(row, columns.length));
}

/** DESCRIBE answers in one text a row, with tabs for its columns and spaces up to a width. */
function readRow({ Data = [] }: Row, width: number): TextRow {
  const texts = Data.map(({ VarCharValue }) => VarCharValue ?? null);
  const [only = null] = texts;
  const parts =
    texts.length === 1 && width > 1 ? (only?.split("\t").map((part) => part.trim()) ?? []) : texts;
  return Array.from({ length: width }, (_, index) => parts[index] ?? null);
}
