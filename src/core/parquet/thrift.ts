import { ByteSink } from "../bytes/byte-sink.ts";

/** A value of Thrift's compact protocol, as far as Parquet's metadata need it. */
export type Thrift =
  | { readonly kind: "int"; readonly bits: 32 | 64; readonly value: number }
  | { readonly kind: "binary"; readonly value: Uint8Array }
  | { readonly kind: "list"; readonly items: readonly Thrift[] }
  | { readonly kind: "struct"; readonly fields: Fields };

/** By field id; undefined fields are left out. */
export type Fields = Readonly<Record<number, Thrift | undefined>>;

export const i32 = (value: number): Thrift => ({ kind: "int", bits: 32, value });
export const i64 = (value: number): Thrift => ({ kind: "int", bits: 64, value });
export const binary = (value: Uint8Array): Thrift => ({ kind: "binary", value });
export const text = (value: string): Thrift => binary(new TextEncoder().encode(value));
export const list = (items: readonly Thrift[]): Thrift => ({ kind: "list", items });
export const struct = (fields: Fields): Thrift => ({ kind: "struct", fields });

/** Numbers of thrift-compact-protocol.md, "Struct encoding". */
const STRUCT = 12;
const TYPES = { int32: 5, int64: 6, binary: 8, list: 9, struct: STRUCT } as const;
/** Steps between field ids, and sizes of lists, that share a byte with a type. */
const LARGEST_STEP = 15;
const LONGEST_SHORT_LIST = 14;

/** A struct as bytes. */
export function printThrift(fields: Fields): Uint8Array {
  const sink = new ByteSink(256);
  writeStruct(sink, fields);
  return sink.written();
}

function typeOf(value: Thrift): number {
  return value.kind === "int" ? TYPES[`int${value.bits}`] : TYPES[value.kind];
}

function writeStruct(sink: ByteSink, fields: Fields): void {
  let last = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const id = Number(name);
    if (id - last > LARGEST_STEP)
      throw new RangeError(`field ${id} after ${last}: at most ${LARGEST_STEP} apart`);
    sink.byte(((id - last) << 4) | typeOf(value));
    writeValue(sink, value);
    last = id;
  }
  sink.byte(0);
}

function writeValue(sink: ByteSink, value: Thrift): void {
  switch (value.kind) {
    case "int":
      writeInt(sink, value.value);
      return;
    case "binary":
      sink.varint(value.value.length);
      sink.append(value.value);
      return;
    case "list":
      writeList(sink, value.items);
      return;
    case "struct":
      writeStruct(sink, value.fields);
  }
}

/** In zigzag, so that small negative numbers are short too. */
function writeInt(sink: ByteSink, value: number): void {
  sink.varint(value >= 0 ? value * 2 : -value * 2 - 1);
}

function writeList(sink: ByteSink, items: readonly Thrift[]): void {
  const type = items[0] === undefined ? STRUCT : typeOf(items[0]);
  if (items.length <= LONGEST_SHORT_LIST) sink.byte((items.length << 4) | type);
  else {
    sink.byte(0xf0 | type);
    sink.varint(items.length);
  }
  for (const item of items) writeValue(sink, item);
}
