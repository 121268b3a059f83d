import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { describe, expect, test } from "vitest";
import { UserError } from "../core/user-error.ts";
import { parseConfiguration } from "./configuration.ts";
import type { Deployment } from "./deployment.ts";
import { decideDeployment, LOG_RETENTION_DAYS } from "./deployment.ts";

function decide(keys: Readonly<Record<string, unknown>>): Deployment {
  return decideDeployment(parseConfiguration({ logs: "s3://example-logs", ...keys }, "the file"));
}

describe("decideDeployment", () => {
  test("needs no more than a bucket", () => {
    expect(decide({})).toMatchObject({
      logBucket: "example-logs",
      logPrefix: "",
      schedule: "cron(15 3 * * ? *)",
      scheduleTimeZone: "UTC",
      alarmTopicArn: undefined,
      workgroup: undefined,
      tags: {},
    });
  });

  test("reads the predecessor's bucket, prefix and topic", () => {
    const alarm_sns_arn = "arn:aws:sns:us-east-1:000000000000:my-sns";
    expect(
      decide({ logs: "", s3_bucket_containing_logs: "theirs", cloudtrail_prefix: "a/b/", alarm_sns_arn }),
    ).toMatchObject({ logBucket: "theirs", logPrefix: "a/b", alarmTopicArn: alarm_sns_arn });
  });

  test("makes a workgroup only where it is told to", () => {
    expect(decide({ workgroup: "audit", max_scan: "1GB" }).workgroup).toBeUndefined();
    expect(decide({ create_workgroup: "true", workgroup: "audit", max_scan: "1GB" }).workgroup).toEqual({
      name: "audit",
      scanLimit: 1_000_000_000,
    });
  });

  test("has a lake where one is named, and more memory where that is named", () => {
    expect(decide({})).toMatchObject({ lake: undefined, memorySize: undefined });
    expect(decide({ memory: "4GB" }).memorySize).toBeUndefined();
    expect(decide({ lake: "s3://lake/ct/", memory: "1GB" })).toMatchObject({
      lake: { bucket: "lake", prefix: "ct" },
      memorySize: undefined,
    });
    expect(decide({ lake: "s3://lake", memory: "4GB" })).toMatchObject({
      lake: { bucket: "lake", prefix: "" },
      memorySize: 3815,
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    ["a lake in a folder", { lake: "./lake" }, "Athena reads a lake in S3", "s3://bucket/prefix"],
    ["a lake among the logs", { lake: "s3://example-logs/lake" }, "is read-only", "another bucket"],
    [
      "more memory than there is",
      { lake: "s3://lake", memory: "12GB" },
      'memory "12GB" is more',
      "10GB is the most",
    ],
    ["no memory", { lake: "s3://lake", memory: "lots" }, 'memory "lots"', "2GB"],
    ["no bucket", { logs: "" }, "no log bucket is named", "logs: s3://bucket/prefix"],
    ["a folder", { logs: "./logs" }, "DuckDB over ./logs", "name a bucket"],
    ["DuckDB", { engine: "duckdb" }, "DuckDB over s3://example-logs", "no other engine"],
    ["an account", { log_bucket_account: "1234" }, 'log_bucket_account "1234"', "owns the log bucket"],
    ["a schedule", { schedule: "daily" }, 'schedule "daily"', "cron(15 3 * * ? *)"],
    ["no question mark", { schedule: "cron(15 3 * * * *)" }, '"cron(15 3 * * * *)"', "with ? for one of"],
    ["two question marks", { schedule: "cron(15 3 ? * ? *)" }, '"cron(15 3 ? * ? *)"', "with ? for one of"],
    ["an hour too late", { schedule: "cron(15 25 * * ? *)" }, '"cron(15 25 * * ? *)"', "03:15"],
    ["cron's own form", { schedule: "cron(15 3 * * *)" }, '"cron(15 3 * * *)"', "rate(12 hours)"],
    ["a time zone", { schedule_time_zone: "Mars/Base" }, 'schedule_time_zone "Mars/Base"', "Europe/Zurich"],
    ["an offset", { schedule_time_zone: "+01:00" }, 'schedule_time_zone "+01:00"', "Europe/Zurich"],
    ["a topic's name", { alarm_sns_arn: "alarms" }, 'alarm_sns_arn "alarms"', "arn:aws:sns"],
    [
      "a subscription",
      { alarm_sns_arn: "arn:aws:sns:us-east-1:111122223333:alarms:0a1b2c3d" },
      "is not the ARN of an SNS topic",
      "alarm_email",
    ],
    ["a queue", { alarm_sns_arn: "arn:aws:sqs:us-east-1:111122223333:q" }, "is not the ARN", "alarm_email"],
    ["two addresses", { alarm_email: "a@x.org, b@x.org" }, "is not an e-mail address", "alarm_sns_arn"],
    [
      "a topic and an address",
      { alarm_email: "a@x.org", alarm_sns_arn: "arn:aws:sns:us-east-1:111122223333:alarms" },
      "both are given",
      "subscribe a@x.org",
    ],
    ["no name", { create_workgroup: "true" }, "create_workgroup wants a name", "workgroup: cloudtrail"],
    ["primary", { create_workgroup: "true", workgroup: "primary" }, '"primary"', "primary already"],
    [
      "a low limit",
      { create_workgroup: "true", workgroup: "audit", max_scan: "9MB" },
      'max_scan "9MB"',
      "10MB",
    ],
    ["an alias", { kms_key_arn: "alias/x" }, 'kms_key_arn "alias/x"', "arn:aws:kms"],
    ["an alias of the lake's key", { lake_key_arn: "alias/x" }, 'lake_key_arn "alias/x"', "arn:aws:kms"],
    ["an alias of the logs' key", { log_key_arn: "alias/x" }, 'log_key_arn "alias/x"', "arn:aws:kms"],
    ["a key's id", { catalog_key_arn: "0a1b2c3d" }, 'catalog_key_arn "0a1b2c3d"', "arn:aws:kms"],
    ["days of no retention", { log_retention_days: "100" }, 'log_retention_days "100"', "90, 120"],
    ["a tag of AWS's", { tags: { "aws:x": "y" } }, '"aws:x: y"', "do not begin with aws:"],
    ["an odd tag", { tags: "team=a&b" }, '"team: a&b"', "letters, digits"],
  ])("refuses %s, with the value found and what was wanted", (_, keys, message, hint) => {
    let error: unknown;
    try {
      decide(keys);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain(message);
    expect((error as UserError).hint).toContain(hint);
  });

  test("knows the retentions that CDK knows, but for ever", () => {
    const known = Object.values(RetentionDays).filter((days) => typeof days === "number");
    expect([...LOG_RETENTION_DAYS, 9999]).toEqual(known);
  });
});
