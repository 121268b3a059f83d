import { UserError } from "../core/user-error.ts";
import type { Store, StoreEntry } from "./store.ts";
import { compareKeys } from "./store.ts";

/** A store in memory: a map of keys to bytes, for tests and for callers who have their logs at hand. */
export function openMemoryStore(
  files: ReadonlyMap<string, Uint8Array>,
  { url = "/memory", modified = 0 }: { readonly url?: string; readonly modified?: number } = {},
): Store {
  return {
    url,
    async *listChildren(prefix, { signal } = {}) {
      yield* childrenOf(files, { prefix, modified, signal });
    },
    async *read(key, { signal } = {}) {
      signal?.throwIfAborted();
      const bytes = files.get(key);
      if (bytes === undefined) throw new UserError(`there is no file ${key} in ${url}`);
      yield bytes;
    },
  };
}

interface Question {
  readonly prefix: string;
  readonly modified: number;
  readonly signal: AbortSignal | undefined;
}

function* childrenOf(
  files: ReadonlyMap<string, Uint8Array>,
  { prefix, modified, signal }: Question,
): Iterable<StoreEntry> {
  const children = new Map<string, StoreEntry>();
  for (const [key, bytes] of files) {
    if (!key.startsWith(prefix)) continue;
    const slash = key.indexOf("/", prefix.length);
    const name = slash < 0 ? key : key.slice(0, slash + 1);
    if (name === prefix) continue;
    children.set(
      name,
      slash < 0 ? { kind: "object", key, size: bytes.length, modified } : { kind: "folder", prefix: name },
    );
  }
  for (const name of [...children.keys()].toSorted(compareKeys)) {
    signal?.throwIfAborted();
    const child = children.get(name);
    if (child !== undefined) yield child;
  }
}
