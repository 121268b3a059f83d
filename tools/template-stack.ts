import { rm } from "node:fs/promises";
import type { IStackSynthesizer } from "aws-cdk-lib";
import { App, BootstraplessSynthesizer, CfnCondition, Fn, Stack, TimeZone } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { CfnSubscription } from "aws-cdk-lib/aws-sns";
import { CloudTrailPartitioner } from "../src/cdk/index.ts";
import { addParameters } from "./template-parameters.ts";

/**
 * A template that needs nothing of CDK: no bootstrapped account, no assets, no metadata.
 * @param codeKey where the code is expected, if nothing else is said
 * @param app its folder is removed
 */
export async function makeTemplate(
  codeKey: string,
  app = new App({ analyticsReporting: false, autoSynth: false }),
): Promise<object> {
  const stack = new Stack(app, "CloudTrailPartitioner", {
    description: "Keeps SQL tables over a bucket of AWS CloudTrail logs up to date",
    // CDK's types disagree on undefined.
    synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
  });
  fillStack(stack, codeKey);
  const { directory, stacks } = app.synth();
  const template = stacks[0]?.template as object;
  await rm(directory, { recursive: true });
  return template;
}

function fillStack(stack: Stack, codeKey: string): void {
  const {
    LogBucket,
    LogPrefix,
    Database,
    TablePrefix,
    AlarmEmail,
    Schedule,
    TimeZone: zone,
    ...code
  } = addParameters(stack, codeKey);
  const hasPrefix = new CfnCondition(stack, "HasPrefix", { expression: isGiven(LogPrefix.valueAsString) });
  const hasEmail = new CfnCondition(stack, "HasAlarmEmail", {
    expression: isGiven(AlarmEmail.valueAsString),
  });
  const codeBucket = Bucket.fromBucketName(stack, "Code", code.CodeBucket.valueAsString);
  const partitioner = new CloudTrailPartitioner(stack, "Partitioner", {
    logBucket: LogBucket.valueAsString,
    logPrefix: Fn.conditionIf(hasPrefix.logicalId, `${LogPrefix.valueAsString}/`, "").toString(),
    database: Database.valueAsString,
    tablePrefix: TablePrefix.valueAsString,
    schedule: ScheduleExpression.expression(Schedule.valueAsString, TimeZone.of(zone.valueAsString)),
    code: Code.fromBucket(codeBucket, code.CodeKey.valueAsString),
  });
  const subscription = new CfnSubscription(stack, "AlarmSubscription", {
    protocol: "email",
    endpoint: AlarmEmail.valueAsString,
    topicArn: partitioner.alarmTopic.topicArn,
  });
  subscription.cfnOptions.condition = hasEmail;
  for (const output of partitioner.outputs) output.overrideLogicalId(output.node.id);
}

function isGiven(value: string): ReturnType<typeof Fn.conditionNot> {
  return Fn.conditionNot(Fn.conditionEquals(value, ""));
}
