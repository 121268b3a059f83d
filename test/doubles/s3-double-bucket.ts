import { createHash } from "node:crypto";

/** What was put, as it comes back. */
export interface S3Object {
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** With its quotes. */
  readonly etag: string;
  /** Content-Type, Content-Encoding and x-amz-meta-*, by small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** "GLACIER" cannot be read. */
  readonly storageClass: string;
}

export interface S3Listing {
  readonly objects: readonly (readonly [key: string, object: S3Object])[];
  readonly groups: readonly string[];
  /** Where the next page goes on; undefined on the last. */
  readonly next: string | undefined;
}

export interface S3ListQuestion {
  readonly prefix: string;
  /** "" for none. */
  readonly delimiter: string;
  /** "" for the beginning. */
  readonly startAfter: string;
  readonly token: string | undefined;
  readonly maxKeys: number;
}

/**
 * The keys of a bucket in order. Inside, a key is its UTF-8 bytes as Latin-1 text: JavaScript then compares as S3 does. A
 * listing jumps from group to group by binary search, so that it costs what it gives, not what the bucket holds.
 */
export class S3DoubleBucket {
  readonly #objects = new Map<string, S3Object>();
  #sorted: string[] | undefined;
  readonly region: string | undefined;
  readonly requesterPays: boolean;

  constructor({ region, requesterPays }: { region: string | undefined; requesterPays: boolean }) {
    this.region = region;
    this.requesterPays = requesterPays;
  }

  put(key: string, object: Omit<S3Object, "etag">): S3Object {
    const etag = `"${createHash("md5").update(object.bytes).digest("hex")}"`;
    const name = toBytes(key);
    if (!this.#objects.has(name)) this.#sorted = undefined;
    const stored = { ...object, etag };
    this.#objects.set(name, stored);
    return stored;
  }

  read(key: string): S3Object | undefined {
    return this.#objects.get(toBytes(key));
  }

  remove(key: string): void {
    if (this.#objects.delete(toBytes(key))) this.#sorted = undefined;
  }

  keys(): string[] {
    return this.#names().map(fromBytes);
  }

  list({ maxKeys, token, ...question }: S3ListQuestion): S3Listing {
    const names = this.#names();
    const prefix = toBytes(question.prefix);
    const delimiter = toBytes(question.delimiter);
    const after = toBytes(question.startAfter);
    const objects: [string, S3Object][] = [];
    const groups: string[] = [];
    const first = lowerBound(names, prefix);
    let at =
      token === undefined
        ? startIndex(names, { first, prefix, delimiter, after })
        : lowerBound(names, readToken(token));
    while (isBelow(names[at], prefix) && objects.length + groups.length < maxKeys) {
      const name = names[at] ?? "";
      const end = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
      if (end < 0) {
        const object = this.#objects.get(name);
        if (object !== undefined) objects.push([fromBytes(name), object]);
        at += 1;
      } else {
        const group = name.slice(0, end + delimiter.length);
        groups.push(fromBytes(group));
        at = endOf(names, group);
      }
    }
    const isDone = maxKeys === 0 || !isBelow(names[at], prefix);
    return { objects, groups, next: isDone ? undefined : printToken(names[at] ?? "") };
  }

  #names(): readonly string[] {
    return (this.#sorted ??= [...this.#objects.keys()].toSorted());
  }
}

function toBytes(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function fromBytes(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString();
}

/** A token is the next key: a bucket may change between two pages. */
function printToken(name: string): string {
  return Buffer.from(name, "latin1").toString("base64url");
}

function readToken(token: string): string {
  return Buffer.from(token, "base64url").toString("latin1");
}

function isBelow(name: string | undefined, prefix: string): boolean {
  return name !== undefined && name.startsWith(prefix);
}

/** The first index whose name is not less. */
function lowerBound(names: readonly string[], wanted: string): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] ?? "") < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index behind all names that begin so; no name has a character past the bytes' 0xFF. */
function endOf(names: readonly string[], beginning: string): number {
  return lowerBound(names, `${beginning}\u0100`);
}

/**
 * A group that start-after lies in is left out whole, as Ceph does. What AWS does is not documented: no code should depend on
 * it, and leaving out is what such code would notice.
 */
function startIndex(
  names: readonly string[],
  { first, prefix, delimiter, after }: { first: number; prefix: string; delimiter: string; after: string },
): number {
  if (after === "") return first;
  const end = delimiter === "" || !after.startsWith(prefix) ? -1 : after.indexOf(delimiter, prefix.length);
  if (end >= 0) return endOf(names, after.slice(0, end + delimiter.length));
  const next = lowerBound(names, after);
  return Math.max(first, names[next] === after ? next + 1 : next);
}
