/** Why a query failed, in Athena's words: its StateChangeReason. */
export class QueryFailure extends Error {
  /** Athena's ErrorCategory: 1 system, 2 user. */
  readonly category: number;

  constructor(reason: string, category = 2) {
    super(reason);
    this.category = category;
  }
}

/** "line 1:8", as Trino counts: both from 1. */
export function printPosition(sql: string, offset: number): string {
  const before = sql.slice(0, offset).split("\n");
  return `line ${before.length}:${(before.at(-1) ?? "").length + 1}`;
}

/** What DuckDB said, in Trino's form. */
export function explainDuckDbError(error: unknown): QueryFailure {
  if (error instanceof QueryFailure) return error;
  const { message } = error as Error;
  const [first = ""] = message.split("\n");
  const place = readCaret(message) ?? "line 1:1";
  const column = /Referenced column "([^"]+)" not found/.exec(message)?.[1];
  if (column !== undefined) {
    return new QueryFailure(`COLUMN_NOT_FOUND: ${place}: Column '${column}' cannot be resolved`);
  }
  const name = /(?:Scalar )?Function with name "?([\w.]+)"? does not exist/.exec(message)?.[1];
  if (name !== undefined) {
    return new QueryFailure(`FUNCTION_NOT_FOUND: ${place}: Function '${name}' not registered`);
  }
  if (message.startsWith("Parser Error"))
    return new QueryFailure(`${place}: ${first.replace("Parser Error: ", "")}`);
  if (/^Binder Error|^Catalog Error/.test(message))
    return new QueryFailure(`SYNTAX_ERROR: ${place}: ${first}`);
  if (/Invalid Input Error|IO Error/.test(message)) return new QueryFailure(`HIVE_BAD_DATA: ${first}`);
  return new QueryFailure(`GENERIC_USER_ERROR: ${first}`);
}

/** DuckDB repeats the line and puts a caret below. */
function readCaret(message: string): string | undefined {
  const lines = message.split("\n");
  const at = lines.findIndex((line) => /^LINE \d+: /.test(line));
  const label = /^LINE (\d+): /.exec(lines[at] ?? "");
  const caret = lines[at + 1]?.indexOf("^") ?? -1;
  if (label === null || caret < 0) return undefined;
  return `line ${label[1]}:${caret - label[0].length + 1}`;
}
