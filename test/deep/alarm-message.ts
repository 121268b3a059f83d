import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";

/** What CloudWatch publishes when an alarm goes off: moto's alarms change their state, and tell nobody. */
export function printAlarmMessage(alarm: MetricAlarm, time: string): string {
  const { Dimensions = [], ComparisonOperator, EvaluationPeriods, TreatMissingData, Unit = null } = alarm;
  return JSON.stringify({
    AlarmName: alarm.AlarmName,
    AlarmDescription: alarm.AlarmDescription,
    AWSAccountId: "123456789012",
    AlarmConfigurationUpdatedTimestamp: time,
    NewStateValue: "ALARM",
    NewStateReason: "Threshold Crossed",
    StateChangeTime: time,
    Region: "US East (N. Virginia)",
    AlarmArn: alarm.AlarmArn,
    OldStateValue: "OK",
    OKActions: alarm.OKActions,
    AlarmActions: alarm.AlarmActions,
    InsufficientDataActions: alarm.InsufficientDataActions,
    Trigger: {
      MetricName: alarm.MetricName,
      Namespace: alarm.Namespace,
      StatisticType: "Statistic",
      Statistic: alarm.Statistic?.toUpperCase(),
      Unit,
      Dimensions: Dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
      Period: alarm.Period,
      EvaluationPeriods,
      ComparisonOperator,
      Threshold: alarm.Threshold,
      TreatMissingData,
    },
  });
}
