import { Duration, Stack, Token } from "aws-cdk-lib";
import type { CfnWorkGroup } from "aws-cdk-lib/aws-athena";
import type { PolicyDocument, Role } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Schedule } from "aws-cdk-lib/aws-scheduler";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { LAKE_FUNCTION_MEMORY } from "../config/deployment.ts";
import { checkKeyArn } from "../config/policy-options.ts";
import { isAccount } from "../core/log-key.ts";
import { UserError } from "../core/user-error.ts";
import { chooseTopic } from "./alarm-topic.ts";
import type { PartitionerAlarms } from "./alarms.ts";
import { makeAlarms } from "./alarms.ts";
import { checkRegion, placeOf } from "./aws-place.ts";
import { makeBucketPolicy } from "./bucket-policy.ts";
import { allowCallsOfItself, makeRole } from "./function-role.ts";
import { allowLogs } from "./key-access.ts";
import type { PlanNeeds } from "./plan-function.ts";
import { planFunction } from "./plan-function.ts";
import type { CloudTrailPartitionerProps } from "./props.ts";
import { makeDeadLetterQueue, makeFunction, makeLogGroup } from "./run-function.ts";
import { decideRunsEvery, makeSchedule } from "./run-schedule.ts";
import { makeWorkgroup } from "./workgroup.ts";

/** All that the construct makes. */
export interface PartitionerParts {
  /** Runs; call it with `{}`, or with the days, accounts and Regions to make up for. */
  readonly function: LambdaFunction;
  /** The function's: all that a run needs, and no more. */
  readonly role: Role;
  readonly schedule: Schedule;
  /** Calls that were given up, for 14 days. */
  readonly deadLetterQueue: Queue;
  /** The one that was named, or a new one. */
  readonly alarmTopic: ITopic;
  /** The function's; it stays when the stack is deleted. */
  readonly logGroup: LogGroup;
  readonly alarms: PartitionerAlarms;
  /** Where one was asked for. */
  readonly workgroup: CfnWorkGroup | undefined;
  /** For the workgroup's answers; it stays when the stack is deleted. */
  readonly resultsBucket: Bucket | undefined;
  /** What the log bucket's own policy must allow, where another account owns it. */
  readonly logBucketPolicy: PolicyDocument | undefined;
}

/** MB: one whole processor. */
const FUNCTION_MEMORY = 1769;

/** @throws UserError for props that do not fit */
export function makeParts(scope: Construct, props: CloudTrailPartitionerProps): PartitionerParts {
  const { key, maxCoverageAge = Duration.hours(24), requestPayer = false } = props;
  const { memorySize = props.lakeBucket === undefined ? FUNCTION_MEMORY : LAKE_FUNCTION_MEMORY } = props;
  const catalogKey = arnOf(props.catalogKey, "catalogKey");
  if (catalogKey !== undefined) checkRegion(scope, catalogKey, "the key of the Glue catalog");
  if (key !== undefined) checkRegion(scope, key.keyArn, "the key");
  const plan = planFunction(props, { place: placeOf(scope), catalogKey, ...findLakeKeys(props) });
  checkWindow(props.partitionDays, maxCoverageAge);
  const runsEvery = decideRunsEvery(props);
  if (key !== undefined) allowLogs(scope, key);
  const logGroup = makeLogGroup(scope, props);
  const queue = makeDeadLetterQueue(scope, key);
  const role = makeRole(scope, { policy: plan.policy, logGroup, queue, key });
  const needs = { environment: plan.environment, role, logGroup, queue, key };
  const made = makeFunction(scope, { ...props, memorySize }, needs);
  allowCallsOfItself(scope, role, made);
  const alarmTopic = chooseTopic(scope, props, key);
  return {
    function: made,
    role,
    schedule: makeSchedule(scope, props, { target: made, queue, key }),
    deadLetterQueue: queue,
    alarmTopic,
    logGroup,
    alarms: makeAlarms(scope, alarmTopic, { function: made, queue, logGroup, runsEvery, maxCoverageAge }),
    ...(props.workgroup === undefined
      ? { workgroup: undefined, resultsBucket: undefined }
      : makeWorkgroup(scope, props.workgroup, { key, requestPayer })),
    logBucketPolicy: isElsewhere(scope, props.logBucketAccount)
      ? makeBucketPolicy(plan.bucketStatements, role.roleArn)
      : undefined,
  };
}

function arnOf(key: IKey | string | undefined, prop: string): string | undefined {
  if (typeof key !== "string") return key?.keyArn;
  return Token.isUnresolved(key) ? key : checkKeyArn(key, prop);
}

/** Without a lake no log is read. */
function findLakeKeys(props: CloudTrailPartitionerProps): Pick<PlanNeeds, "lakeKey" | "logKey"> {
  const { lakeBucket, logBucket } = props;
  if (lakeBucket === undefined) return {};
  return {
    lakeKey: arnOf(props.lakeKey ?? keyOf(lakeBucket), "lakeKey"),
    logKey: arnOf(props.logKey ?? keyOf(logBucket), "logKey"),
  };
}

function keyOf(bucket: CloudTrailPartitionerProps["logBucket"]): IKey | undefined {
  return typeof bucket === "string" ? undefined : bucket.encryptionKey;
}

/** Where a window has no logs at all, all that is known is that the newest are older than it. */
function checkWindow(days: number | undefined, maxCoverageAge: Duration): void {
  const hours = maxCoverageAge.toHours({ integral: false });
  if (days === undefined || (days - 1) * 24 >= hours) return;
  throw new UserError(
    `partitionDays is ${days}, too few to see that nothing was delivered for ${hours} hours (maxCoverageAge)`,
    { hint: `look at ${Math.ceil(hours / 24) + 1} days at least: a run over more costs hardly more` },
  );
}

function isElsewhere(scope: Construct, account: string | undefined): boolean {
  if (account === undefined || account === Stack.of(scope).account) return false;
  if (Token.isUnresolved(account) || isAccount(account)) return true;
  throw new UserError(`logBucketAccount "${account}" is not 12 digits`, {
    hint: "name the account that owns the log bucket",
  });
}
