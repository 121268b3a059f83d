import type { Dirent } from "node:fs";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UserError } from "../core/user-error.ts";
import type { Store, StoreEntry } from "./store.ts";
import { compareKeys } from "./store.ts";

/** As many as Node's own thread pool can serve without queueing long. */
const STATS_AT_ONCE = 64;

/** A store over a folder. Links are followed: a folder of evidence is often a link to a mount. */
export function openLocalStore(folder: string): Store {
  const root = resolve(folder);
  return {
    url: root,
    async *listChildren(prefix, { signal } = {}) {
      const path = join(root, prefix);
      const names = await readNames(path);
      for (let start = 0; start < names.length; start += STATS_AT_ONCE) {
        signal?.throwIfAborted();
        const batch = names.slice(start, start + STATS_AT_ONCE);
        const entries = await Promise.all(batch.map((dirent) => readEntry(path, { prefix, dirent })));
        yield* entries.filter((entry) => entry !== undefined);
      }
    },
    async *read(key, { signal } = {}) {
      try {
        yield* createReadStream(join(root, key), { signal }) as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw isMissing(error)
          ? new UserError(`there is no file ${key} in ${root}`, { cause: error })
          : error;
      }
    },
  };
}

async function readNames(path: string): Promise<Dirent[]> {
  try {
    const names = await readdir(path, { withFileTypes: true });
    return names.toSorted((a, b) => compareKeys(sortName(a), sortName(b)));
  } catch (error) {
    if (isMissing(error)) return [];
    throw unreadableFolder(path, error);
  }
}

/** A folder sorts with its slash, as its keys do on S3: "a.txt" before "a/". */
function sortName(dirent: Dirent): string {
  return dirent.isDirectory() ? `${dirent.name}/` : dirent.name;
}

async function readEntry(
  path: string,
  { prefix, dirent }: { readonly prefix: string; readonly dirent: Dirent },
): Promise<StoreEntry | undefined> {
  const folder: StoreEntry = { kind: "folder", prefix: `${prefix}${dirent.name}/` };
  if (dirent.isDirectory()) return folder;
  if (!dirent.isFile() && !dirent.isSymbolicLink()) return undefined;
  try {
    const stats = await stat(join(path, dirent.name));
    if (stats.isDirectory()) return folder;
    const key = `${prefix}${dirent.name}`;
    return { kind: "object", key, size: stats.size, modified: Math.trunc(stats.mtimeMs) };
  } catch (error) {
    // Deleted since it was listed, or a link to nothing: there are no bytes to speak of.
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function unreadableFolder(path: string, error: unknown): unknown {
  const denied =
    error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM");
  if (!denied) return error;
  const hint =
    "its logs would be missing from every answer: give yourself read access, or run as a user who has it";
  return new UserError(`the folder ${path} cannot be read (permission denied)`, { hint, cause: error });
}
