import type { Dirent, Stats } from "node:fs";
import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { isMissing, unreadable } from "./local-errors.ts";
import { toStoreObject } from "./local-file.ts";
import type { StoreObject } from "./store.ts";
import { compareKeys } from "./store.ts";

/** How long other work may have to wait. */
const SLICE_MS = 10;

export interface WalkOptions {
  readonly root: string;
  /** "" for the root, else a folder with its final slash. */
  readonly prefix: string;
  /** What sorts before it is left out. */
  readonly from?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Names of files and folders that are left out. */
  readonly isHidden?: ((name: string) => boolean) | undefined;
}

/**
 * All files below a folder, in the order of their keys' UTF-8 bytes. Links are followed, save those that lead back to where they
 * lie. Asks the disk synchronously, a few milliseconds at a time: the thread pool takes three times as long for as many files.
 */
export async function* walkFiles(options: WalkOptions): AsyncGenerator<StoreObject> {
  const { root, prefix, from = "", signal } = options;
  const stack = [openFolder(prefix, { ...options, from, realPaths: [] })].filter(isThere);
  let sliceEnd = performance.now() + SLICE_MS;
  for (let folder = stack.at(-1); folder !== undefined; folder = stack.at(-1)) {
    signal?.throwIfAborted();
    if (performance.now() > sliceEnd) {
      await setImmediate();
      signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE_MS;
    }
    const key = folder.keys[folder.done++];
    if (key === undefined) stack.pop();
    else if (key.endsWith("/")) {
      const inner = openFolder(key, { ...options, from, realPaths: folder.realPaths });
      if (inner !== undefined) stack.push(inner);
    } else {
      const stats = statIfThere(join(root, key));
      if (stats?.isFile() === true) yield toStoreObject(key, stats);
    }
  }
}

/** A folder on the way down. */
interface OpenFolder {
  /** Of what lies in it, those of folders with their slash, in order. */
  readonly keys: readonly string[];
  /** How many of the keys are behind us. */
  done: number;
  /** Where it and all folders above it really lie. */
  readonly realPaths: readonly string[];
}

interface Surroundings extends Pick<WalkOptions, "root" | "isHidden"> {
  readonly from: string;
  readonly realPaths: readonly string[];
}

/** @returns undefined where there is no such folder, or where it is one of those that lead to it */
function openFolder(
  prefix: string,
  { root, from, realPaths, isHidden }: Surroundings,
): OpenFolder | undefined {
  const path = join(root, prefix);
  try {
    const realPath = realpathSync.native(path);
    if (realPaths.includes(realPath)) return undefined;
    const keys = readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => isHidden?.(name) !== true)
      .flatMap((dirent) => printKey(dirent, { path, prefix }))
      .filter((key) => compareKeys(key, from) >= 0 || (key.endsWith("/") && from.startsWith(key)))
      .toSorted(compareKeys);
    return { keys, done: 0, realPaths: [...realPaths, realPath] };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable("folder", path, error);
  }
}

/** None for what is neither a file nor a folder, and for a link to nothing. */
function printKey(dirent: Dirent, { path, prefix }: { path: string; prefix: string }): [string] | [] {
  const target = dirent.isSymbolicLink() ? statIfThere(join(path, dirent.name)) : dirent;
  if (target?.isDirectory() === true) return [`${prefix}${dirent.name}/`];
  return target?.isFile() === true ? [`${prefix}${dirent.name}`] : [];
}

/** @returns undefined for what was deleted since it was listed, and for a link to nothing or to itself */
function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable("file", path, error);
  }
}

function isThere<T>(one: T | undefined): one is T {
  return one !== undefined;
}
