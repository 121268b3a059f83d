import { expect, test } from "vitest";
import { locateLogs } from "./locate-logs.ts";

test.each([
  ["/logs", "/logs", ""],
  ["/logs/", "/logs", ""],
  ["/logs///", "/logs", ""],
  ["/", "/", ""],
  ["/logs/AWSLogs", "/logs", "AWSLogs/"],
  ["/logs/AWSLogs/", "/logs", "AWSLogs/"],
  ["/AWSLogs", "/", "AWSLogs/"],
  ["/logs/AWSLogs/111122223333", "/logs", "AWSLogs/111122223333/"],
  ["/logs/AWSLogs/o-aa111bb222/111122223333", "/logs", "AWSLogs/o-aa111bb222/111122223333/"],
  [
    "/logs/AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/22",
    "/logs",
    "AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/22/",
  ],
  ["/logs/o-aa111bb222/AWSLogs/o-aa111bb222", "/logs/o-aa111bb222", "AWSLogs/o-aa111bb222/"],
  ["/AWSLogs/backup/AWSLogs/111122223333", "/AWSLogs/backup", "AWSLogs/111122223333/"],
  ["/oldAWSLogs", "/oldAWSLogs", ""],
  ["/awslogs/111122223333", "/awslogs/111122223333", ""],
  ["s3://bucket", "s3://bucket", ""],
  ["s3://bucket/prefix/", "s3://bucket/prefix", ""],
  ["s3://bucket/AWSLogs/", "s3://bucket", "AWSLogs/"],
  ["s3://bucket/prefix/AWSLogs/111122223333/", "s3://bucket/prefix", "AWSLogs/111122223333/"],
])("locateLogs of %s is %s and what lies within %j", (path, place, within) => {
  expect(locateLogs(path)).toEqual({ place, within });
});
