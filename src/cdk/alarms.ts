import { Alarm, ComparisonOperator } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { AlarmPlan, Watched } from "./plan-alarms.ts";
import { planAlarms } from "./plan-alarms.ts";

/** One for each way in which tables can fall behind without anyone seeing it. */
export interface PartitionerAlarms {
  /** A run failed. */
  readonly errors: Alarm;
  /** A run was kept from starting. */
  readonly throttles: Alarm;
  /** A run was given up. */
  readonly deadLetters: Alarm;
  /** No run has started for too long. */
  readonly notRun: Alarm;
  /** Runs find no new logs. */
  readonly nothingDelivered: Alarm;
  /** Some partitions did not get into the catalog. */
  readonly partitionsFailed: Alarm;
}

/** @throws UserError where runs are too far apart to be watched */
export function makeAlarms(parent: Construct, topic: ITopic, watched: Watched): PartitionerAlarms {
  const scope = new Construct(parent, "Alarms");
  const plans = planAlarms(watched);
  const make = (id: string, plan: AlarmPlan): Alarm => {
    const alarm = new Alarm(scope, id, {
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      ...plan,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return alarm;
  };
  return {
    errors: make("Errors", plans.errors),
    throttles: make("Throttles", plans.throttles),
    deadLetters: make("DeadLetters", plans.deadLetters),
    notRun: make("NotRun", plans.notRun),
    nothingDelivered: make("NothingDelivered", plans.nothingDelivered),
    partitionsFailed: make("PartitionsFailed", plans.partitionsFailed),
  };
}
