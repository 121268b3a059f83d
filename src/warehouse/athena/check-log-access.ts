import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { readBucketRegion } from "../../aws/bucket-region.ts";
import { makeClientConfig, withSignal } from "../../aws/clients.ts";
import { printBucketArn } from "../../core/arn.ts";
import type { Check } from "../../core/check.ts";
import { isAccount, isLogFile, isOrganization, isRegion } from "../../core/log-key.ts";
import { attemptCheck } from "./attempt-check.ts";
import type { AccessTrial } from "./access-trial.ts";
import { ATTEMPTS } from "./access-trial.ts";

/** Whether the log bucket can be found, listed and read; nothing where the logs are in no bucket. */
export async function checkLogAccess(trial: AccessTrial): Promise<readonly Check[]> {
  const logs = parsePlace(trial.options.logs);
  if (logs === undefined) return [];
  const { aws } = trial.options;
  const client = new S3Client({
    ...makeClientConfig(aws),
    maxAttempts: ATTEMPTS,
    forcePathStyle: aws.endpointUrl !== undefined,
    followRegionRedirects: true,
  });
  const bucket: Bucket = { ...trial, ...logs, client, arn: printBucketArn(trial.place, logs.bucket) };
  try {
    const { check, folders } = await checkListing(bucket);
    return folders.length === 0 ? [check] : [check, await checkReading(bucket, folders)];
  } finally {
    client.destroy();
  }
}

interface LogPlace {
  readonly bucket: string;
  /** What stands before `AWSLogs/`: "", or with its final slash. */
  readonly prefix: string;
}

interface Bucket extends AccessTrial, LogPlace {
  readonly client: S3Client;
  readonly arn: string;
}

function parsePlace(url: string | undefined): LogPlace | undefined {
  const [, bucket, path = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(url ?? "") ?? [];
  if (bucket === undefined) return undefined;
  const parts = path.split("/").filter((part) => part !== "");
  const root = parts.lastIndexOf("AWSLogs");
  const above = root < 0 ? parts : parts.slice(0, root);
  return { bucket, prefix: above.map((part) => `${part}/`).join("") };
}

interface CheckedListing {
  readonly check: Check;
  /** Where logs may be. */
  readonly folders: readonly string[];
}

/** Lists what a run begins with: the place of `AWSLogs/`, and of Control Tower's `o-id/AWSLogs/`. */
async function checkListing(bucket: Bucket): Promise<CheckedListing> {
  const { prefix, arn } = bucket;
  let folders: readonly string[] = [];
  const resource = `${arn}, prefix "${prefix}"`;
  const check = await attemptCheck(
    { name: "log bucket", action: "s3:ListBucket", resource, remedyOf: remedyOfBucket },
    async () => {
      const top = await listFolder(bucket, prefix);
      folders = top.folders.filter((folder) => /^(AWSLogs|o-[^/]*)\/$/.test(folder.slice(prefix.length)));
      for (const folder of folders) await listFolder(bucket, folder);
      return `${describeFolders(bucket, folders)}${await describeRegion(bucket)}`;
    },
  );
  return { check, folders };
}

function remedyOfBucket({ name }: Error): string | undefined {
  return name === "NoSuchBucket"
    ? "correct the bucket's name: logs in the configuration file, or --logs"
    : undefined;
}

async function describeRegion({ bucket, options, place, signal }: Bucket): Promise<string> {
  const region = await readBucketRegion(bucket, { aws: options.aws, attempts: ATTEMPTS, signal });
  if (region === undefined || region === place.region) return "";
  return `; the bucket is in ${region}, and queries from ${place.region} pay for the transfer`;
}

function describeFolders({ bucket, prefix }: LogPlace, folders: readonly string[]): string {
  if (folders.length > 0) return `${folders.join(", ")} can be listed`;
  return `there is no AWSLogs/ right in s3://${bucket}/${prefix}: a run looks for it in the folders below, and has to list them`;
}

/** Reads a byte of one log file: what a KMS key or a policy on the objects refuses shows here, and not before. */
function checkReading(bucket: Bucket, folders: readonly string[]): Promise<Check> {
  const { arn, prefix, client, options, signal } = bucket;
  const attempt = {
    name: "log files",
    action: "s3:GetObject",
    resource: `${arn}/${prefix}AWSLogs/*`,
    remedyOf: remedyOfReading,
  };
  return attemptCheck(attempt, async () => {
    const key = await findLogFile(bucket, folders);
    if (key === undefined) return `not tried: no log file was found in ${LISTINGS} listings`;
    const input = { Bucket: bucket.bucket, Key: key, Range: "bytes=0-0", ...payer(options) };
    const { Body } = await client.send(new GetObjectCommand(input), withSignal(signal));
    await Body?.transformToByteArray();
    return `allowed, tried on ${key}`;
  });
}

function remedyOfReading({ message }: Error): string | undefined {
  return /\bkms\b/i.test(message)
    ? "allow kms:Decrypt on the trail's key, in the caller's policy and in the key's own: cloudtrail-partitioner iam-policy query --kms-key <arn>"
    : undefined;
}

function payer({ requestPayer }: AccessTrial["options"]): { readonly RequestPayer?: "requester" } {
  return requestPayer === true ? { RequestPayer: "requester" } : {};
}

/** A search for one file must not become a listing of the bucket. */
const LISTINGS = 40;

/** Goes down folders of CloudTrail's layout, the last in order first, until there is a file. */
async function findLogFile(bucket: Bucket, folders: readonly string[]): Promise<string | undefined> {
  const pending = [...folders];
  for (let listed = 0; listed < LISTINGS; listed++) {
    const prefix = pending.pop();
    if (prefix === undefined) return undefined;
    const { folders: children, keys } = await listFolder(bucket, prefix);
    const file = keys.find((key) => key.includes("/CloudTrail/") && isLogFile(nameIn(key)));
    if (file !== undefined) return file;
    pending.push(...children.filter((child) => mayLeadToLogs(nameIn(child.slice(0, -1)))));
  }
  return undefined;
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function mayLeadToLogs(name: string): boolean {
  if (name === "AWSLogs" || name === "CloudTrail" || /^\d{2}(\d{2})?$/.test(name)) return true;
  return isOrganization(name) || isAccount(name) || isRegion(name);
}

interface Listed {
  /** With their final slash. */
  readonly folders: readonly string[];
  readonly keys: readonly string[];
}

/** One page of a folder: enough to try. */
async function listFolder({ bucket, client, options, signal }: Bucket, prefix: string): Promise<Listed> {
  const input = { Bucket: bucket, Prefix: prefix, Delimiter: "/", ...payer(options) };
  const { CommonPrefixes = [], Contents = [] } = await client.send(
    new ListObjectsV2Command(input),
    withSignal(signal),
  );
  return {
    folders: CommonPrefixes.flatMap(({ Prefix }) => Prefix ?? []),
    keys: Contents.flatMap(({ Key }) => Key ?? []),
  };
}
