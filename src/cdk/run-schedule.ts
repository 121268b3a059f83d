import { Duration, Stack, TimeZone, Token } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { PolicyDocument, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Schedule, ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { DEFAULT_SCHEDULE } from "../config/deployment.ts";
import { UserError } from "../core/user-error.ts";
import { allow } from "./allow.ts";
import { allowSender } from "./key-access.ts";
import { findLongestGap } from "./schedule-gap.ts";

/** When the function runs. */
export interface RunScheduleProps {
  /**
   * When runs start, with a time zone.
   * @default - daily at 03:15 UTC
   */
  readonly schedule?: ScheduleExpression | undefined;

  /**
   * How far apart runs are at most: where none has started for this long and two hours more, there is an alarm.
   * @default - what the schedule says; one day where that is a token
   */
  readonly runsEvery?: Duration | undefined;
}

export interface ScheduleNeeds {
  readonly target: LambdaFunction;
  readonly queue: Queue;
  readonly key: IKey | undefined;
}

export function makeSchedule(
  scope: Construct,
  { schedule = ScheduleExpression.expression(DEFAULT_SCHEDULE, TimeZone.ETC_UTC) }: RunScheduleProps,
  { target, queue, key }: ScheduleNeeds,
): Schedule {
  const role = makeScheduleRole(scope, { target, queue, key });
  if (key !== undefined) allowSender(scope, key, "scheduler");
  return new Schedule(scope, "Schedule", {
    description: "Keeps the tables over CloudTrail's logs up to date",
    schedule,
    target: new LambdaInvoke(target, {
      input: ScheduleTargetInput.fromObject({}),
      // CDK would allow the function's versions too, with a wildcard.
      role: role.withoutPolicyUpdates(),
      deadLetterQueue: queue,
      retryAttempts: 10,
      maxEventAge: Duration.hours(6),
    }),
  });
}

/** @throws UserError where the schedule does not say, and nothing else does */
export function decideRunsEvery({ schedule, runsEvery }: RunScheduleProps): Duration {
  const expression = schedule?.expressionString ?? DEFAULT_SCHEDULE;
  if (runsEvery !== undefined) return runsEvery;
  if (Token.isUnresolved(expression)) return Duration.days(1);
  const hours = findLongestGap(expression);
  if (hours !== undefined) return Duration.minutes(Math.ceil(hours * 60));
  throw new UserError(
    `schedule ${expression} does not say how far apart runs are, and an alarm waits for that`,
    {
      hint: "name days of the week only, as cron(15 3 ? * MON-FRI *), or use rate(12 hours); the construct takes runsEvery",
    },
  );
}

/** Scheduler takes a role for the schedules of one group in one account only (Scheduler's guide, "Confused deputy"). */
function makeScheduleRole(scope: Construct, { target, queue, key }: ScheduleNeeds): Role {
  const stack = Stack.of(scope);
  const group = stack.formatArn({
    service: "scheduler",
    resource: "schedule-group",
    resourceName: "default",
  });
  return new Role(scope, "ScheduleRole", {
    assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": stack.account, "aws:SourceArn": group } },
    }),
    description: "Starts the nightly run",
    inlinePolicies: {
      Start: new PolicyDocument({
        statements: [
          allow(["lambda:InvokeFunction"], target.functionArn),
          allow(["sqs:SendMessage"], queue.queueArn),
          ...(key === undefined ? [] : [allow(["kms:Decrypt", "kms:GenerateDataKey"], key.keyArn)]),
        ],
      }),
    },
  });
}
