import { PutObjectCommand } from "@aws-sdk/client-s3";
import { withSignal } from "../aws/clients.ts";
import { UserError } from "../core/user-error.ts";
import { pause } from "../store/pause.ts";
import type { LakeBucket } from "./s3-lake-call.ts";
import { callExplained, statusOf } from "./s3-lake-call.ts";

export interface NewObject {
  /** Whole. */
  readonly key: string;
  readonly body: Uint8Array;
  readonly signal: AbortSignal | undefined;
}

/** One PutObject: S3 then has the whole object, or what was there before. */
export async function putObject(lake: LakeBucket, object: NewObject): Promise<void> {
  await callExplained(lake, { action: "s3:PutObject", ...object }, () => sendObject(lake, object));
}

/** Of several that write at the same moment, S3 asks some to come again. */
const TRIES = 6;
const LONGEST_FIRST_PAUSE_MS = 100;

/**
 * One PutObject with If-None-Match.
 * @returns whether it made the object. False does not tell that another did: an answer may get lost, and the request be repeated
 * @throws UserError where the server knows no conditional writes
 */
export function createObject(lake: LakeBucket, object: NewObject): Promise<boolean> {
  return callExplained(lake, { action: "s3:PutObject", ...object }, async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        await sendObject(lake, object, "*");
        return true;
      } catch (error) {
        if (statusOf(error) === 412) return false;
        if (statusOf(error) !== 409 || attempt === TRIES) throw explainUnconditional(error, lake);
      }
      await pause(Math.random() * LONGEST_FIRST_PAUSE_MS * 2 ** attempt, object.signal);
    }
  });
}

async function sendObject(
  { access, bucket }: LakeBucket,
  { key, body, signal }: NewObject,
  ifNoneMatch?: string,
): Promise<void> {
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: body,
    ...(ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch }),
  });
  await access.send((client) => client.send(command, withSignal(signal)));
}

/** How servers other than S3 refuse a header that they do not know. */
function explainUnconditional(error: unknown, { bucket }: LakeBucket): unknown {
  if (statusOf(error) !== 501) return error;
  return new UserError(
    `the server of the bucket ${bucket} has no conditional writes (PutObject with If-None-Match), which keep two runs from writing the same account-day`,
    { hint: "choose a bucket of S3 for the lake, or a folder", cause: error },
  );
}
