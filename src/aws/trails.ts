import { CloudTrailClient, DescribeTrailsCommand } from "@aws-sdk/client-cloudtrail";
import type { Trail as SdkTrail } from "@aws-sdk/client-cloudtrail";
import type { AwsSettings } from "./clients.ts";
import { makeClientConfig, withSignal } from "./clients.ts";
import { explainAwsError } from "./explain-error.ts";

/** A trail that writes to a bucket. */
export interface Trail {
  readonly name: string;
  readonly bucket: string;
  /** What stands before `AWSLogs/`: "", or with its final slash. */
  readonly prefix: string;
  readonly homeRegion: string;
  /** Whether it has the logs of all accounts of an organization. */
  readonly isOrganization: boolean;
  readonly isMultiRegion: boolean;
  /** ARN of the KMS key that the files are encrypted with. */
  readonly key: string | undefined;
}

/**
 * The trails that the account has in this Region, with those of its organization and those of other Regions that record
 * this one. One request.
 * @throws UserError without credentials, Region or permission
 */
export async function readTrails(
  aws: AwsSettings,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly Trail[]> {
  const client = new CloudTrailClient(makeClientConfig(aws));
  try {
    const { trailList = [] } = await client.send(
      new DescribeTrailsCommand({ includeShadowTrails: true }),
      withSignal(signal),
    );
    return trailList.flatMap(parseTrail);
  } catch (error) {
    throw explainAwsError(error, { action: "cloudtrail:DescribeTrails", resource: "*" });
  } finally {
    client.destroy();
  }
}

/** A trail without a bucket is of no use here; AWS always names one. */
function parseTrail({ Name, S3BucketName, S3KeyPrefix = "", HomeRegion, ...trail }: SdkTrail): Trail[] {
  if (Name === undefined || S3BucketName === undefined || HomeRegion === undefined) return [];
  const prefix = S3KeyPrefix.replace(/\/+$/, "");
  return [
    {
      name: Name,
      bucket: S3BucketName,
      prefix: prefix === "" ? "" : `${prefix}/`,
      homeRegion: HomeRegion,
      isOrganization: trail.IsOrganizationTrail ?? false,
      isMultiRegion: trail.IsMultiRegionTrail ?? false,
      key: trail.KmsKeyId,
    },
  ];
}
