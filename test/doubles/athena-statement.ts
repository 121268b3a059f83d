/** What a statement asks for. */
export type Statement =
  | { readonly kind: "query"; readonly sql: string }
  | { readonly kind: "explain-io"; readonly sql: string }
  | { readonly kind: "explain"; readonly sql: string }
  | ShowStatement
  /** What the double does not run. */
  | { readonly kind: "other"; readonly sql: string };

export interface ShowStatement {
  readonly kind: "show";
  readonly what: "tables" | "views" | "databases" | "describe" | "create-view" | "partitions";
  /** As it was written, without its quotes; undefined for none. */
  readonly database: string | undefined;
  readonly name: string | undefined;
}

const NAME = String.raw`(?:(?:"([^"]+)"|\x60([^\x60]+)\x60|(\w+))\s*\.\s*)?(?:"([^"]+)"|\x60([^\x60]+)\x60|(\w+))`;

const SHOWS: readonly (readonly [ShowStatement["what"], RegExp])[] = [
  ["tables", /^SHOW\s+TABLES$/i],
  ["views", /^SHOW\s+VIEWS$/i],
  ["databases", /^SHOW\s+(?:DATABASES|SCHEMAS)$/i],
  ["describe", new RegExp(`^(?:DESCRIBE|DESC)\\s+${NAME}$`, "i")],
  ["describe", new RegExp(`^SHOW\\s+COLUMNS\\s+(?:IN|FROM)\\s+${NAME}$`, "i")],
  ["create-view", new RegExp(`^SHOW\\s+CREATE\\s+VIEW\\s+${NAME}$`, "i")],
  ["partitions", new RegExp(`^SHOW\\s+PARTITIONS\\s+${NAME}$`, "i")],
];

const SHOW_IN = new RegExp(`^SHOW\\s+(TABLES|VIEWS)\\s+(?:IN|FROM)\\s+${NAME}$`, "i");

export function parseStatement(text: string): Statement {
  const sql = text.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/, "").replace(/[;\s]+$/, "");
  if (/^(SELECT|WITH|VALUES|TABLE|\()/i.test(sql)) return { kind: "query", sql };
  const explained = /^EXPLAIN\s*\(([^)]*)\)\s*([\s\S]*)$/i.exec(sql);
  if (explained !== null && /\bTYPE\s+IO\b/i.test(explained[1]!)) {
    return { kind: "explain-io", sql: explained[2]! };
  }
  const planned = /^EXPLAIN(?!\s+ANALYZE)\s*(?:\((?:TYPE|FORMAT)[^)]*\))?\s*([\s\S]*)$/i.exec(sql);
  if (planned !== null) return { kind: "explain", sql: planned[1]! };
  const within = SHOW_IN.exec(sql);
  if (within !== null) {
    const what = within[1]!.toLowerCase() as "tables" | "views";
    return { kind: "show", what, database: within[5] ?? within[6] ?? within[7], name: undefined };
  }
  for (const [what, pattern] of SHOWS) {
    const match = pattern.exec(sql);
    if (match === null) continue;
    const [, ...parts] = match;
    return {
      kind: "show",
      what,
      database: parts[0] ?? parts[1] ?? parts[2],
      name: parts[3] ?? parts[4] ?? parts[5],
    };
  }
  return { kind: "other", sql };
}

/** As GetQueryExecution names it. */
export function nameStatementType({ kind }: Statement): "DML" | "DDL" | "UTILITY" {
  switch (kind) {
    case "query":
      return "DML";
    case "explain-io":
    case "explain":
    case "show":
      return "UTILITY";
    case "other":
      return "DDL";
  }
}
