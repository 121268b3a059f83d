/** Where a resource of AWS is, as an ARN says it. */
export interface AwsPlace {
  /** `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`: groups of Regions that share nothing, credentials included. */
  readonly partition: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
}

/** Regions by how their names begin, the longer beginning first (botocore's partitions.json). */
const PARTITIONS = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["eusc-", "aws-eusc"],
  ["us-isob-", "aws-iso-b"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-isof-", "aws-iso-f"],
  ["us-iso-", "aws-iso"],
] as const;

/** The ARN partition of a Region, by its name: `aws` for all that are not known to be elsewhere. */
export function partitionOfRegion(region: string): string {
  return PARTITIONS.find(([beginning]) => region.startsWith(beginning))?.[1] ?? "aws";
}

/** @param resource as the service writes it: `database/default`, `workgroup/primary` */
export function printArn(
  { partition, region, account }: AwsPlace,
  service: string,
  resource: string,
): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** A bucket's ARN has neither Region nor account. */
export function printBucketArn({ partition }: Pick<AwsPlace, "partition">, bucket: string): string {
  return `arn:${partition}:s3:::${bucket}`;
}
