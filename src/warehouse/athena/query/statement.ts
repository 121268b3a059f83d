import { UserError } from "../../../core/user-error.ts";
import type { SqlToken } from "./sql-tokens.ts";
import { readTokens } from "./sql-tokens.ts";

/** One statement that changes nothing. */
export interface Statement {
  /** Without the semicolon at the end. */
  readonly sql: string;
  /** Whether its answer is that of a query, rather than of EXPLAIN, SHOW or DESCRIBE. */
  readonly isQuery: boolean;
  /** The query that reads the logs: the statement, or what EXPLAIN ANALYZE runs; undefined where nothing is read. */
  readonly read: string | undefined;
}

/** Athena's limit for the text of a query: "Service Quotas" in its user guide. */
const BYTES_AT_MOST = 262_144;

const QUERY_WORDS = new Set(["SELECT", "WITH", "VALUES", "TABLE"]);
const LOOK_WORDS = new Set(["SHOW", "DESCRIBE", "DESC"]);

/**
 * Lets through one query, or SHOW, DESCRIBE or EXPLAIN: Athena itself would run DROP TABLE, INSERT and UNLOAD as well.
 * @throws UserError for anything else
 */
export function parseStatement(text: string): Statement {
  const { sql, tokens } = cutTerminator(text);
  const bytes = Buffer.byteLength(sql);
  if (bytes > BYTES_AT_MOST) {
    throw new UserError(`the query has ${bytes} bytes, and Athena takes ${BYTES_AT_MOST} at the most`, {
      hint: "make it shorter: long lists of values are better joined from a table",
    });
  }
  const start = skipParentheses(tokens);
  const word = wordAt(tokens, start);
  if (word === "EXPLAIN") return { sql, isQuery: false, read: readExplained(sql, tokens.slice(start + 1)) };
  if (LOOK_WORDS.has(word)) return { sql, isQuery: false, read: undefined };
  if (!isQuery(tokens)) throw notAQuery(word);
  return { sql, isQuery: true, read: sql };
}

interface Cut {
  readonly sql: string;
  /** Neither white space nor comments. */
  readonly tokens: readonly SqlToken[];
}

/** Semicolons at the end go, and comments after them. */
function cutTerminator(text: string): Cut {
  const tokens = readTokens(text).filter(({ kind }) => kind !== "space" && kind !== "comment");
  const end = tokens.findIndex(isSemicolon);
  if (end < 0) return { sql: text, tokens };
  if (!tokens.slice(end).every(isSemicolon)) {
    throw new UserError("that is more than one statement, and Athena runs one at a time", {
      hint: "leave out all but one; a semicolon in a text stands between quotes",
    });
  }
  return { sql: text.slice(0, tokens[end]?.at), tokens: tokens.slice(0, end) };
}

function isSemicolon({ kind, text }: SqlToken): boolean {
  return kind === "mark" && text === ";";
}

/** `(SELECT ...)` is a query too. */
function skipParentheses(tokens: readonly SqlToken[]): number {
  const start = tokens.findIndex(({ text }) => text !== "(");
  return start < 0 ? tokens.length : start;
}

/** In capitals; "" for anything but a bare word. */
function wordAt(tokens: readonly SqlToken[], index: number): string {
  const token = tokens[index];
  return token?.kind === "word" ? token.text.toUpperCase() : "";
}

function isQuery(tokens: readonly SqlToken[]): boolean {
  const start = skipParentheses(tokens);
  const word = wordAt(tokens, start);
  return word === "WITH" ? QUERY_WORDS.has(findBodyWord(tokens, start)) : QUERY_WORDS.has(word);
}

/** The word that the statement proper begins with, behind the list of named queries. */
function findBodyWord(tokens: readonly SqlToken[], start: number): string {
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    const mark = tokens[index]?.text;
    if (mark === "(") depth++;
    if (mark !== ")" || --depth > 0) continue;
    const rest = tokens.slice(index + 1);
    const next = wordAt(rest, skipParentheses(rest));
    if (next !== "" && next !== "AS") return next;
  }
  return "";
}

/** @param tokens what follows EXPLAIN */
function readExplained(sql: string, tokens: readonly SqlToken[]): string | undefined {
  let index = 0;
  let analyzes = false;
  while (/^(ANALYZE|VERBOSE)$/.test(wordAt(tokens, index)) || isOptions(tokens, index)) {
    analyzes ||= wordAt(tokens, index) === "ANALYZE";
    index = tokens[index]?.text === "(" ? findClosing(tokens, index) + 1 : index + 1;
  }
  if (!analyzes) return undefined;
  const rest = tokens.slice(index);
  if (!isQuery(rest)) throw notAQuery(`EXPLAIN ANALYZE ${wordAt(rest, skipParentheses(rest))}`.trim());
  return sql.slice(rest[0]?.at);
}

/** `(TYPE IO, FORMAT JSON)`, which could else be a query in parentheses. */
function isOptions(tokens: readonly SqlToken[], index: number): boolean {
  return tokens[index]?.text === "(" && /^(TYPE|FORMAT)$/.test(wordAt(tokens, index + 1));
}

function findClosing(tokens: readonly SqlToken[], start: number): number {
  const length = tokens.slice(start).findIndex(({ text }) => text === ")");
  return length < 0 ? tokens.length : start + length;
}

function notAQuery(word: string): UserError {
  const what = word === "" ? "that is not a query" : `${word} is not a query`;
  return new UserError(`${what}, and only queries may run here`, {
    hint: "write one SELECT, WITH, VALUES, TABLE, SHOW, DESCRIBE or EXPLAIN; what changes tables is run in Athena's own console",
  });
}
