import { gunzipSync } from "node:zlib";
import { TEXT_PADDING } from "../core/shred/json-reader.ts";

const LARGEST_LOG_MIB = 128;
/** CloudTrail's own files have at most 50 MB before compression. */
export const LARGEST_LOG_BYTES = LARGEST_LOG_MIB * 1024 * 1024;
/** As stored: gzip makes nothing larger by more than a few bytes in each 16 KiB. */
export const LARGEST_STORED_BYTES = LARGEST_LOG_BYTES + LARGEST_LOG_BYTES / 1024;

/** Node's default makes many pieces of a large file. */
const CHUNK = 1 << 20;
/** Smaller ones would be many where a file says too little. */
const SMALLEST_CHUNK = 16_384;
const MAGIC = [0x1f, 0x8b] as const;

/** Bytes that are not one gzipped text of a bearable size: the message says why. */
export class NotGzip extends Error {
  readonly code = "NOT_GZIP";
}

/**
 * The text of a log file, in the caller's thread: all members of the gzip file, and nothing else in it.
 * @throws NotGzip
 */
export function gunzipLog(bytes: Uint8Array): Uint8Array {
  const padded = gunzipPadded(bytes);
  return padded.subarray(0, padded.length - TEXT_PADDING);
}

/**
 * The text, and TEXT_PADDING bytes more.
 * @throws NotGzip
 */
export function gunzipPadded(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) throw new NotGzip("empty file");
  const { buffer, engine } = gunzip(bytes);
  // Node passes over zeros after the last member.
  if (engine.bytesWritten !== bytes.length) throw trailingBytes();
  return pad(buffer, chooseChunk(bytes));
}

/** Where the text is in one piece, which has room behind it, it is not copied. */
function pad(text: Uint8Array, pieceBytes: number): Uint8Array {
  const isPiece = text.byteOffset === 0 && text.buffer.byteLength === pieceBytes;
  if (isPiece && text.length + TEXT_PADDING <= pieceBytes)
    return new Uint8Array(text.buffer, 0, text.length + TEXT_PADDING);
  const padded = new Uint8Array(text.length + TEXT_PADDING);
  padded.set(text);
  return padded;
}

/** What Node's `info` option gives, which its types leave out. */
interface Gunzipped {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

function gunzip(bytes: Uint8Array): Gunzipped {
  const options = { maxOutputLength: LARGEST_LOG_BYTES, chunkSize: chooseChunk(bytes), info: true };
  try {
    return gunzipSync(bytes, options) as unknown as Gunzipped;
  } catch (error) {
    throw explainZlib(error, bytes);
  }
}

/** One piece where the file says how large its text is, since joining pieces takes as much room again. */
function chooseChunk(bytes: Uint8Array): number {
  if (bytes.length < 4) return SMALLEST_CHUNK;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const room = view.getUint32(bytes.length - 4, true) + TEXT_PADDING;
  return room > LARGEST_LOG_BYTES ? CHUNK : Math.max(room, SMALLEST_CHUNK);
}

function explainZlib(error: unknown, bytes: Uint8Array): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const options = { cause: error };
  switch (error.code) {
    case "ERR_BUFFER_TOO_LARGE":
      return new NotGzip(`more than ${LARGEST_LOG_MIB} MiB of text`, options);
    case "Z_BUF_ERROR":
      return new NotGzip("truncated gzip", options);
    case "Z_DATA_ERROR":
      return explainData(error, bytes);
    default:
      return error;
  }
}

function explainData(error: Error, bytes: Uint8Array): NotGzip {
  const isHeader = error.message === "incorrect header check";
  const isGzip = MAGIC.every((byte, index) => bytes[index] === byte);
  if (isHeader && isGzip) return trailingBytes(error);
  const what = isGzip ? "damaged gzip" : "not gzip";
  return new NotGzip(`${what} (${error.message})`, { cause: error });
}

function trailingBytes(cause?: Error): NotGzip {
  return new NotGzip("bytes after the end of the gzip", { cause });
}
