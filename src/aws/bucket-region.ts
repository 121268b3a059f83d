import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { AwsSettings } from "./clients.ts";
import { makeClientConfig, withSignal } from "./clients.ts";

export interface BucketRegionOptions {
  readonly aws: AwsSettings;
  /** How often a request is sent at most. */
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The Region of a bucket; undefined where S3 does not say. It says so to those too who may not list the bucket, and in the
 * answer that the bucket is elsewhere: no permission is needed. One request.
 * @throws what the SDK throws where S3 cannot be asked at all
 */
export async function readBucketRegion(
  bucket: string,
  { aws, attempts, signal }: BucketRegionOptions,
): Promise<string | undefined> {
  const client = new S3Client({
    ...makeClientConfig(aws),
    maxAttempts: attempts,
    forcePathStyle: aws.endpointUrl !== undefined,
  });
  try {
    const { BucketRegion } = await client.send(new HeadBucketCommand({ Bucket: bucket }), withSignal(signal));
    return BucketRegion;
  } catch (error) {
    if (!(error instanceof Error) || !("$response" in error)) throw error;
    return regionHeader(error.$response);
  } finally {
    client.destroy();
  }
}

function regionHeader(response: unknown): string | undefined {
  if (typeof response !== "object" || response === null || !("headers" in response)) return undefined;
  const region: unknown = Reflect.get(Object(response.headers), "x-amz-bucket-region");
  return typeof region === "string" ? region : undefined;
}
