import type { App } from "aws-cdk-lib";
import { Annotations, Size, Stack, TimeZone } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import type { CloudTrailPartitionerProps } from "../src/cdk/index.ts";
import { CloudTrailPartitioner } from "../src/cdk/index.ts";
import { dropUndefined } from "../src/config/configuration.ts";
import type { Deployment } from "../src/config/deployment.ts";

/** @param name of the stack: a second deployment in the same account and Region needs another */
export function makeStack(app: App, deployment: Deployment, name = "CloudTrailPartitioner"): Stack {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION } = process.env;
  const region = deployment.settings.aws.awsRegion ?? CDK_DEFAULT_REGION;
  const stack = new Stack(app, name, {
    description: "Keeps SQL tables over a bucket of AWS CloudTrail logs up to date",
    env: dropUndefined({ account, region }),
  });
  const partitioner = new CloudTrailPartitioner(stack, "Partitioner", makeProps(stack, deployment));
  if (deployment.alarmTopicArn === undefined && deployment.alarmEmail === undefined) {
    Annotations.of(partitioner).addWarningV2(
      "cloudtrail-partitioner:nobody-hears",
      "Alarms go to a new topic that nobody is subscribed to: set alarm_email or alarm_sns_arn",
    );
  }
  const { profile, endpointUrl } = deployment.settings.aws;
  if (profile !== undefined) {
    Annotations.of(partitioner).addWarningV2(
      "cloudtrail-partitioner:profile",
      `CDK does not read profile: ${profile} of the configuration; deploy with --profile ${profile}`,
    );
  }
  if (endpointUrl !== undefined) {
    Annotations.of(partitioner).addWarningV2(
      "cloudtrail-partitioner:endpoint-url",
      `The function uses AWS's own endpoints, not endpoint_url: ${endpointUrl}`,
    );
  }
  // CDK would add a path and a hash, which others than programs read here.
  for (const output of partitioner.outputs) output.overrideLogicalId(output.node.id);
  return stack;
}

function makeProps(scope: Construct, deployment: Deployment): CloudTrailPartitionerProps {
  const { settings, workgroup, keyArn } = deployment;
  const scanLimit = workgroup?.scanLimit;
  return {
    logBucket: deployment.logBucket,
    logPrefix: deployment.logPrefix,
    logBucketAccount: deployment.logBucketAccount,
    lakeBucket: deployment.lake?.bucket,
    lakePrefix: deployment.lake?.prefix,
    lakeKey: deployment.lakeKeyArn,
    logKey: deployment.logKeyArn,
    memorySize: deployment.memorySize,
    database: settings.database,
    tablePrefix: settings.tablePrefix,
    partitionDays: settings.partitionDays,
    layout: settings.layout,
    partitions: settings.partitions,
    partitionIndex: settings.partitionIndex,
    retentionDays: settings.retentionDays,
    accounts: settings.accounts,
    regions: settings.regions,
    requestPayer: settings.requestPayer,
    schedule: ScheduleExpression.expression(deployment.schedule, TimeZone.of(deployment.scheduleTimeZone)),
    alarmTopic: deployment.alarmTopicArn,
    alarmEmail: deployment.alarmEmail,
    workgroup: workgroup && {
      name: workgroup.name,
      scanLimit: scanLimit === undefined ? undefined : Size.bytes(scanLimit),
    },
    key: keyArn === undefined ? undefined : Key.fromKeyArn(scope, "Key", keyArn),
    catalogKey: deployment.catalogKeyArn,
    logRetention: deployment.logRetentionDays,
    tags: deployment.tags,
  };
}
