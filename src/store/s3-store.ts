import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { AwsSettings } from "../aws/clients.ts";
import { withSignal } from "../aws/clients.ts";
import { SourceChanged } from "../core/source-changed.ts";
import { explainS3Error } from "./explain-s3-error.ts";
import type { S3Access } from "./s3-client.ts";
import { openS3Access } from "./s3-client.ts";
import { listS3Files } from "./s3-files.ts";
import { listS3Folders } from "./s3-folders.ts";
import { readWholeObject } from "./s3-object.ts";
import type { ListPage, S3Page, S3Place, S3Position } from "./s3-pages.ts";
import { openS3Pages, pathOf } from "./s3-pages.ts";
import type { Store, StoreEntry, StoreObject } from "./store.ts";

export interface S3StoreOptions {
  readonly bucket: string;
  /** "" for the whole bucket; slashes at its end do not count. */
  readonly prefix: string;
  readonly aws: AwsSettings;
  /** Whether the caller pays for requests, as "requester pays" buckets want it. @default false */
  readonly requestPayer?: boolean;
}

/** A store over a bucket. It sends ListObjectsV2 and GetObject, and nothing else; nothing is sent before it is asked. */
export function openS3Store({ bucket, prefix, aws, requestPayer = false }: S3StoreOptions): Store {
  const folder = prefix.replace(/\/+$/, "");
  const place: S3Place = { bucket, base: folder === "" ? "" : `${folder}/`, requestPayer };
  const access = openS3Access(aws);
  const ask = openS3Pages(access, place);
  return {
    url: folder === "" ? `s3://${bucket}` : `s3://${bucket}/${folder}`,
    manners: { listingsAtOnce: 64, searchAtMost: 100 },
    folder: undefined,
    requests: access.requests,
    listChildren: (of, { signal } = {}) => listChildren(ask, of, signal),
    listFolders: (of, options) => listS3Folders(ask, of, options),
    listFiles: (of, options) => listS3Files(ask, of, options),
    readListed: (object, { signal } = {}) => readListed(access, place, { object, signal }),
    read: (key, { signal } = {}) => readObject(access, place, { key, signal }),
  };
}

async function* listChildren(
  ask: ListPage,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<StoreEntry> {
  let position: S3Position | undefined = {};
  while (position !== undefined) {
    const page: S3Page = await ask({ prefix, delimiter: "/", signal, ...position });
    for (const entry of page.entries) {
      // Some tools make an empty key for a folder: it is no child of itself.
      if (pathOf(entry) === prefix) continue;
      yield entry.kind === "group" ? { kind: "folder", prefix: entry.prefix } : entry;
    }
    position = page.token === undefined ? undefined : { token: page.token };
  }
}

/** What S3 answers where an object is not the one that was listed, or where there is none. */
const CHANGED = /^(PreconditionFailed|NoSuchKey|412)$/;

async function readListed(
  access: S3Access,
  { bucket, base, requestPayer }: S3Place,
  {
    object: { key, size, tag },
    signal,
  }: { object: Pick<StoreObject, "key" | "size" | "tag">; signal: AbortSignal | undefined },
): Promise<Uint8Array> {
  const name = `${base}${key}`;
  try {
    const bytes = await readWholeObject(access, { bucket, key: name, tag, requestPayer, signal });
    if (bytes.length !== size) throw new SourceChanged(key);
    return bytes;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && CHANGED.test(error.name)) throw new SourceChanged(key, { cause: error });
    throw explainS3Error(error, { action: "s3:GetObject", bucket, key: name });
  }
}

async function* readObject(
  access: S3Access,
  { bucket, base, requestPayer }: S3Place,
  { key, signal }: { readonly key: string; readonly signal: AbortSignal | undefined },
): AsyncGenerator<Uint8Array> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: `${base}${key}`,
    ...(requestPayer ? { RequestPayer: "requester" } : {}),
  });
  try {
    signal?.throwIfAborted();
    const { Body: body } = await access.send((client) => client.send(command, withSignal(signal)));
    // In Node it is a readable stream; the SDK's type is for browsers too.
    yield* body as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    signal?.throwIfAborted();
    throw explainS3Error(error, { action: "s3:GetObject", bucket, key: `${base}${key}` });
  }
}
