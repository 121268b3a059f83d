import { hash } from "node:crypto";
import { SourceChanged } from "../core/source-changed.ts";
import { UserError } from "../core/user-error.ts";
import { folderAt } from "./folder-at.ts";
import type { Store, StoreEntry, StoreObject } from "./store.ts";
import { compareKeys } from "./store.ts";

/** A store in memory: a map of keys to bytes, for tests and for callers who have their logs at hand. */
export function openMemoryStore(
  files: ReadonlyMap<string, Uint8Array>,
  { url = "/memory", modified = 0 }: { readonly url?: string; readonly modified?: number } = {},
): Store {
  return {
    url,
    manners: { listingsAtOnce: 8, searchAtMost: 5000 },
    folder: undefined,
    requests: new Map(),
    async *listChildren(prefix, { signal } = {}) {
      yield* entriesOf(files, { prefix, levels: 1, from: "", withEmpty: true, modified, signal });
    },
    async *listFolders(prefix, { levels, from = "", signal }) {
      yield* entriesOf(files, { prefix, levels, from, withEmpty: false, modified, signal });
    },
    async *listFiles(prefix, { from = "", signal } = {}) {
      const keys = [...files.keys()].filter(
        (key) => key.startsWith(prefix) && !key.endsWith("/") && compareKeys(key, from) >= 0,
      );
      for (const key of keys.toSorted(compareKeys)) {
        signal?.throwIfAborted();
        const bytes = files.get(key);
        if (bytes !== undefined) yield toStoreObject(key, { bytes, modified });
      }
    },
    async readListed({ key, size, tag }, { signal } = {}) {
      signal?.throwIfAborted();
      const bytes = files.get(key);
      if (bytes?.length !== size || printTag(bytes) !== tag) throw new SourceChanged(key);
      return bytes;
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
  readonly levels: number;
  readonly from: string;
  /** Whether to give folders of which there is no more than their own key, which ends in a slash. */
  readonly withEmpty: boolean;
  readonly modified: number;
  readonly signal: AbortSignal | undefined;
}

function* entriesOf(
  files: ReadonlyMap<string, Uint8Array>,
  { from, signal, ...question }: Question,
): Iterable<StoreEntry> {
  const entries = new Map<string, StoreEntry>();
  for (const [key, bytes] of files) {
    if (key.startsWith(question.prefix)) addEntry(entries, { key, bytes, ...question });
  }
  const paths = [...entries.keys()].filter((path) => compareKeys(path, from) >= 0);
  for (const path of paths.toSorted(compareKeys)) {
    signal?.throwIfAborted();
    const entry = entries.get(path);
    if (entry !== undefined) yield entry;
  }
}

interface MemoryFile extends Omit<Question, "from" | "signal"> {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** A key that ends in a slash stands for a folder, as some tools make them on S3: it is no file. */
function addEntry(
  entries: Map<string, StoreEntry>,
  { key, bytes, modified, withEmpty, ...place }: MemoryFile,
): void {
  const folder = folderAt(key, place);
  if (folder === undefined && !key.endsWith("/")) {
    entries.set(key, toStoreObject(key, { bytes, modified }));
  } else if (folder !== undefined && (folder !== key || withEmpty)) {
    entries.set(folder, { kind: "folder", prefix: folder });
  }
}

function toStoreObject(
  key: string,
  { bytes, modified }: { readonly bytes: Uint8Array; readonly modified: number },
): StoreObject {
  return { kind: "object", key, size: bytes.length, modified, tag: printTag(bytes) };
}

/** As S3 makes the ETag of most objects. */
function printTag(bytes: Uint8Array): string {
  return hash("md5", bytes);
}
