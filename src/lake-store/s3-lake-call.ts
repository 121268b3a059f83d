import type { S3Call } from "../store/explain-s3-error.ts";
import { explainS3Error } from "../store/explain-s3-error.ts";
import type { S3Access } from "../store/s3-client.ts";

/** The bucket that a lake lies in. */
export interface LakeBucket {
  readonly access: S3Access;
  readonly bucket: string;
}

export interface LakeCall {
  readonly action: S3Call["action"];
  /** Whole. */
  readonly key: string;
  readonly signal: AbortSignal | undefined;
}

/** Makes a call, and explains what it throws; where the signal has come, throws its reason. */
export async function callExplained<T>(
  { bucket }: LakeBucket,
  { action, key, signal }: LakeCall,
  call: () => Promise<T>,
): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await call();
  } catch (error) {
    signal?.throwIfAborted();
    throw explainS3Error(error, { action, key, bucket, isLake: true });
  }
}

/** The HTTP status of what the SDK throws; undefined where there was no answer. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const { $metadata: metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return metadata?.httpStatusCode;
}
