/** A file of a lake: its key has forward slashes and is relative to the lake. */
export interface LakeObject {
  readonly key: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Where the files of a lake lie. The only port through which the tool writes and deletes files. */
export interface LakeStore {
  /** An absolute folder, or `s3://bucket/prefix`; no slash at the end. */
  readonly url: string;
  /** API requests sent so far, by service and operation; empty where there is no API. */
  readonly requests: ReadonlyMap<string, number>;
  /** How many calls at once serve the store best. */
  readonly callsAtOnce: number;
  /** All files below a prefix that ends in a slash, in the order of their keys' UTF-8 bytes; none where there is no such folder. */
  listFiles(prefix: string, options?: CallOptions): AsyncIterable<LakeObject>;
  /** All bytes of a file; undefined where there is none. */
  read(key: string, options?: CallOptions): Promise<Uint8Array | undefined>;
  /** Writes a file, whole or not at all, and durably; a file of this key is replaced. */
  write(key: string, pieces: readonly Uint8Array[], options?: CallOptions): Promise<void>;
  /**
   * Writes a file, whole or not at all, where there is none of this key. Of several that try, one succeeds.
   * @returns whether this one did. False does not prove that another did, since an answer may get lost and the request be
   * repeated: whoever must know compares the contents
   */
  create(key: string, bytes: Uint8Array, options?: CallOptions): Promise<boolean>;
  /** Deletes files; those that are gone already count as deleted. Folders that this leaves empty go too. */
  remove(keys: readonly string[], options?: CallOptions): Promise<void>;
}
