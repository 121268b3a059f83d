import { expect, test } from "vitest";
import { partitionOfRegion, printArn, printBucketArn } from "./arn.ts";

test.each([
  ["us-east-1", "aws"],
  ["eu-west-3", "aws"],
  ["mx-central-1", "aws"],
  ["xx-nowhere-9", "aws"],
  ["us-gov-west-1", "aws-us-gov"],
  ["cn-northwest-1", "aws-cn"],
  ["eusc-de-east-1", "aws-eusc"],
  ["us-iso-east-1", "aws-iso"],
  ["us-isob-east-1", "aws-iso-b"],
  ["eu-isoe-west-1", "aws-iso-e"],
  ["us-isof-south-1", "aws-iso-f"],
])("partitionOfRegion puts %s into %s", (region, partition) => {
  expect(partitionOfRegion(region)).toBe(partition);
});

test("an ARN names partition, service, Region and account, and a bucket's only the partition", () => {
  const place = { partition: "aws-cn", region: "cn-north-1", account: "111122223333" };
  expect(printArn(place, "glue", "database/logs")).toBe(
    "arn:aws-cn:glue:cn-north-1:111122223333:database/logs",
  );
  expect(printBucketArn(place, "example-logs")).toBe("arn:aws-cn:s3:::example-logs");
});
