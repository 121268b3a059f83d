import type { PartitionInput } from "@aws-sdk/client-glue";

/** All of a partition but its values and location: mostly the same in a whole table, and kept once. */
interface Shape {
  readonly sample: PartitionInput;
  /** JSON texts of members, each with a comma behind it. */
  readonly descriptor: string;
  readonly descriptorWithoutColumns: string;
  readonly rest: string;
}

/** A partition in little memory: 1.5 million of them are held at once. */
export interface StoredPartition {
  /** The values as JSON text. */
  readonly key: string;
  /** Order of creation. */
  readonly sequence: number;
  location: string | undefined;
  shape: Shape;
  /** Seconds since 1970. */
  readonly created: number;
}

export interface PageOptions {
  readonly segment: { readonly SegmentNumber: number; readonly TotalSegments: number };
  /** Sequence of the last partition that was listed before. */
  readonly after: number;
  readonly limit: number;
  readonly filter?: ((values: readonly string[]) => boolean) | undefined;
}

/** The partitions of one table. */
export class PartitionList {
  readonly #byKey = new Map<string, StoredPartition>();
  readonly #shapes = new Map<string, Shape>();
  #lastShape: Shape | undefined;
  #created = 0;
  /** Segments by their total; dropped with each change. */
  #segments = new Map<number, StoredPartition[][]>();

  get size(): number {
    return this.#byKey.size;
  }

  find(values: readonly string[]): StoredPartition | undefined {
    return this.#byKey.get(JSON.stringify(values));
  }

  /** False where there is one with these values already. */
  create(input: PartitionInput, created: number): boolean {
    const key = flatten(JSON.stringify(input.Values ?? []));
    if (this.#byKey.has(key)) return false;
    this.#created += 1;
    const location = input.StorageDescriptor?.Location;
    this.#byKey.set(key, { key, sequence: this.#created, location, shape: this.#findShape(input), created });
    this.#segments.clear();
    return true;
  }

  /** False where there is none with these values. */
  update(values: readonly string[], input: PartitionInput): boolean {
    const stored = this.find(values);
    if (stored === undefined) return false;
    if (input.Values !== undefined && JSON.stringify(input.Values) !== stored.key) {
      this.remove(values);
      return this.create(input, stored.created);
    }
    stored.location = input.StorageDescriptor?.Location;
    stored.shape = this.#findShape(input);
    return true;
  }

  /** False where there is none with these values. */
  remove(values: readonly string[]): boolean {
    this.#segments.clear();
    return this.#byKey.delete(JSON.stringify(values));
  }

  [Symbol.iterator](): Iterator<StoredPartition> {
    return this.#byKey.values();
  }

  /** In order of creation. */
  listPage({ segment, after, limit, filter }: PageOptions): { found: StoredPartition[]; more: boolean } {
    const all = this.#listSegment(segment);
    const found: StoredPartition[] = [];
    for (let at = findAfter(all, after); at < all.length; at++) {
      const stored = all[at]!;
      if (filter !== undefined && !filter(readValues(stored))) continue;
      if (found.length === limit) return { found, more: true };
      found.push(stored);
    }
    return { found, more: false };
  }

  #listSegment({ SegmentNumber, TotalSegments }: PageOptions["segment"]): StoredPartition[] {
    let segments = this.#segments.get(TotalSegments);
    if (segments === undefined) {
      segments = Array.from({ length: TotalSegments }, () => []);
      for (const stored of this.#byKey.values()) segments[hash(stored.key) % TotalSegments]!.push(stored);
      this.#segments.set(TotalSegments, segments);
    }
    return segments[SegmentNumber]!;
  }

  #findShape(input: PartitionInput): Shape {
    if (this.#lastShape === undefined || !isSameShape(this.#lastShape.sample, input)) {
      const shape = makeShape(input);
      const id = shape.descriptor + shape.rest;
      this.#lastShape = this.#shapes.get(id) ?? shape;
      this.#shapes.set(id, this.#lastShape);
    }
    return this.#lastShape;
  }
}

export function readValues({ key }: StoredPartition): string[] {
  return JSON.parse(key) as string[];
}

/** As it was given, but for the defaults that Glue adds. */
export function toPartitionInput({ key, location, shape }: StoredPartition): PartitionInput {
  const { Values: _, StorageDescriptor: descriptor, ...rest } = shape.sample;
  const { Location: __, ...others } = descriptor ?? {};
  return {
    Values: JSON.parse(key) as string[],
    ...(descriptor === undefined
      ? {}
      : { StorageDescriptor: { ...others, ...(location === undefined ? {} : { Location: location }) } }),
    ...rest,
  };
}

export interface PrintOptions {
  /** Members that all have: DatabaseName and the like, as JSON text. */
  readonly common: string;
  readonly withColumns: boolean;
}

/** The JSON of a Partition, as Glue answers. */
export function printPartition(stored: StoredPartition, { common, withColumns }: PrintOptions): string {
  const { key, location, shape, created } = stored;
  const descriptor = withColumns ? shape.descriptor : shape.descriptorWithoutColumns;
  const place = location === undefined ? "" : `"Location":${JSON.stringify(location)},`;
  return `{"Values":${key},"StorageDescriptor":{${place}${descriptor}"StoredAsSubDirectories":false},"CreationTime":${created},${shape.rest}${common}}`;
}

/** Text that was joined from pieces keeps all of them in memory until it is read; this is one piece. */
export function flatten(text: string): string {
  return Buffer.from(text).toString();
}

function makeShape(sample: PartitionInput): Shape {
  const { Values: _, StorageDescriptor: given, ...rest } = sample;
  const { Location: __, StoredAsSubDirectories: ___, ...descriptor } = given ?? {};
  const defaults = { Compressed: false, NumberOfBuckets: 0, ...descriptor };
  const { Columns: ____, ...withoutColumns } = defaults;
  return {
    sample,
    descriptor: printMembers(defaults),
    descriptorWithoutColumns: printMembers(withoutColumns),
    rest: printMembers(rest),
  };
}

function printMembers(value: object): string {
  const text = JSON.stringify(value).slice(1, -1);
  return text === "" ? "" : `${text},`;
}

function isSameShape(a: PartitionInput, b: PartitionInput): boolean {
  return (
    isSame(a, b, ["Values", "StorageDescriptor"]) &&
    isSame(a.StorageDescriptor, b.StorageDescriptor, ["Location"])
  );
}

function isSame(a: unknown, b: unknown, skipped: readonly string[] = []): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every(
    (name) => skipped.includes(name) || isSame(a[name as keyof typeof a], b[name as keyof typeof b]),
  );
}

function findAfter(all: readonly StoredPartition[], sequence: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (all[middle]!.sequence <= sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}
