import { compress, init } from "@bokuweb/zstd-wasm";
import type { Compression } from "../core/parquet/format.ts";

/** Level 3 gave larger files of logs than 1, and took longer. */
const LEVEL = 1;
/**
 * A page of one huge value is compressed in frames of this size, one after the other, which zstd reads as one: WebAssembly's memory
 * grows to twice the largest frame, and never shrinks.
 */
const LARGEST_FRAME = 4 << 20;

let started: Promise<void> | undefined;

/** zstd in WebAssembly. It is started once a thread: a second start would part its functions from their memory. */
export async function openZstd(): Promise<Compression> {
  await (started ??= isStarted() ? Promise.resolve() : init());
  return { codec: "ZSTD", compress: compressPage };
}

/** By somebody else who uses the library in this thread. */
function isStarted(): boolean {
  try {
    compress(new Uint8Array(1), LEVEL);
    return true;
  } catch {
    return false;
  }
}

function compressPage(page: Uint8Array): Uint8Array {
  if (page.length <= LARGEST_FRAME) return compress(page, LEVEL);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < page.length; at += LARGEST_FRAME)
    frames.push(compress(page.subarray(at, at + LARGEST_FRAME), LEVEL));
  return Buffer.concat(frames);
}
