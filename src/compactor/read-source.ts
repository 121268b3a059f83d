import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Source } from "../core/lake/source-list.ts";
import { SourceChanged } from "../core/source-changed.ts";
import { UserError } from "../core/user-error.ts";

const GONE = ["ENOENT", "ENOTDIR"];
const DENIED = ["EACCES", "EPERM"];
const DENIED_HINT =
  "give yourself read access, or run as a user who has it; account-days that were committed stay";

/**
 * All bytes of a file that is, once it is read, as it was when it was listed. Synchronous, for a thread that has nothing else to do.
 * @throws SourceChanged where it is not, or is gone; UserError where it cannot be read
 */
export function readSourceFile(folder: string, source: Source): Uint8Array {
  // Not by `join`, which took longer than opening the file.
  const file = `${folder}/${source.key}`;
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
  const bytes = Buffer.allocUnsafe(source.size);
  for (let length = 0; length < source.size;) {
    const read = readSync(descriptor, bytes, { offset: length });
    if (read === 0) throw new SourceChanged(source.key);
    length += read;
  }
  // Whoever has changed it, before or meanwhile, has changed its time or its size.
  const now = fstatSync(descriptor);
  if (now.size !== source.size || String(now.mtimeMs) !== source.tag) throw new SourceChanged(source.key);
  return bytes;
}

function explain(error: unknown, file: string, { key }: Source): unknown {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return error;
  if (GONE.includes(String(error.code))) return new SourceChanged(key, { cause: error });
  const hint = DENIED.includes(String(error.code)) ? { hint: DENIED_HINT } : {};
  return new UserError(`${file} cannot be read: ${error.message}`, { ...hint, cause: error });
}
