import type { Thrift } from "./thrift.ts";
import { i32 } from "./thrift.ts";

// Numbers of parquet.thrift, the format's definition: github.com/apache/parquet-format.

export const Type = { BYTE_ARRAY: i32(6) } as const;
export const ConvertedType = { UTF8: i32(0), MAP: i32(1), LIST: i32(3) } as const;
export const Repetition = { REQUIRED: i32(0), OPTIONAL: i32(1), REPEATED: i32(2) } as const;
export const Encoding = { PLAIN: i32(0), RLE: i32(3), RLE_DICTIONARY: i32(8) } as const;
export const PageType = { DATA_PAGE: i32(0), DICTIONARY_PAGE: i32(2) } as const;

const CODECS = { UNCOMPRESSED: i32(0), GZIP: i32(2), ZSTD: i32(6) } as const;

/** How pages are compressed: each by itself. */
export interface Compression {
  readonly codec: keyof typeof CODECS;
  /** Must give the same bytes for the same page; the result is held until the file is written. */
  compress(page: Uint8Array): Uint8Array;
}

export const UNCOMPRESSED: Compression = { codec: "UNCOMPRESSED", compress: (page) => page.slice() };

export function printCodec({ codec }: Compression): Thrift {
  return CODECS[codec];
}

/** What a file begins and ends with. */
export const MAGIC: Uint8Array = new TextEncoder().encode("PAR1");
