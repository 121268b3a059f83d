import type { SyntaxNode } from "./syntax-tree.ts";
import { visitTree } from "./syntax-tree.ts";

/**
 * Every word of a statement, in lower case, and so every column that it mentions; too many rather than too few.
 * @returns undefined where it may mean columns that it does not name
 */
export function findMentionedColumns(tree: SyntaxNode): ReadonlySet<string> | undefined {
  if (meansColumnsUnsaid(tree)) return undefined;
  const words = new Set<string>();
  visitTree(tree, (node) => {
    for (const word of Object.values(node).flat())
      if (typeof word === "string") words.add(word.toLowerCase());
  });
  return words;
}

/** Stars, columns by position, columns that two tables share, and a table's name in place of a column: its whole row. */
function meansColumnsUnsaid(tree: SyntaxNode): boolean {
  const tables = new Set<string>();
  const columns = new Set<string>();
  let unsaid = false;
  visitTree(tree, (node) => {
    unsaid ||=
      node["class"] === "STAR" || node["class"] === "POSITIONAL_REFERENCE" || node["ref_type"] === "NATURAL";
    const renamed = node["column_name_alias"];
    unsaid ||= Array.isArray(renamed) && renamed.length > 0;
    for (const name of node["class"] === undefined ? [node["table_name"], node["alias"]] : []) {
      if (typeof name === "string" && name !== "") tables.add(name.toLowerCase());
    }
    const names = node["column_names"];
    if (Array.isArray(names)) columns.add(String(names.at(-1)).toLowerCase());
  });
  return unsaid || [...columns].some((name) => tables.has(name));
}
