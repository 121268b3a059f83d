import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { S3Double } from "./s3-double.ts";

/** An object that a query reads, as a file. */
export interface CachedFile {
  readonly path: string;
  readonly bytes: number;
}

/** Objects of the S3 double as files, each written once; to be closed. */
export class FileCache {
  readonly #s3: S3Double;
  #folder: string | undefined;
  #count = 0;
  /** By the very bytes that were put: whoever puts an object again puts other ones. */
  readonly #paths = new WeakMap<Uint8Array, string>();

  constructor(s3: S3Double) {
    this.#s3 = s3;
  }

  /** Lists for one query: a bucket's keys are asked for once. */
  openLister(): FileLister {
    const keys = new Map<string, readonly string[]>();
    return {
      list: (location) => {
        const place = parseLocation(location);
        if (place === undefined) return [];
        const all = keys.get(place.bucket) ?? this.#s3.keys(place.bucket);
        keys.set(place.bucket, all);
        return listBelow(all, place.prefix).map((key) => ({ bucket: place.bucket, key }));
      },
      size: ({ bucket, key }) => this.#s3.read(bucket, key)?.length ?? 0,
      textSize: ({ bucket, key }) => measureText(this.#s3.read(bucket, key) ?? new Uint8Array(), key),
    };
  }

  async write({ bucket, key }: ObjectName): Promise<string> {
    const bytes = this.#s3.read(bucket, key) ?? new Uint8Array();
    const known = this.#paths.get(bytes);
    // Empty objects may share their bytes whatever their names.
    if (known !== undefined && known.endsWith(extensionOf(key))) return known;
    this.#folder ??= await mkdtemp(join(tmpdir(), "ctp-athena-"));
    this.#count += 1;
    const path = join(this.#folder, `${this.#count}${extensionOf(key)}`);
    await writeFile(path, bytes);
    this.#paths.set(bytes, path);
    return path;
  }

  async close(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}

export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
}

export interface FileLister {
  /** The objects below a location that Hive does not take for hidden; none for a location with an empty folder name. */
  list(location: string): ObjectName[];
  size(object: ObjectName): number;
  /** Of its text: what it unpacks to. */
  textSize(object: ObjectName): number;
}

/** Athena does not support `//` below a bucket: such a location has no rows. */
function parseLocation(location: string): { readonly bucket: string; readonly prefix: string } | undefined {
  const [, bucket, rest = ""] = /^s3[an]?:\/\/([^/]+)\/?(.*)$/.exec(location) ?? [];
  if (bucket === undefined || rest.startsWith("/") || rest.includes("//")) return undefined;
  return { bucket, prefix: rest === "" || rest.endsWith("/") ? rest : `${rest}/` };
}

function listBelow(keys: readonly string[], prefix: string): string[] {
  let [low, high] = [0, keys.length];
  const wanted = Buffer.from(prefix);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Buffer.compare(Buffer.from(keys[middle]!), wanted) < 0) low = middle + 1;
    else high = middle;
  }
  const found: string[] = [];
  for (let at = low; keys[at]?.startsWith(prefix) === true; at++) found.push(keys[at]!);
  return found.filter((key) => !key.endsWith("/") && !/(^|\/)[._]/.test(key.slice(prefix.length)));
}

/** gzip's last four bytes tell; of several members only the last, so that a usual rate is reckoned with too. */
function measureText(bytes: Uint8Array, key: string): number {
  if (!key.endsWith(".gz") || bytes.length < 4) return bytes.length;
  const told = Buffer.from(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).readUInt32LE();
  return Math.max(told, bytes.length * USUAL_RATE);
}

const USUAL_RATE = 40;

function extensionOf(key: string): string {
  return key.endsWith(".gz") ? ".json.gz" : ".json";
}
