import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../../core/sql-text.ts";
import { UserError } from "../../core/user-error.ts";
import { firstLine, messageOf } from "./error-text.ts";
import { findMentionedColumns } from "./mentioned-columns.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { visitTree } from "./syntax-tree.ts";

/** One statement of the user's that may run. */
export interface Statement {
  readonly sql: string;
  /** Names of the tables and views that it mentions, in lower case, those of its own CTEs included. */
  readonly names: ReadonlySet<string>;
  /** Names of its CTEs, in lower case. */
  readonly ctes: ReadonlySet<string>;
  /** Every word that it mentions, in lower case, and so every column; undefined where it may mean columns unsaid. */
  readonly columns: ReadonlySet<string> | undefined;
  /** Whether it is a plain query, whose rows can be written to a table, rather than EXPLAIN, DESCRIBE or SHOW. */
  readonly isQuery: boolean;
}

/** Table functions that read nothing but their arguments. */
const HARMLESS_TABLE_FUNCTIONS = new Set([
  "unnest",
  "generate_series",
  "range",
  "json_each",
  "json_tree",
  "repeat",
]);

/**
 * Lets through one SELECT (with WITH, VALUES, FROM, DESCRIBE, SHOW or SUMMARIZE), or EXPLAIN of one. What DuckDB's own parser
 * makes of the text is what is looked at. This is the first of two walls; the second is the connection's own settings.
 * @throws UserError for anything else
 */
export async function parseStatement(connection: DuckDBConnection, sql: string): Promise<Statement> {
  if (sql.includes("\0"))
    throw new UserError("there is a NUL character in the SQL", { hint: "leave it out" });
  const text = dropTerminator(sql).trim();
  const explained = /^explain(\s+analyze|\s*\(\s*format\s+\w+\s*\))?\s+/i.exec(text);
  const tree = await parseSelect(connection, explained === null ? text : text.slice(explained[0].length));
  const found = { names: new Set<string>(), ctes: new Set<string>() };
  let isShow = false;
  visitTree(tree, (node) => {
    if (node["type"] === "BASE_TABLE") found.names.add(checkTable(node));
    if (node["type"] === "TABLE_FUNCTION") checkTableFunction(node);
    if (node["type"] === "SHOW_REF") isShow = true;
    if (isShow && typeof node["table_name"] === "string") {
      found.names.add(node["table_name"].replaceAll('"', "").toLowerCase());
    }
    if (node["cte_map"] !== undefined) for (const key of readCteNames(node["cte_map"])) found.ctes.add(key);
  });
  const columns = findMentionedColumns(tree);
  return { sql: text, ...found, columns, isQuery: explained === null && !isShow };
}

async function parseSelect(connection: DuckDBConnection, text: string): Promise<SyntaxNode> {
  const result = await connection.runAndReadAll(`SELECT json_serialize_sql(${quoteText(text)})`);
  const tree = JSON.parse(String(result.getRowsJS()[0]?.[0])) as {
    readonly error: boolean;
    readonly error_type?: string;
    readonly error_message?: string;
    readonly statements?: readonly SyntaxNode[];
  };
  if (tree.error && tree.error_type === "parser") throw new UserError(await explainSyntax(connection, text));
  const [statement, ...others] = tree.statements ?? [];
  if (statement === undefined || others.length > 0) {
    throw new UserError(
      others.length > 0
        ? "that is more than one statement"
        : "that is not a query, and only queries may run here",
      { hint: "write one SELECT, WITH, VALUES, DESCRIBE, SHOW or SUMMARIZE, or EXPLAIN of one" },
    );
  }
  return statement;
}

/** DuckDB's own words, with the line and the place of the error. */
async function explainSyntax(connection: DuckDBConnection, text: string): Promise<string> {
  try {
    await connection.extractStatements(text);
    return "the SQL cannot be parsed";
  } catch (error) {
    return messageOf(error)
      .replace(/^Failed to extract statements: /, "")
      .trim();
  }
}

/** The only way to a file other than a view's is a name that DuckDB takes for a path. */
function checkTable(node: SyntaxNode): string {
  const name = String(node["table_name"]).toLowerCase();
  if (/[/\\*]|\.(json|jsonl|ndjson|csv|tsv|parquet|gz|zst|txt|db|duckdb)$/.test(name)) {
    throw new UserError(`"${name}" looks like a file, and queries read only the tables of this database`, {
      hint: "SHOW TABLES lists them",
    });
  }
  return name;
}

function checkTableFunction(node: SyntaxNode): void {
  const call = node["function"] as SyntaxNode | undefined;
  const name = String(call?.["function_name"]).toLowerCase();
  if (
    HARMLESS_TABLE_FUNCTIONS.has(name) ||
    /^duckdb_(columns|tables|views|functions|types|keywords)$/.test(name)
  )
    return;
  throw new UserError(
    `the table function ${name} may not run here: queries read only the tables of this database`,
    {
      hint: "SHOW TABLES lists them",
    },
  );
}

function readCteNames(map: unknown): string[] {
  const entries = (map as { readonly map?: readonly { readonly key?: string }[] }).map ?? [];
  return entries.map(({ key }) => String(key).toLowerCase());
}

/** Everything that can hide a semicolon, and the semicolon. */
const TOKEN =
  /[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|\$(\w*)\$[^]*?\$\1\$|;|[^]/g;

/** Drops a semicolon at the end and what follows it, comments at the most: the text is going to stand in parentheses. */
function dropTerminator(sql: string): string {
  for (const { 0: token, index } of sql.matchAll(TOKEN)) {
    if (token !== ";") continue;
    const rest = sql.slice(index).replaceAll(TOKEN, (part) => (/^(--|\/\*|;|\s)/.test(part) ? "" : part));
    return rest === "" ? sql.slice(0, index) : sql;
  }
  return sql;
}

/** What DuckDB says of SQL that parses but cannot run, for people. */
export function explainQueryError(error: unknown): UserError {
  const message = messageOf(error).trim();
  const missing = /Table with name (\S+) does not exist/.exec(message)?.[1];
  if (missing !== undefined) {
    return new UserError(firstLine(message), {
      hint: "SHOW TABLES lists the tables; run adds those of new accounts",
      cause: error,
    });
  }
  if (/No files found that match the pattern/.test(message)) {
    return new UserError(`${firstLine(message)}: the logs have changed since the last run`, {
      hint: "run the command run again; it brings the tables up to date",
      cause: error,
    });
  }
  return new UserError(message, { cause: error });
}
