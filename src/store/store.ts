/** A file: its key has forward slashes and is relative to the store. */
export interface StoreObject {
  readonly kind: "object";
  readonly key: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
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
   * The bytes of a file, as stored.
   * @throws UserError where there is no such file
   */
  read(key: string, options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<Uint8Array>;
}

/** Orders names as S3 does, by their UTF-8 bytes; JavaScript's own order differs beyond the basic plane. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
