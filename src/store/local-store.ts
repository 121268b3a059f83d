import type { Dirent, Stats } from "node:fs";
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
        const entries = await Promise.all(batch.map((name) => readEntry(path, { prefix, name })));
        yield* entries.filter((entry) => entry !== undefined);
      }
    },
    async *read(key, { signal } = {}) {
      try {
        yield* createReadStream(join(root, key), { signal }) as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw isMissing(error) || isOfFolder(error)
          ? new UserError(`there is no file ${key} in ${root}`, { cause: error })
          : error;
      }
    },
  };
}

interface Name {
  readonly name: string;
  readonly isFolder: boolean;
  /** A folder sorts with its slash, as its keys do on S3: "a.txt" before "a/". */
  readonly sortName: string;
}

async function readNames(path: string): Promise<Name[]> {
  try {
    const dirents = await readdir(path, { withFileTypes: true });
    const names = await Promise.all(dirents.map((dirent) => readName(path, dirent)));
    return names.filter((name) => name !== undefined).toSorted((a, b) => compareKeys(a.sortName, b.sortName));
  } catch (error) {
    if (isMissing(error)) return [];
    throw unreadableFolder(path, error);
  }
}

/** @returns undefined for what is neither a file nor a folder, and for a link to nothing or to itself */
async function readName(path: string, dirent: Dirent): Promise<Name | undefined> {
  const { name } = dirent;
  const target = dirent.isSymbolicLink() ? await statIfThere(join(path, name)) : dirent;
  if (target === undefined || !(target.isFile() || target.isDirectory())) return undefined;
  const isFolder = target.isDirectory();
  return { name, isFolder, sortName: isFolder ? `${name}/` : name };
}

async function readEntry(
  path: string,
  { prefix, name: { name, isFolder } }: { readonly prefix: string; readonly name: Name },
): Promise<StoreEntry | undefined> {
  if (isFolder) return { kind: "folder", prefix: `${prefix}${name}/` };
  const stats = await statIfThere(join(path, name));
  if (stats === undefined) return undefined;
  return { kind: "object", key: `${prefix}${name}`, size: stats.size, modified: Math.trunc(stats.mtimeMs) };
}

/** @returns undefined for what was deleted since it was listed */
async function statIfThere(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

function isOfFolder(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EISDIR";
}

/** A link that leads to itself leads nowhere, too. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR", "ELOOP"].includes(String(error.code))
  );
}

function unreadableFolder(path: string, error: unknown): unknown {
  const denied =
    error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM");
  if (!denied) return error;
  const hint =
    "its logs would be missing from every answer: give yourself read access, or run as a user who has it";
  return new UserError(`the folder ${path} cannot be read (permission denied)`, { hint, cause: error });
}
