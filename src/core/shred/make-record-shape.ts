import type { Column, ColumnType } from "../columns.ts";
import { RECORD_COLUMNS } from "../columns.ts";
import type {
  Container,
  Leaf,
  ListShape,
  MapShape,
  RecordShape,
  Shape,
  StructShape,
} from "./record-shape.ts";

/** The record's fields that may hold any JSON. */
export const FREE_FORM: ReadonlySet<string> = new Set([
  "requestParameters",
  "responseElements",
  "additionalEventData",
  "serviceEventDetails",
  "edgeDeviceDetails",
  "insightDetails",
]);

/** Leaves and containers are numbered in the order of the columns, `otherfields` and `region` last. */
export function makeRecordShape(columns: readonly Column[] = RECORD_COLUMNS): RecordShape {
  const lists = { leaves: [], containers: [], structs: [] };
  const place: Place = { ...lists, path: [], level: 0, within: [] };
  const root = makeStruct(columns, place);
  const otherFields = addLeaf({ ...place, path: ["otherfields"] }, { optional: true });
  const region = addLeaf({ ...place, path: ["region"] }, { optional: true });
  return { ...lists, root, otherFields, region };
}

/** Where in the tree a shape is made, and the lists that all shapes are added to. */
interface Place {
  readonly path: readonly string[];
  readonly level: number;
  readonly within: readonly Container[];
  readonly leaves: Leaf[];
  readonly containers: Container[];
  readonly structs: StructShape[];
}

function addLeaf({ path, level, within, leaves }: Place, { optional }: { readonly optional: boolean }): Leaf {
  const leaf = { index: leaves.length, path, maxDefinition: optional ? level + 1 : level, within };
  leaves.push(leaf);
  return leaf;
}

function addContainer(kind: Container["kind"], { containers, level, within }: Place): Container {
  const container = { kind, index: containers.length, level, within };
  containers.push(container);
  return container;
}

function makeShape(type: ColumnType, place: Place, isFreeForm: boolean): Shape {
  switch (type.kind) {
    case "string":
      return { kind: "leaf", leaf: addLeaf(place, { optional: true }), isFreeForm };
    case "struct":
      return makeStruct(type.fields, { ...place, level: place.level + 1 });
    case "array":
      return makeList(type.element, place);
    case "map":
      return makeMap(place);
  }
}

function makeStruct(columns: readonly Column[], place: Place): StructShape {
  const container = addContainer("struct", place);
  const isRecord = place.level === 0;
  const within = isRecord ? [] : [...place.within, container];
  const fields = columns.map(({ name, type }) => {
    const inside = { ...place, within, path: [...place.path, name.toLowerCase()] };
    return { name, shape: makeShape(type, inside, isRecord && FREE_FORM.has(name)) };
  });
  const shape: StructShape = { kind: "struct", container, fields };
  place.structs.push(shape);
  return shape;
}

/** Its level is that of a list that may be empty; elements that may be null are two deeper (Parquet's LogicalTypes.md). */
function makeList(type: ColumnType, place: Place): ListShape {
  if (type.kind !== "struct")
    throw new TypeError(`a list of ${type.kind}s, where only lists of structs have a shape`);
  const level = place.level + 1;
  const container = addContainer("list", { ...place, level });
  const within = [...place.within, container];
  const path = [...place.path, "list", "element"];
  return {
    kind: "list",
    container,
    element: makeStruct(type.fields, { ...place, path, within, level: level + 2 }),
  };
}

function makeMap(place: Place): MapShape {
  const container = addContainer("map", { ...place, level: place.level + 1 });
  const inside = { ...place, level: place.level + 2, within: [...place.within, container] };
  const key = addLeaf({ ...inside, path: [...place.path, "key_value", "key"] }, { optional: false });
  const value = addLeaf({ ...inside, path: [...place.path, "key_value", "value"] }, { optional: true });
  return { kind: "map", container, key, value };
}
