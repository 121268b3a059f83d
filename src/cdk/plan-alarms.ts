import { Duration } from "aws-cdk-lib";
import type { AlarmProps } from "aws-cdk-lib/aws-cloudwatch";
import { ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { METRICS, NAMESPACE, SERVICE } from "../core/metric-names.ts";
import { UserError } from "../core/user-error.ts";
import type { PartitionerAlarms } from "./alarms.ts";

/** What the alarms watch. */
export interface Watched {
  readonly function: LambdaFunction;
  readonly queue: Queue;
  readonly logGroup: LogGroup;
  readonly runsEvery: Duration;
  readonly maxCoverageAge: Duration;
}

/** An alarm but for what most have: one period, and 1 or more is too much. */
export type AlarmPlan = Pick<AlarmProps, "metric"> & Partial<AlarmProps>;

type Plans<K extends keyof PartitionerAlarms> = Readonly<Record<K, AlarmPlan>>;

/**
 * One bad minute of the last fifteen is enough. CloudWatch's windows slide: with one long period, an attempt that succeeds soon
 * after one that failed would end the alarm, begin it again, and end it again, as one or both of them are in the period.
 */
const WINDOW = { evaluationPeriods: 15, datapointsToAlarm: 1 };
const PERIOD = Duration.minutes(1);

/** @throws UserError where runs are too far apart to be watched */
export function planAlarms(watched: Watched): Plans<keyof PartitionerAlarms> {
  return { ...planForCalls(watched), ...planForSchedule(watched), ...planForTables(watched) };
}

/** Calls that go wrong: no data means that there was none. */
function planForCalls({
  function: watched,
  queue,
  logGroup,
}: Watched): Plans<"errors" | "throttles" | "deadLetters"> {
  const treatMissingData = TreatMissingData.NOT_BREACHING;
  return {
    errors: {
      ...WINDOW,
      metric: watched.metricErrors({ statistic: "Sum", period: PERIOD }),
      treatMissingData,
      alarmDescription: `A run of cloudtrail-partitioner failed, and the newest days may be missing in Athena until one succeeds. Lambda tries twice more by itself. The reason, and what to do, is in the entry of level ERROR in the log group ${logGroup.logGroupName}.`,
    },
    throttles: {
      ...WINDOW,
      metric: watched.metricThrottles({ statistic: "Sum", period: PERIOD }),
      treatMissingData,
      alarmDescription: `Lambda kept a run of cloudtrail-partitioner from starting: the account's other functions use up its concurrency. Lambda tries again for six hours. If it goes on, raise the quota of concurrent executions in Service Quotas. Runs that started are in the log group ${logGroup.logGroupName}.`,
    },
    deadLetters: {
      metric: queue.metricApproximateNumberOfMessagesVisible({
        statistic: "Maximum",
        period: Duration.minutes(5),
      }),
      // SQS stops telling of a queue that nothing happens to (its guide, "Available CloudWatch metrics"), full or not.
      treatMissingData: TreatMissingData.IGNORE,
      alarmDescription: `A run of cloudtrail-partitioner was given up after all attempts, and its call set aside in the queue ${queue.queueName}. Find the reason in the log group ${logGroup.logGroupName}, start a run as the stack's output says, then purge the queue: the alarm stands while it holds a call.`,
    },
  };
}

/** Hours of grace beyond the schedule: a run starts within its hour, and CloudWatch looks at whole ones. */
const GRACE = 2;
/** Hours that an alarm can look back on, in periods of one hour (CloudWatch's API, PutMetricAlarm: 604,800 seconds). */
const LONGEST = 168;

/** A function that is never called has no data at all, and no errors. */
function planForSchedule({ function: watched, logGroup, runsEvery }: Watched): Plans<"notRun"> {
  const hours = Math.ceil(runsEvery.toHours({ integral: false })) + GRACE;
  if (hours > LONGEST) {
    throw new UserError(
      `runs are ${runsEvery.toHumanString()} apart, and an alarm on ${hours} hours without one was wanted: CloudWatch looks back ${LONGEST} hours`,
      { hint: `start a run at least every ${LONGEST - GRACE} hours: one that finds nothing to do is cheap` },
    );
  }
  return {
    notRun: {
      metric: watched.metricInvocations({ statistic: "Sum", period: Duration.hours(1) }),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: hours,
      datapointsToAlarm: hours,
      treatMissingData: TreatMissingData.BREACHING,
      alarmDescription: `No run of cloudtrail-partitioner has started for ${hours} hours, and the newest days are missing in Athena. See in EventBridge Scheduler whether its schedule is there and enabled, and whether its role may call ${watched.functionName}. The last run is in the log group ${logGroup.logGroupName}. After a deployment this stands until the first run.`,
    },
  };
}

/** Only runs have something to say here: until the next one, what the last one said holds. */
function planForTables({
  function: watched,
  logGroup,
  maxCoverageAge,
}: Watched): Plans<"nothingDelivered" | "partitionsFailed"> {
  const treatMissingData = TreatMissingData.IGNORE;
  const hours = maxCoverageAge.toHours({ integral: false });
  const metric = (metricName: string, statistic: string): Metric =>
    new Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { service: SERVICE, FunctionName: watched.functionName },
      statistic,
      period: PERIOD,
    });
  return {
    nothingDelivered: {
      ...WINDOW,
      metric: metric(METRICS.coverageAge, "Maximum"),
      threshold: hours,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData,
      alarmDescription: `The newest day with CloudTrail logs ended more than ${hours} hours ago. See whether the trail is logging, and whether it still delivers to the same bucket and prefix. What the last run found is in the log group ${logGroup.logGroupName}. This stands until a run finds newer logs.`,
    },
    partitionsFailed: {
      ...WINDOW,
      metric: metric(METRICS.partitionsFailed, "Sum"),
      treatMissingData,
      alarmDescription: `A run of cloudtrail-partitioner could not write all partitions that were missing, and queries do not see the days of the others. The next run tries again. The reason is in the log group ${logGroup.logGroupName}. This stands until a run writes all.`,
    },
  };
}
