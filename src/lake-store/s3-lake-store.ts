import type { AwsSettings } from "../aws/clients.ts";
import { openS3Access } from "../store/s3-client.ts";
import { listS3Files } from "../store/s3-files.ts";
import { readWholeObject } from "../store/s3-object.ts";
import type { ListPage } from "../store/s3-pages.ts";
import { openS3Pages } from "../store/s3-pages.ts";
import type { LakeObject, LakeStore } from "./lake-store.ts";
import type { LakeBucket } from "./s3-lake-call.ts";
import { callExplained } from "./s3-lake-call.ts";
import { removeObjects } from "./s3-lake-remove.ts";
import { createObject, putObject } from "./s3-lake-write.ts";

export interface S3LakeOptions {
  readonly bucket: string;
  /** "" for the whole bucket; slashes at its end do not count. */
  readonly prefix: string;
  readonly aws: AwsSettings;
}

/** A lake in a bucket. It sends ListObjectsV2, GetObject, PutObject and DeleteObjects, and nothing else. */
export function openS3LakeStore({ bucket, prefix, aws }: S3LakeOptions): LakeStore {
  const folder = prefix.replace(/\/+$/, "");
  const base = folder === "" ? "" : `${folder}/`;
  const access = openS3Access(aws);
  const lake: LakeBucket = { access, bucket };
  const ask = openS3Pages(access, { bucket, base, requestPayer: false, isLake: true });
  return {
    url: folder === "" ? `s3://${bucket}` : `s3://${bucket}/${folder}`,
    requests: access.requests,
    callsAtOnce: 32,
    listFiles: (of, { signal } = {}) => listFiles(ask, of, signal),
    read: (key, { signal } = {}) => readIfThere(lake, `${base}${key}`, signal),
    write: (key, pieces, { signal } = {}) =>
      putObject(lake, { key: `${base}${key}`, body: join(pieces), signal }),
    create: (key, body, { signal } = {}) => createObject(lake, { key: `${base}${key}`, body, signal }),
    remove: (keys, { signal } = {}) =>
      removeObjects(
        lake,
        keys.map((key) => `${base}${key}`),
        { signal },
      ),
  };
}

async function* listFiles(
  ask: ListPage,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<LakeObject> {
  for await (const { key, size, modified } of listS3Files(ask, prefix, { signal }))
    yield { key, size, modified };
}

function readIfThere(
  lake: LakeBucket,
  key: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  const { access, bucket } = lake;
  return callExplained(lake, { action: "s3:GetObject", key, signal }, async () => {
    try {
      return await readWholeObject(access, { bucket, key, signal });
    } catch (error) {
      if (error instanceof Error && error.name === "NoSuchKey") return undefined;
      throw error;
    }
  });
}

/** The SDK takes a stream too, which it can send but once. */
function join(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
}
