import type { _Error as KeyError } from "@aws-sdk/client-s3";
import { DeleteObjectsCommand } from "@aws-sdk/client-s3";
import { withSignal } from "../aws/clients.ts";
import { pause } from "../store/pause.ts";
import type { LakeBucket } from "./s3-lake-call.ts";
import { callExplained } from "./s3-lake-call.ts";

export interface RemoveOptions {
  readonly signal: AbortSignal | undefined;
}

/** As many as one DeleteObjects takes. */
const BATCH = 1000;

const TRIES = 6;
const FIRST_PAUSE_MS = 100;

/** Answers for single keys that pass; the SDK, which repeats requests, does not look for them. */
const PASSING = /^(SlowDown|InternalError|ServiceUnavailable|OperationAborted|RequestTimeout)$/;

/** @param keys whole */
export async function removeObjects(
  lake: LakeBucket,
  keys: readonly string[],
  options: RemoveOptions,
): Promise<void> {
  options.signal?.throwIfAborted();
  for (let start = 0; start < keys.length; start += BATCH)
    await removeBatch(lake, keys.slice(start, start + BATCH), options);
}

async function removeBatch(
  lake: LakeBucket,
  batch: readonly string[],
  { signal }: RemoveOptions,
): Promise<void> {
  let keys = batch;
  for (let attempt = 1; ; attempt++) {
    const errors = await sendBatch(lake, keys, signal);
    const final = errors.find(({ Code = "" }) => !PASSING.test(Code) || attempt === TRIES);
    if (final !== undefined) await throwKeyError(lake, final, signal);
    keys = errors.map(({ Key = "" }) => Key);
    if (keys.length === 0) return;
    await pause(FIRST_PAUSE_MS * 2 ** attempt, signal);
  }
}

/** @returns what S3 says of the keys that it has not deleted */
function sendBatch(
  lake: LakeBucket,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly KeyError[]> {
  const [key = ""] = keys;
  return callExplained(lake, { action: "s3:DeleteObject", key, signal }, async () => {
    const command = new DeleteObjectsCommand({
      Bucket: lake.bucket,
      Delete: { Objects: keys.map((each) => ({ Key: each })), Quiet: true },
    });
    const { Errors: errors = [] } = await lake.access.send((client) =>
      client.send(command, withSignal(signal)),
    );
    return errors;
  });
}

function throwKeyError(
  lake: LakeBucket,
  { Key: key = "", Code: name = "", Message: message = "" }: KeyError,
  signal: AbortSignal | undefined,
): Promise<never> {
  return callExplained(lake, { action: "s3:DeleteObject", key, signal }, () =>
    // As the SDK marks answers of the service.
    Promise.reject(Object.assign(new Error(message), { name, $fault: "client" })),
  );
}
