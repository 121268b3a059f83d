import { listOutputs } from "./athena-scans.ts";
import type { SqlNode } from "./athena-syntax.ts";

/**
 * Trino calls what has no name after its position: _col0.
 * @param names as DuckDB has them
 */
export function nameColumns(node: SqlNode, names: readonly string[]): string[] {
  const outputs = listOutputs(node);
  const star = outputs.indexOf(undefined);
  // Only one star can be told from its neighbours.
  if (star !== outputs.lastIndexOf(undefined)) return [...names];
  const behindStar = star < 0 ? names.length : star + names.length - outputs.length + 1;
  return names.map((name, index) => {
    const isStarred = star >= 0 && index >= star && index < behindStar;
    const output = isStarred
      ? name
      : outputs[index < behindStar ? index : index - names.length + outputs.length];
    return output === "" ? `_col${index}` : name;
  });
}
