import { crc32, gunzipSync } from "node:zlib";
import { TEXT_PADDING } from "../core/shred/json-reader.ts";

/** Of a gzip member: its text's CRC-32 and length are its last bytes (RFC 1952). */
const TRAILER_BYTES = 8;
const SMALLEST_MEMBER = 18;
const MOST_TEXT_BYTES = 8 << 20;

/**
 * The texts of several small files, each with TEXT_PADDING bytes behind it: one gzip stream can have many members, and a call of zlib
 * for each takes longer than what it unpacks.
 * @returns undefined where one of them may be anything else than one whole member: then each is to be tried by itself
 */
export function gunzipTogether(files: readonly Uint8Array[]): Uint8Array[] | undefined {
  if (files.some(({ length }) => length < SMALLEST_MEMBER)) return undefined;
  const trailers = files.map(readTrailer);
  const textBytes = trailers.reduce((sum, { length }) => sum + length, 0);
  if (textBytes > MOST_TEXT_BYTES) return undefined;
  const text = gunzipAll(Buffer.concat(files), textBytes);
  if (text === undefined) return undefined;
  const padded: Uint8Array[] = [];
  let start = 0;
  for (const { crc, length } of trailers) {
    const own = text.subarray(start, (start += length));
    // Files that are members only together would have other texts than their own ends say.
    if (crc32(own) !== crc) return undefined;
    const copy = new Uint8Array(length + TEXT_PADDING);
    copy.set(own);
    padded.push(copy);
  }
  return padded;
}

function readTrailer(file: Uint8Array): { readonly crc: number; readonly length: number } {
  const view = new DataView(file.buffer, file.byteOffset + file.length - TRAILER_BYTES, TRAILER_BYTES);
  return { crc: view.getUint32(0, true), length: view.getUint32(4, true) };
}

/** @returns undefined where it is not as long as it is to be, or no gzip at all */
function gunzipAll(bytes: Uint8Array, textBytes: number): Uint8Array | undefined {
  const options = { chunkSize: Math.max(textBytes, 64), maxOutputLength: Math.max(textBytes, 1), info: true };
  try {
    const { buffer, engine } = gunzipSync(bytes, options) as unknown as {
      readonly buffer: Uint8Array;
      readonly engine: { readonly bytesWritten: number };
    };
    return engine.bytesWritten === bytes.length && buffer.length === textBytes ? buffer : undefined;
  } catch (error) {
    // Which file it is, and why, is said where each is tried by itself.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
