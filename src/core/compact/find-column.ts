import type { LeafColumn } from "../shred/leaf-column.ts";
import type { RecordColumns } from "../shred/record-columns.ts";

/** A column of the record that is text, by its name in lower case. */
export function findColumn({ leaves }: RecordColumns, name: string): LeafColumn {
  const found = leaves.find(({ leaf }) => leaf.path.length === 1 && leaf.path[0] === name);
  if (found === undefined) throw new TypeError(`the record has no text column "${name}"`);
  return found;
}
