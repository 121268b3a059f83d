import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { AwsSettings } from "../aws/clients.ts";
import { explainS3Error } from "./explain-s3-error.ts";
import type { S3Access } from "./s3-client.ts";
import { openS3Access } from "./s3-client.ts";
import { listS3Folders } from "./s3-folders.ts";
import type { S3Page, S3PageQuestion, S3Place, S3Position } from "./s3-pages.ts";
import { listPage, pathOf } from "./s3-pages.ts";
import type { Store, StoreEntry } from "./store.ts";

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
  const ask = (question: S3PageQuestion): Promise<S3Page> => listExplained(access, place, question);
  return {
    url: folder === "" ? `s3://${bucket}` : `s3://${bucket}/${folder}`,
    manners: { listingsAtOnce: 64, searchAtMost: 100 },
    requests: access.requests,
    listChildren: (of, { signal } = {}) => listChildren(ask, of, signal),
    listFolders: (of, options) => listS3Folders(ask, of, options),
    read: (key, { signal } = {}) => readObject(access, place, { key, signal }),
  };
}

async function* listChildren(
  ask: (question: S3PageQuestion) => Promise<S3Page>,
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

async function listExplained(access: S3Access, place: S3Place, question: S3PageQuestion): Promise<S3Page> {
  try {
    return await listPage(access, place, question);
  } catch (error) {
    question.signal?.throwIfAborted();
    throw explainS3Error(error, { action: "s3:ListBucket", bucket: place.bucket });
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
    const { Body: body } = await access.send((client) =>
      client.send(command, signal === undefined ? {} : { abortSignal: signal }),
    );
    // In Node it is a readable stream; the SDK's type is for browsers too.
    yield* body as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    signal?.throwIfAborted();
    throw explainS3Error(error, { action: "s3:GetObject", bucket, key: `${base}${key}` });
  }
}
