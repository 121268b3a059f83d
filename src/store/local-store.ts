import type { Dirent, Stats } from "node:fs";
import { createReadStream, statSync } from "node:fs";
import { opendir, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { UserError } from "../core/user-error.ts";
import { hasCode, isMissing, unreadable } from "./local-errors.ts";
import { readListedFile, toStoreObject } from "./local-file.ts";
import { walkFiles } from "./local-walk.ts";
import type { Store, StoreEntry } from "./store.ts";
import { compareKeys } from "./store.ts";

/** The disk is asked synchronously, which takes a third of the time; after so many, other work has its turn. */
const STATS_AT_ONCE = 512;

/** A store over a folder. Links are followed: a folder of evidence is often a link to a mount. */
export function openLocalStore(folder: string): Store {
  const root = resolve(folder);
  return {
    url: root,
    manners: { listingsAtOnce: 8, searchAtMost: 5000 },
    folder: root,
    requests: new Map(),
    listChildren: (prefix, { signal } = {}) => listChildren({ root, prefix, signal }),
    listFolders: (prefix, { levels, from = "", signal }) =>
      listFolders({ root, prefix, signal }, { levels, from }),
    listFiles: (prefix, options = {}) => walkFiles({ root, prefix, ...options }),
    readListed: (object, { signal } = {}) => readListedFile(root, object, signal),
    async *read(key, { signal } = {}) {
      try {
        yield* createReadStream(join(root, key), { signal }) as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw isMissing(error) || hasCode(error, "EISDIR")
          ? new UserError(`there is no file ${key} in ${root}`, { cause: error })
          : error;
      }
    },
  };
}

interface Listing {
  readonly root: string;
  readonly prefix: string;
  readonly signal: AbortSignal | undefined;
}

interface NameAt {
  readonly prefix: string;
  readonly name: Name;
}

type ReadEntry = (path: string, at: NameAt) => Promise<StoreEntry | undefined>;

async function* listChildren(
  { root, prefix, signal }: Listing,
  readOne: ReadEntry = readEntry,
): AsyncGenerator<StoreEntry> {
  const path = join(root, prefix);
  const names = await readNames(path);
  for (let start = 0; start < names.length; start += STATS_AT_ONCE) {
    if (start > 0) await setImmediate();
    signal?.throwIfAborted();
    const batch = names.slice(start, start + STATS_AT_ONCE);
    const entries = await Promise.all(batch.map((name) => readOne(path, { prefix, name })));
    yield* entries.filter((entry) => entry !== undefined);
  }
}

/** Goes down folder by folder: a disk cannot roll names up as S3 does, and has no need to. */
async function* listFolders(
  listing: Listing,
  { levels, from }: { readonly levels: number; readonly from: string },
): AsyncGenerator<StoreEntry> {
  const isLast = levels === 1;
  for await (const entry of listChildren(listing, isLast ? readFilledEntry : readEntry)) {
    const path = entry.kind === "folder" ? entry.prefix : entry.key;
    const goesDown = entry.kind === "folder" && !isLast;
    if (goesDown && (from.startsWith(path) || compareKeys(path, from) >= 0)) {
      yield* listFolders({ ...listing, prefix: path }, { levels: levels - 1, from });
    } else if (!goesDown && compareKeys(path, from) >= 0) yield entry;
  }
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
    throw unreadable("folder", path, error);
  }
}

/** @returns undefined for what is neither a file nor a folder, and for a link to nothing or to itself */
async function readName(path: string, dirent: Dirent): Promise<Name | undefined> {
  const { name } = dirent;
  const target = dirent.isSymbolicLink() ? statIfThere(join(path, name)) : dirent;
  if (target === undefined || !(target.isFile() || target.isDirectory())) return undefined;
  const isFolder = target.isDirectory();
  return { name, isFolder, sortName: isFolder ? `${name}/` : name };
}

async function readEntry(
  path: string,
  { prefix, name: { name, isFolder } }: NameAt,
): Promise<StoreEntry | undefined> {
  if (isFolder) return { kind: "folder", prefix: `${prefix}${name}/` };
  const stats = statIfThere(join(path, name));
  return stats === undefined ? undefined : toStoreObject(`${prefix}${name}`, stats);
}

/** @returns undefined for an empty folder too: S3 has none */
async function readFilledEntry(path: string, at: NameAt): Promise<StoreEntry | undefined> {
  const entry = await readEntry(path, at);
  if (entry?.kind !== "folder") return entry;
  return (await holdsSomething(join(path, at.name.name))) ? entry : undefined;
}

/** Stops at the first: a day's folder can have hundreds of thousands of files. */
async function holdsSomething(path: string): Promise<boolean> {
  try {
    for await (const dirent of await opendir(path)) {
      if ((await readName(path, dirent)) !== undefined) return true;
    }
    return false;
  } catch (error) {
    if (isMissing(error)) return false;
    throw unreadable("folder", path, error);
  }
}

/** @returns undefined for what was deleted since it was listed */
function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
