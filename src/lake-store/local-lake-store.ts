import { readFile, rmdir, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { explainFileError } from "../files/write-whole.ts";
import { hasCode, isMissing, unreadable } from "../store/local-errors.ts";
import { walkFiles } from "../store/local-walk.ts";
import type { LakeObject, LakeStore } from "./lake-store.ts";
import { placeNew, placeOver, putPart, removeLeftovers } from "./local-lake-parts.ts";

/** A lake in a folder, which is made by the first file that is written. Names that begin with a dot are none of its files. */
export function openLocalLakeStore(folder: string): LakeStore {
  const root = resolve(folder);
  let cleaning: Promise<void> | undefined;
  const clean = (): Promise<void> => (cleaning ??= removeLeftovers(root));
  return {
    url: root,
    requests: new Map(),
    callsAtOnce: 8,
    listFiles: (prefix, { signal } = {}) => listFiles(root, prefix, signal),
    read: (key, { signal } = {}) => readIfThere(join(root, key), signal),
    async write(key, pieces, { signal } = {}) {
      await clean();
      await putPart(root, { key, pieces, signal }, placeOver);
    },
    async create(key, bytes, { signal } = {}) {
      await clean();
      return putPart(root, { key, pieces: [bytes], signal }, placeNew);
    },
    async remove(keys, { signal } = {}) {
      await clean();
      await removeFiles(root, keys, signal);
    },
  };
}

async function* listFiles(
  root: string,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<LakeObject> {
  for await (const { key, size, modified } of walkFiles({ root, prefix, signal, isHidden }))
    yield { key, size, modified };
}

function isHidden(name: string): boolean {
  return name.startsWith(".");
}

async function readIfThere(path: string, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (isMissing(error) || hasCode(error, "EISDIR")) return undefined;
    throw unreadable("file", path, error);
  }
}

async function removeFiles(
  root: string,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const folders = new Set<string>();
  for (const key of keys) {
    signal?.throwIfAborted();
    const path = join(root, key);
    await removeFile(path);
    folders.add(dirname(path));
  }
  for (const folder of folders) await removeEmptied(folder, root);
}

async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR")) throw explainFileError(error, `${path} cannot be deleted`);
  }
}

/** The folder, where nothing is in it, and those above it that this leaves empty; never the lake's own. */
async function removeEmptied(folder: string, root: string): Promise<void> {
  for (let at = folder; at.length > root.length; at = dirname(at)) if (!(await isFolderGone(at))) return;
}

async function isFolderGone(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return true;
    // It has more in it, is a link to a folder, or begins another file system.
    if (hasCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR", "EBUSY")) return false;
    throw explainFileError(error, `the empty folder ${path} cannot be deleted`);
  }
}
