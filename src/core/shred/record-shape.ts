/** An object or a list that the record's columns have a place for; `level` is the definition level of its being there. */
export interface Container {
  readonly kind: "struct" | "list" | "map";
  /** Of all containers. */
  readonly index: number;
  readonly level: number;
  /** The containers that it is in, outermost first, without the record itself. */
  readonly within: readonly Container[];
}

/** Where the record's tree of columns ends: what becomes one column chunk of Parquet. */
export interface Leaf {
  /** Of all leaves. */
  readonly index: number;
  /** Names in the file's schema, outermost first, with Parquet's own levels of lists and maps. */
  readonly path: readonly string[];
  readonly maxDefinition: number;
  readonly within: readonly Container[];
}

/** What may stand at a place of the record. */
export type Shape = LeafShape | StructShape | ListShape | MapShape;

export interface LeafShape {
  readonly kind: "leaf";
  readonly leaf: Leaf;
  /** Whether it may hold any JSON: then it has the JSON text, of a string with its quotes and escapes. */
  readonly isFreeForm: boolean;
}

export interface StructShape {
  readonly kind: "struct";
  readonly container: Container;
  readonly fields: readonly FieldShape[];
}

export interface FieldShape {
  /** As CloudTrail's JSON spells it. */
  readonly name: string;
  readonly shape: Shape;
}

/** Of structs, which is the only kind of list in the record. */
export interface ListShape {
  readonly kind: "list";
  readonly container: Container;
  readonly element: StructShape;
}

export interface MapShape {
  readonly kind: "map";
  readonly container: Container;
  readonly key: Leaf;
  readonly value: Leaf;
}

/** The record's columns compiled: what the shredder fills and the Parquet writer writes. */
export interface RecordShape {
  readonly root: StructShape;
  readonly leaves: readonly Leaf[];
  readonly containers: readonly Container[];
  readonly structs: readonly StructShape[];
  /** Not of the record: a JSON object of what has no column, and the Region of the path. */
  readonly otherFields: Leaf;
  readonly region: Leaf;
}
