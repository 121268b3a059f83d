import { afterAll, beforeAll, expect, test } from "vitest";
import type { AwsDouble } from "../../test/doubles/aws-double.ts";
import { startAwsDouble } from "../../test/doubles/aws-double.ts";
import { readBucketRegion } from "./bucket-region.ts";
import { readCallerPlace } from "./caller.ts";
import type { AwsSettings } from "./clients.ts";
import { readTrails } from "./trails.ts";

let aws: AwsDouble;
let settings: AwsSettings;
beforeAll(async () => {
  aws = await startAwsDouble();
  const { endpoint: endpointUrl, region: awsRegion, credentials } = aws.clientConfig;
  settings = { endpointUrl, awsRegion, credentials };
});
afterAll(() => aws.close());

test("readTrails reads account, organization and multi-Region trails, with their prefix and key", async () => {
  aws.cloudTrail.trails = [
    {
      Name: "org",
      S3BucketName: "example-logs",
      S3KeyPrefix: "security/",
      HomeRegion: "eu-west-1",
      IsOrganizationTrail: true,
      IsMultiRegionTrail: true,
      KmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d",
    },
    { Name: "local", S3BucketName: "other-logs", HomeRegion: "us-east-1", IsMultiRegionTrail: false },
  ];
  expect(await readTrails(settings)).toEqual([
    {
      name: "org",
      bucket: "example-logs",
      prefix: "security/",
      homeRegion: "eu-west-1",
      isOrganization: true,
      isMultiRegion: true,
      key: "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d",
    },
    {
      name: "local",
      bucket: "other-logs",
      prefix: "",
      homeRegion: "us-east-1",
      isOrganization: false,
      isMultiRegion: false,
      key: undefined,
    },
  ]);
  expect(aws.calls.at(-1)?.input).toEqual({ includeShadowTrails: true });
});

test("readTrails names the permission that is missing", async () => {
  aws.deny("cloudtrail:DescribeTrails");
  await expect(readTrails(settings)).rejects.toThrow(/not allowed: cloudtrail:DescribeTrails/);
  aws.allowAll();
});

test("readBucketRegion knows the Region of a bucket here, elsewhere and nowhere", async () => {
  aws.s3.createBucket("here", { region: "us-east-1" });
  aws.s3.createBucket("far", { region: "eu-west-1" });
  const options = { aws: settings, attempts: 1 };
  expect(await readBucketRegion("here", options)).toBe("us-east-1");
  expect(await readBucketRegion("far", options)).toBe("eu-west-1");
  expect(await readBucketRegion("none", options)).toBe(undefined);
});

test("readCallerPlace knows Region, partition and account, and why it does not", async () => {
  expect(await readCallerPlace(settings)).toEqual({
    region: "us-east-1",
    partition: "aws",
    account: "123456789012",
    problem: undefined,
  });
  const offline = await readCallerPlace({ ...settings, endpointUrl: "http://127.0.0.1:9" });
  expect(offline).toMatchObject({ region: "us-east-1", account: undefined });
  expect(offline.problem?.message).toContain("sts:GetCallerIdentity");
});
