import { rm } from "node:fs/promises";
import type { CfnParameter, IStackSynthesizer } from "aws-cdk-lib";
import { App, BootstraplessSynthesizer, CfnCondition, Fn, Stack, TimeZone } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { CfnSubscription } from "aws-cdk-lib/aws-sns";
import type { CloudTrailPartitionerProps } from "../src/cdk/index.ts";
import { CloudTrailPartitioner } from "../src/cdk/index.ts";
import { addLakeParameters, addParameters } from "./template-parameters.ts";

export interface TemplateOptions {
  /** Where the code is expected, if nothing else is said. */
  readonly codeKey: string;
  /** Whether the function compacts: what it may do is another matter then, which no parameter can decide. */
  readonly hasLake: boolean;
}

/**
 * A template that needs nothing of CDK: no bootstrapped account, no assets, no metadata.
 * @param app its folder is removed
 */
export async function makeTemplate(
  options: TemplateOptions,
  app = new App({ analyticsReporting: false, autoSynth: false }),
): Promise<object> {
  const stack = new Stack(app, "CloudTrailPartitioner", {
    description: "Keeps SQL tables over a bucket of AWS CloudTrail logs up to date",
    // CDK's types disagree on undefined.
    synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
  });
  fillStack(stack, options);
  const { directory, stacks } = app.synth();
  const template = stacks[0]?.template as object;
  await rm(directory, { recursive: true });
  return template;
}

function fillStack(stack: Stack, options: TemplateOptions): void {
  const {
    LogBucket,
    LogPrefix,
    Database,
    TablePrefix,
    AlarmEmail,
    Schedule,
    TimeZone: zone,
    ...code
  } = addParameters(stack, options);
  const hasEmail = new CfnCondition(stack, "HasAlarmEmail", {
    expression: isGiven(AlarmEmail.valueAsString),
  });
  const codeBucket = Bucket.fromBucketName(stack, "Code", code.CodeBucket.valueAsString);
  const partitioner = new CloudTrailPartitioner(stack, "Partitioner", {
    logBucket: LogBucket.valueAsString,
    logPrefix: endInSlash(LogPrefix, "HasPrefix"),
    ...(options.hasLake ? addLake(stack) : {}),
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

function addLake(stack: Stack): Pick<CloudTrailPartitionerProps, "lakeBucket" | "lakePrefix"> {
  const { LakeBucket, LakePrefix } = addLakeParameters(stack);
  return { lakeBucket: LakeBucket.valueAsString, lakePrefix: endInSlash(LakePrefix, "HasLakePrefix") };
}

/** @param condition what the condition is called that the parameter is given */
function endInSlash(parameter: CfnParameter, condition: string): string {
  const { logicalId } = new CfnCondition(parameter.stack, condition, {
    expression: isGiven(parameter.valueAsString),
  });
  return Fn.conditionIf(logicalId, `${parameter.valueAsString}/`, "").toString();
}

function isGiven(value: string): ReturnType<typeof Fn.conditionNot> {
  return Fn.conditionNot(Fn.conditionEquals(value, ""));
}
