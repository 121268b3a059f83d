import { Duration, Size, Stack } from "aws-cdk-lib";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Topic } from "aws-cdk-lib/aws-sns";
import { beforeEach, describe, expect, test } from "vitest";
import type { CloudTrailPartitionerProps } from "../../src/cdk/index.ts";
import { findBundle } from "../../src/cdk/run-function.ts";
import { UserError } from "../../src/core/user-error.ts";
import { makeFolder } from "../../src/fixtures.contract.ts";
import { ACCOUNT, makePartitioner, makeQuickApp } from "./worlds.ts";

let stack: Stack;
beforeEach(async () => {
  const env = { account: ACCOUNT, region: "us-east-1" };
  stack = new Stack(makeQuickApp(await makeFolder()), "Stack", { env });
});

function refuse(props: Partial<CloudTrailPartitionerProps>): UserError {
  try {
    makePartitioner(stack, props);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:alarms`;

describe("the construct refuses", () => {
  test.each<[string, Partial<CloudTrailPartitionerProps>, string, string]>([
    ["a name of no bucket", { logBucket: "Example_Logs" }, '"Example_Logs"', "without s3://"],
    ["a database that Athena cannot query", { database: "My-DB" }, '"My-DB"', "small letters"],
    ["a prefix of no table", { tablePrefix: "9lives" }, '"9lives"', "cloudtrail"],
    ["no days", { partitionDays: 0 }, "partition_days", "docs/configuration.md"],
    ["part of a day", { retentionDays: 1.5 }, "retention_days", "docs/configuration.md"],
    ["an account of no 12 digits", { accounts: ["12345"] }, '"12345"', "accounts"],
    ["a Region that is none", { regions: ["US East"] }, '"US"', "regions"],
    ["an owner of no 12 digits", { logBucketAccount: "archive" }, '"archive" is not 12 digits', "owns"],
    ["an alias of a key", { catalogKey: "alias/glue" }, 'catalogKey "alias/glue"', "arn:aws:kms"],
    ["a topic of another Region", { alarmTopic: TOPIC }, "is not in us-east-1", "deploy into its Region"],
    ["a lake of no bucket's name", { lakeBucket: "s3://lake" }, 'lakeBucket "s3://lake"', "lakePrefix"],
    ["a lake in the log bucket", { lakeBucket: "example-logs" }, "which is read-only", "another bucket"],
    [
      "a lake among logs",
      { lakeBucket: "lake", lakePrefix: "a/AWSLogs" },
      "lies among the logs",
      "without AWSLogs",
    ],
    ["a folder of no lake", { lakePrefix: "cloudtrail" }, "no lakeBucket", "leave lakePrefix out"],
    [
      "an alias of a lake's key",
      { lakeBucket: "lake", lakeKey: "alias/lake" },
      'lakeKey "alias/lake"',
      "arn:aws:kms",
    ],
    [
      "too few days to see that nothing comes",
      { partitionDays: 1 },
      "nothing was delivered",
      "2 days at least",
    ],
    ["a topic and an address", { alarmTopic: TOPIC, alarmEmail: "a@example.com" }, "both", "subscribe"],
    ["a low limit", { workgroup: { scanLimit: Size.mebibytes(9) } }, "9437184 bytes", "no limit"],
    ["a weekly rate", { runsEvery: Duration.days(7) }, "7 days apart", "every 166 hours"],
    [
      "a weekly schedule",
      { schedule: ScheduleExpression.expression("cron(0 3 ? * SUN *)") },
      "CloudWatch looks back 168 hours",
      "every 166 hours",
    ],
    [
      "a monthly schedule",
      { schedule: ScheduleExpression.expression("cron(0 3 1 * ? *)") },
      "schedule cron(0 3 1 * ? *) does not say",
      "runsEvery",
    ],
    [
      "a list of accounts that is too long",
      { accounts: Array.from({ length: 400 }, (_, index) => String(index).padStart(12, "0")) },
      "and Lambda takes 4096",
      "fewer accounts",
    ],
  ])("%s", (_, props, message, hint) => {
    const error = refuse(props);
    expect(error.message).toMatch(/^Stack\/Partitioner: /);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(error.stack).toBe(`UserError: ${error.message}`);
  });

  test("to deploy what has not been built, and says how to build it", () => {
    expect(() => findBundle("/nonexistent/")).toThrow(UserError);
    expect(() => findBundle("/nonexistent/")).toThrow("the function's code is not in /nonexistent/");
  });
});

test("the construct refuses a lake in the log bucket, whose name only the deployment knows", () => {
  const bucket = new Bucket(stack, "Both");
  expect(refuse({ logBucket: bucket, lakeBucket: bucket }).message).toContain("read-only");
});

describe("the construct takes", () => {
  test("runs as far apart as CloudWatch can look back", () => {
    const { alarms } = makePartitioner(stack, { runsEvery: Duration.hours(166) });
    expect(alarms.notRun).toBeDefined();
  });

  test("a topic that the app made", () => {
    const topic = new Topic(stack, "Topic");
    expect(makePartitioner(stack, { alarmTopic: topic }).alarmTopic).toBe(topic);
  });
});
