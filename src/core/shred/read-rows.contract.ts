import type { Cell, Row } from "./expected-records.contract.ts";
import type { RecordColumns } from "./record-columns.ts";
import type { Leaf, ListShape, MapShape, Shape, StructShape } from "./record-shape.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The columns' rows as objects, to be compared. */
export function readRows(columns: RecordColumns): Row[] {
  const { root, otherFields, region } = columns.shape;
  return Array.from({ length: columns.rows }, (_, row) => ({
    ...readFields(columns, root, row),
    otherfields: readLeaf(columns, otherFields, row),
    region: readLeaf(columns, region, row),
  }));
}

function readLeaf(columns: RecordColumns, { index }: Leaf, cell: number): string | null {
  const { ids, values } = columns.leaves[index]!;
  const id = ids[cell]! - 1;
  return id < 0 ? null : decoder.decode(values.bytesOf(id));
}

function readFields(columns: RecordColumns, { fields }: StructShape, cell: number): Row {
  return Object.fromEntries(
    fields.map(({ name, shape }) => [name.toLowerCase(), readShape(columns, shape, cell)]),
  );
}

function readShape(columns: RecordColumns, shape: Shape, cell: number): Cell {
  switch (shape.kind) {
    case "leaf":
      return readLeaf(columns, shape.leaf, cell);
    case "struct":
      return columns.structs[shape.container.index]!.present[cell] === 1
        ? readFields(columns, shape, cell)
        : null;
    case "list":
      return readElements(columns, shape, cell)?.map((at) => readShape(columns, shape.element, at)) ?? null;
    case "map":
      return readMap(columns, shape, cell);
  }
}

function readMap(columns: RecordColumns, shape: MapShape, cell: number): Cell {
  const entries = readElements(columns, shape, cell)?.map(
    (at) => [readLeaf(columns, shape.key, at) ?? "", readLeaf(columns, shape.value, at)] as const,
  );
  return entries === undefined ? null : Object.fromEntries(entries);
}

function readElements(
  columns: RecordColumns,
  { container }: ListShape | MapShape,
  row: number,
): number[] | undefined {
  const { firsts, lengths } = columns.lists[container.index]!;
  const first = firsts[row]! - 1;
  return first < 0 ? undefined : Array.from({ length: lengths[row]! }, (_, index) => first + index);
}
