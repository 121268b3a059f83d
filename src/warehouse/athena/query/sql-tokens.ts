export interface SqlToken {
  readonly kind: "space" | "comment" | "text" | "name" | "word" | "mark";
  readonly text: string;
  /** In UTF-16 units from the beginning. */
  readonly at: number;
}

/**
 * As Trino's lexer: a comment of two dashes ends at either line break, one of slash and star at the first end; quotes are
 * doubled within quotes, and a backslash means nothing. What is not closed goes on to the end.
 */
const TOKEN =
  /(?<space>\s+)|(?<comment>--[^\r\n]*|\/\*[^]*?(?:\*\/|$))|(?<text>'(?:[^']+|'')*(?:'|$))|(?<name>"(?:[^"]+|"")*(?:"|$)|`(?:[^`]+|``)*(?:`|$))|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<mark>[^])/gu;

/** Splits SQL into tokens; together they are the whole text. */
export function readTokens(sql: string): SqlToken[] {
  return Array.from(sql.matchAll(TOKEN), ({ 0: text, index: at, groups = {} }) => ({
    kind: Object.keys(groups).find((kind) => groups[kind] !== undefined) as SqlToken["kind"],
    text,
    at,
  }));
}
