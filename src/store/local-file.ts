import type { Stats } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { SourceChanged } from "../core/source-changed.ts";
import { hasCode, isMissing, unreadable } from "./local-errors.ts";
import type { StoreObject } from "./store.ts";

/** The tag of a file on a disk: when it was changed, in milliseconds since 1970 with the fractions that the system gives. */
export function printFileTag({ mtimeMs }: Pick<Stats, "mtimeMs">): string {
  return String(mtimeMs);
}

export function toStoreObject(key: string, stats: Stats): StoreObject {
  const { size, mtimeMs } = stats;
  return { kind: "object", key, size, modified: Math.trunc(mtimeMs), tag: printFileTag(stats) };
}

/**
 * All bytes of a file that is as it was when it was listed, before the reading and after it.
 * @throws SourceChanged where it is not, or is gone
 */
export async function readListedFile(
  folder: string,
  object: Pick<StoreObject, "key" | "size" | "tag">,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const path = join(folder, object.key);
  signal?.throwIfAborted();
  try {
    const file = await open(path);
    try {
      check(await file.stat(), object);
      const bytes = await file.readFile({ signal });
      check(await file.stat(), object);
      if (bytes.length !== object.size) throw new SourceChanged(object.key);
      return bytes;
    } finally {
      await file.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (isMissing(error) || hasCode(error, "EISDIR")) throw new SourceChanged(object.key, { cause: error });
    throw unreadable("file", path, error);
  }
}

function check(stats: Stats, { key, size, tag }: Pick<StoreObject, "key" | "size" | "tag">): void {
  if (!stats.isFile() || stats.size !== size || printFileTag(stats) !== tag) throw new SourceChanged(key);
}
