/** A node of the tree that DuckDB's json_serialize_sql makes of a statement: expressions have a `class`, tables have none. */
export type SyntaxNode = Readonly<Record<string, unknown>>;

/** Calls `look` for every node, from the top down. */
export function visitTree(value: unknown, look: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) for (const item of value) visitTree(item, look);
  else if (typeof value === "object" && value !== null) {
    look(value as SyntaxNode);
    for (const item of Object.values(value)) visitTree(item, look);
  }
}
