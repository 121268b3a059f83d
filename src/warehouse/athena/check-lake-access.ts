import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { makeClientConfig, withSignal } from "../../aws/clients.ts";
import { printBucketArn } from "../../core/arn.ts";
import type { Check } from "../../core/check.ts";
import type { AccessTrial } from "./access-trial.ts";
import { ATTEMPTS } from "./access-trial.ts";
import { attemptCheck } from "./attempt-check.ts";

/** Whether the lake can be listed and read; nothing where there is none. Two requests. */
export async function checkLakeAccess(trial: AccessTrial): Promise<readonly Check[]> {
  const [, bucket, path = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/i.exec(trial.options.lake ?? "") ?? [];
  if (bucket === undefined) return [];
  const { aws } = trial.options;
  const client = new S3Client({
    ...makeClientConfig(aws),
    maxAttempts: ATTEMPTS,
    forcePathStyle: aws.endpointUrl !== undefined,
    followRegionRedirects: true,
  });
  const folder = path.replace(/\/+$/, "");
  const prefix = folder === "" ? "" : `${folder}/`;
  const lake: Lake = { ...trial, bucket, prefix, client, arn: printBucketArn(trial.place, bucket) };
  try {
    const { check, key } = await checkListing(lake);
    return key === undefined ? [check] : [check, await checkReading(lake, key)];
  } finally {
    client.destroy();
  }
}

interface Lake extends AccessTrial {
  readonly bucket: string;
  /** "", or with its final slash. */
  readonly prefix: string;
  readonly client: S3Client;
  readonly arn: string;
}

interface CheckedListing {
  readonly check: Check;
  /** Of some file; undefined where there is none. */
  readonly key: string | undefined;
}

async function checkListing(lake: Lake): Promise<CheckedListing> {
  const { bucket, prefix, arn, client, signal } = lake;
  let key: string | undefined;
  const resource = `${arn}, prefix "${prefix}"`;
  const attempt = { name: "lake", action: "s3:ListBucket", resource, remedyOf: remedyOfBucket };
  const check = await attemptCheck(attempt, async () => {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 });
    [key] = ((await client.send(command, withSignal(signal))).Contents ?? []).map(({ Key }) => Key);
    const found = key === undefined ? "there is nothing yet" : "can be listed";
    return `s3://${bucket}/${prefix} ${found}; writing is not tried, as there is no way that changes nothing: compact will show`;
  });
  return { check, key };
}

function remedyOfBucket({ name }: Error): string | undefined {
  return name === "NoSuchBucket"
    ? "make the bucket, or correct its name: lake in the configuration file, or --lake"
    : undefined;
}

/** Reads a byte: what a KMS key refuses shows here, and not before. */
function checkReading({ bucket, prefix, arn, client, signal }: Lake, key: string): Promise<Check> {
  const resource = `${arn}/${prefix}*`;
  const attempt = { name: "lake files", action: "s3:GetObject", resource, remedyOf: remedyOfReading };
  return attemptCheck(attempt, async () => {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, Range: "bytes=0-0" });
    const { Body } = await client.send(command, withSignal(signal));
    await Body?.transformToByteArray();
    return `allowed, tried on ${key}`;
  });
}

function remedyOfReading({ message }: Error): string | undefined {
  return /\bkms\b/i.test(message)
    ? "allow kms:Decrypt on the key of the lake's bucket, in the caller's policy and in the key's own"
    : undefined;
}
