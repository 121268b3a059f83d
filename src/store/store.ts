/** A file: its key has forward slashes and is relative to the store. */
export interface StoreObject {
  readonly kind: "object";
  readonly key: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Differs where the file was changed: S3's ETag, or the time of the last change. */
  readonly tag: string;
}

/** A folder; on S3 a common prefix. */
export interface StoreFolder {
  readonly kind: "folder";
  /** Relative to the store, with its final slash. */
  readonly prefix: string;
}

export type StoreEntry = StoreObject | StoreFolder;

export interface ListFoldersOptions {
  /** At least 1. */
  readonly levels: number;
  /** A folder with its final slash: what sorts before it is left out. */
  readonly from?: string | undefined;
  /** What most files' names have behind something that is the same in a whole folder; S3 groups keys by it. */
  readonly infix: string;
  readonly signal?: AbortSignal | undefined;
}

export interface ListFilesOptions {
  readonly from?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a walk should know before it lists. */
export interface StoreManners {
  /** How many listings at once serve the store best. */
  readonly listingsAtOnce: number;
  /** How many folders may be listed in search of `AWSLogs` folders. */
  readonly searchAtMost: number;
}

/** Where the bytes of the logs lie. Read-only by its type: there is no way to write. */
export interface Store {
  /** An absolute folder, or `s3://bucket/prefix`; no slash at the end. */
  readonly url: string;
  readonly manners: StoreManners;
  /** The folder of this machine in which keys are paths; undefined for any other place. */
  readonly folder: string | undefined;
  /** API requests sent so far, by service and operation ("S3 ListObjectsV2"); empty where there is no API. */
  readonly requests: ReadonlyMap<string, number>;
  /**
   * The direct children of a folder, in the order of their names' UTF-8 bytes. A folder that does not exist has none.
   * @param prefix "" for the whole store, else a folder with its final slash
   */
  listChildren(
    prefix: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): AsyncIterable<StoreEntry>;
  /**
   * The folders exactly `levels` below `prefix` that hold something, and the files that lie higher up, in the order of
   * their names' UTF-8 bytes: on S3 with one entry a folder in the answers, not one a file.
   */
  listFolders(prefix: string, options: ListFoldersOptions): AsyncIterable<StoreEntry>;
  /**
   * All files below a folder, however deep, in the order of their keys' UTF-8 bytes: on S3 1,000 an answer.
   * @param options.from a key or its beginning: what sorts before it is left out
   */
  listFiles(prefix: string, options?: ListFilesOptions): AsyncIterable<StoreObject>;
  /**
   * All bytes of a file that is as it was when it was listed.
   * @throws SourceChanged where it is not, or is gone
   */
  readListed(
    object: Pick<StoreObject, "key" | "size" | "tag">,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Uint8Array>;
  /**
   * The bytes of a file, as stored.
   * @throws UserError where there is no such file
   */
  read(key: string, options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<Uint8Array>;
}

const SURROGATE = /[\uD800-\uDFFF]/;

/** Orders names as S3 does, by their UTF-8 bytes; JavaScript's own order, which is faster, differs beyond the basic plane. */
export function compareKeys(a: string, b: string): number {
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
