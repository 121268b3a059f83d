import type { CfnOutput } from "aws-cdk-lib";
import { Tags } from "aws-cdk-lib";
import { Construct } from "constructs";
import { inWords } from "./in-words.ts";
import type { PartitionerParts } from "./make-parts.ts";
import { makeParts } from "./make-parts.ts";
import { makeOutputs } from "./outputs.ts";
import type { CloudTrailPartitionerProps } from "./props.ts";

/**
 * Keeps tables, partitions and a view over a bucket of CloudTrail logs in the Glue catalog: a function that runs every night,
 * and alarms for where it does not. Makes no custom resource, and no function but that one.
 */
export class CloudTrailPartitioner extends Construct implements PartitionerParts {
  readonly function: PartitionerParts["function"];
  readonly role: PartitionerParts["role"];
  readonly schedule: PartitionerParts["schedule"];
  readonly deadLetterQueue: PartitionerParts["deadLetterQueue"];
  readonly alarmTopic: PartitionerParts["alarmTopic"];
  readonly logGroup: PartitionerParts["logGroup"];
  readonly alarms: PartitionerParts["alarms"];
  readonly workgroup: PartitionerParts["workgroup"];
  readonly resultsBucket: PartitionerParts["resultsBucket"];
  readonly logBucketPolicy: PartitionerParts["logBucketPolicy"];
  /** The function's name, the command of a first run, and the log bucket's policy where it needs one. */
  readonly outputs: readonly CfnOutput[];

  /** @throws UserError for props that do not fit */
  constructor(scope: Construct, id: string, props: CloudTrailPartitionerProps) {
    super(scope, id);
    const parts = inWords(this, () => makeParts(this, props));
    this.function = parts.function;
    this.role = parts.role;
    this.schedule = parts.schedule;
    this.deadLetterQueue = parts.deadLetterQueue;
    this.alarmTopic = parts.alarmTopic;
    this.logGroup = parts.logGroup;
    this.alarms = parts.alarms;
    this.workgroup = parts.workgroup;
    this.resultsBucket = parts.resultsBucket;
    this.logBucketPolicy = parts.logBucketPolicy;
    this.outputs = makeOutputs(this, parts);
    for (const [key, value] of Object.entries(props.tags ?? {})) Tags.of(this).add(key, value);
  }
}
