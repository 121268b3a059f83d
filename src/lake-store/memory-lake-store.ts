import { compareKeys } from "../store/store.ts";
import type { LakeObject, LakeStore } from "./lake-store.ts";

export interface MemoryLakeOptions {
  /** @default "/lake" */
  readonly url?: string;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** A lake in memory, for tests: a map of keys to bytes. Files that were not written through it were changed at 0. */
export function openMemoryLakeStore(
  files = new Map<string, Uint8Array>(),
  { url = "/lake", now = Date.now }: MemoryLakeOptions = {},
): LakeStore {
  const modified = new Map<string, number>();
  const put = (key: string, bytes: Uint8Array): void => {
    files.set(key, bytes);
    modified.set(key, now());
  };
  return {
    url,
    requests: new Map(),
    callsAtOnce: 8,
    async *listFiles(prefix, { signal } = {}): AsyncGenerator<LakeObject> {
      signal?.throwIfAborted();
      const keys = [...files.keys()].filter((key) => key.startsWith(prefix));
      for (const key of keys.toSorted(compareKeys)) {
        signal?.throwIfAborted();
        const size = files.get(key)?.length;
        if (size !== undefined) yield { key, size, modified: modified.get(key) ?? 0 };
      }
    },
    async read(key, { signal } = {}) {
      signal?.throwIfAborted();
      return files.get(key);
    },
    async write(key, pieces, { signal } = {}) {
      signal?.throwIfAborted();
      put(key, Buffer.concat(pieces));
    },
    async create(key, bytes, { signal } = {}) {
      signal?.throwIfAborted();
      if (files.has(key)) return false;
      put(key, Buffer.from(bytes));
      return true;
    },
    async remove(keys, { signal } = {}) {
      signal?.throwIfAborted();
      for (const key of keys) files.delete(key);
    },
  };
}
