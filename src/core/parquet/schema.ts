import type { ListShape, RecordShape, Shape } from "../shred/record-shape.ts";
import { ConvertedType, Repetition, Type } from "./format.ts";
import type { Thrift } from "./thrift.ts";
import { i32, struct, text } from "./thrift.ts";

/** Members of the union LogicalType, each an empty struct. */
const STRING = struct({ 1: struct({}) });
const MAP = struct({ 2: struct({}) });
const LIST = struct({ 3: struct({}) });

/** The file's schema as Parquet flattens it: each group followed by its children (SchemaElement in parquet.thrift). */
export function printSchema({ root }: RecordShape): Thrift[] {
  return [
    struct({ 4: text("schema"), 5: i32(root.fields.length + 2) }),
    ...root.fields.flatMap(({ name, shape }) => printShape(name, shape)),
    printLeaf("otherfields"),
    printLeaf("region"),
  ];
}

function printShape(name: string, shape: Shape): Thrift[] {
  switch (shape.kind) {
    case "leaf":
      return [printLeaf(name)];
    case "struct":
      return [
        printGroup(name, { children: shape.fields.length }),
        ...shape.fields.flatMap((field) => printShape(field.name, field.shape)),
      ];
    case "list":
      return printList(name, shape);
    case "map":
      return printMap(name);
  }
}

/** With three levels, as LogicalTypes.md has lists. */
function printList(name: string, { element }: ListShape): Thrift[] {
  return [
    printGroup(name, { children: 1, converted: ConvertedType.LIST, logical: LIST }),
    printGroup("list", { children: 1, repetition: Repetition.REPEATED }),
    ...printShape("element", element),
  ];
}

/** With three levels, as LogicalTypes.md has maps. */
function printMap(name: string): Thrift[] {
  return [
    printGroup(name, { children: 1, converted: ConvertedType.MAP, logical: MAP }),
    printGroup("key_value", { children: 2, repetition: Repetition.REPEATED }),
    printLeaf("key", Repetition.REQUIRED),
    printLeaf("value"),
  ];
}

interface Group {
  readonly children: number;
  readonly repetition?: Thrift;
  readonly converted?: Thrift;
  readonly logical?: Thrift;
}

function printGroup(name: string, group: Group): Thrift {
  const { children, repetition = Repetition.OPTIONAL, converted, logical } = group;
  return struct({ 3: repetition, 4: text(name.toLowerCase()), 5: i32(children), 6: converted, 10: logical });
}

function printLeaf(name: string, repetition: Thrift = Repetition.OPTIONAL): Thrift {
  const column = text(name.toLowerCase());
  return struct({ 1: Type.BYTE_ARRAY, 3: repetition, 4: column, 6: ConvertedType.UTF8, 10: STRING });
}
