import { GetObjectCommand } from "@aws-sdk/client-s3";
import { withSignal } from "../aws/clients.ts";
import { pause } from "./pause.ts";
import type { S3Access } from "./s3-client.ts";

export interface ObjectQuestion {
  readonly bucket: string;
  /** The whole key. */
  readonly key: string;
  /** The ETag that it must have, without quotes; undefined for any. */
  readonly tag?: string | undefined;
  readonly requestPayer?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The SDK repeats requests, but not an answer that breaks off. */
const TRIES = 4;
const FIRST_PAUSE_MS = 50;

/** All bytes of an object. Throws what the SDK throws: PreconditionFailed where it has another tag. */
export async function readWholeObject(access: S3Access, question: ObjectQuestion): Promise<Uint8Array> {
  const { signal } = question;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const body = await openObject(access, question);
    try {
      return await body.transformToByteArray();
    } catch (error) {
      signal?.throwIfAborted();
      if (attempt >= TRIES) throw error;
      await pause(FIRST_PAUSE_MS * 2 ** attempt, signal);
    }
  }
}

async function openObject(
  access: S3Access,
  { bucket, key, tag, requestPayer = false, signal }: ObjectQuestion,
): Promise<{ transformToByteArray(): Promise<Uint8Array> }> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(tag === undefined ? {} : { IfMatch: `"${tag}"` }),
    ...(requestPayer ? { RequestPayer: "requester" } : {}),
  });
  const { Body: body } = await access.send((client) => client.send(command, withSignal(signal)));
  // Without a body it is not S3 that answers.
  if (body === undefined) throw new Error(`the answer to GetObject of s3://${bucket}/${key} has no body`);
  return body;
}
