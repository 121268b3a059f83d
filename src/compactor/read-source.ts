import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "../core/lake/source-list.ts";
import { SourceChanged } from "../core/source-changed.ts";
import { UserError } from "../core/user-error.ts";

const GONE = ["ENOENT", "ENOTDIR"];

/**
 * All bytes of a file that is as it was when it was listed, before and after it is read. Synchronous, for a thread that has nothing else
 * to do.
 * @throws SourceChanged where it is not, or is gone; UserError where it cannot be read
 */
export function readSourceFile(folder: string, source: Source): Uint8Array {
  const file = join(folder, source.key);
  try {
    const descriptor = openSync(file, "r");
    try {
      return readWhole(descriptor, source);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw explain(error, file, source);
  }
}

function readWhole(descriptor: number, source: Source): Uint8Array {
  checkState(descriptor, source);
  const bytes = Buffer.allocUnsafe(source.size);
  for (let length = 0; length < source.size;) {
    const read = readSync(descriptor, bytes, { offset: length });
    if (read === 0) throw new SourceChanged(source.key);
    length += read;
  }
  checkState(descriptor, source);
  return bytes;
}

function checkState(descriptor: number, { key, size, tag }: Source): void {
  const now = fstatSync(descriptor);
  if (now.size !== size || String(now.mtimeMs) !== tag) throw new SourceChanged(key);
}

function explain(error: unknown, file: string, { key }: Source): unknown {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return error;
  if (GONE.includes(String(error.code))) return new SourceChanged(key, { cause: error });
  return new UserError(`${file} cannot be read: ${error.message}`, { cause: error });
}
