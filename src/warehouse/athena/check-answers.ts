import type { WorkGroupConfiguration } from "@aws-sdk/client-athena";
import { GetBucketLocationCommand, S3Client } from "@aws-sdk/client-s3";
import { makeClientConfig, withSignal } from "../../aws/clients.ts";
import { printBucketArn } from "../../core/arn.ts";
import type { Check } from "../../core/check.ts";
import type { AccessTrial } from "./access-trial.ts";
import { ATTEMPTS } from "./access-trial.ts";
import type { Finding } from "./attempt-check.ts";
import { attemptCheck } from "./attempt-check.ts";

/**
 * Whether the place that answers go to is there, in the Region of the workgroup, and apart from the logs.
 * @param settings undefined where the workgroup could not be read: it may have a place of its own, and there is no check
 */
export async function checkAnswers(
  trial: AccessTrial,
  settings: WorkGroupConfiguration | undefined,
): Promise<readonly Check[]> {
  if (settings === undefined) return [];
  if (settings.ManagedQueryResultsConfiguration?.Enabled === true) {
    return [{ name: "answers", ok: true, found: "kept by Athena, as the workgroup has it" }];
  }
  const { options, place } = trial;
  const usual = `aws-athena-query-results-${place.account}-${place.region}`;
  const url = decideOutput(options.output, settings, usual);
  const bucket = bucketOf(url);
  const call = { action: "s3:GetBucketLocation", resource: printBucketArn(place, bucket) };
  const remedyOf = ({ name }: Error): string | undefined =>
    name === "NoSuchBucket"
      ? `make the bucket (aws s3 mb s3://${bucket} --region ${place.region}), or name another: output_s3_bucket`
      : undefined;
  return [await attemptCheck({ name: "answers", ...call, remedyOf }, () => tryAnswers(trial, url))];
}

async function tryAnswers({ options, place, signal }: AccessTrial, url: string): Promise<string | Finding> {
  const bucket = bucketOf(url);
  if (options.logs?.startsWith("s3://") === true && bucketOf(options.logs) === bucket) {
    return {
      ok: false,
      found: `${url} is in the bucket of the logs`,
      remedy: "name another bucket with output_s3_bucket: nothing of ours is to lie among the logs",
    };
  }
  const region = await readLocation(bucket, { options, signal });
  if (region === place.region) return url;
  return {
    ok: false,
    found: `${url} is in ${region}, and Athena in ${place.region}`,
    remedy: `name a bucket in ${place.region} with output_s3_bucket`,
  };
}

/** By the very call that Athena makes itself, with the caller's rights. */
async function readLocation(
  bucket: string,
  { options: { aws }, signal }: Pick<AccessTrial, "options" | "signal">,
): Promise<string> {
  const client = new S3Client({
    ...makeClientConfig(aws),
    maxAttempts: ATTEMPTS,
    forcePathStyle: aws.endpointUrl !== undefined,
    followRegionRedirects: true,
  });
  try {
    const command = new GetBucketLocationCommand({ Bucket: bucket });
    const { LocationConstraint } = await client.send(command, withSignal(signal));
    return parseLocation(LocationConstraint);
  } finally {
    client.destroy();
  }
}

/** The oldest Region has no name here, and the second oldest an old one (S3's API reference, GetBucketLocation). */
function parseLocation(location: string | undefined): string {
  if (location === undefined || location === "") return "us-east-1";
  return location === "EU" ? "eu-west-1" : location;
}

/** What the workgroup enforces goes over what we say, and that over what it merely proposes. */
function decideOutput(output: string | undefined, settings: WorkGroupConfiguration, usual: string): string {
  const proposed = settings.ResultConfiguration?.OutputLocation;
  const enforced = settings.EnforceWorkGroupConfiguration === true ? proposed : undefined;
  const decided = enforced ?? output ?? proposed ?? "default";
  const bucket = decided === "default" ? usual : decided;
  return bucket.startsWith("s3://") ? bucket : `s3://${bucket}/`;
}

function bucketOf(url: string): string {
  return url.replace(/^s3:\/\//, "").split("/")[0] ?? "";
}
