import { describe, expect, test } from "vitest";
import { METRICS, NAMESPACE, SERVICE } from "../../src/core/metric-names.ts";
import { listResources, openWorlds } from "./worlds.ts";

type Alarm = Readonly<Record<string, unknown>>;

function findAlarm(name: "plain" | "full" | "keyed", metric: string): Alarm | undefined {
  return listResources(openWorlds()[name], "AWS::CloudWatch::Alarm").find(
    ({ MetricName }) => MetricName === metric,
  );
}

const WINDOW = { Period: 60, EvaluationPeriods: 15, DatapointsToAlarm: 1 };
const ONE = { Threshold: 1, ComparisonOperator: "GreaterThanOrEqualToThreshold" };

describe("alarms", () => {
  test.each([
    [
      "Errors",
      { Namespace: "AWS/Lambda", Statistic: "Sum", TreatMissingData: "notBreaching", ...WINDOW, ...ONE },
    ],
    [
      "Throttles",
      { Namespace: "AWS/Lambda", Statistic: "Sum", TreatMissingData: "notBreaching", ...WINDOW, ...ONE },
    ],
    [
      "ApproximateNumberOfMessagesVisible",
      {
        Namespace: "AWS/SQS",
        Statistic: "Maximum",
        Period: 300,
        EvaluationPeriods: 1,
        TreatMissingData: "ignore",
        ...ONE,
      },
    ],
    [
      "Invocations",
      {
        Namespace: "AWS/Lambda",
        Statistic: "Sum",
        ComparisonOperator: "LessThanThreshold",
        Threshold: 1,
        Period: 3600,
        EvaluationPeriods: 26,
        DatapointsToAlarm: 26,
        TreatMissingData: "breaching",
      },
    ],
    [
      METRICS.coverageAge,
      {
        Namespace: NAMESPACE,
        Statistic: "Maximum",
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 24,
        TreatMissingData: "ignore",
        ...WINDOW,
      },
    ],
    [
      METRICS.partitionsFailed,
      { Namespace: NAMESPACE, Statistic: "Sum", TreatMissingData: "ignore", ...WINDOW, ...ONE },
    ],
  ])("watch %s", (metric, properties) => {
    expect(findAlarm("plain", metric)).toMatchObject(properties);
  });

  test("are six, and each is a field", () => {
    const { template, partitioner } = openWorlds().plain;
    template.resourceCountIs("AWS::CloudWatch::Alarm", 6);
    expect(Object.keys(partitioner.alarms)).toEqual([
      "errors",
      "throttles",
      "deadLetters",
      "notRun",
      "nothingDelivered",
      "partitionsFailed",
    ]);
  });

  test("on the function's own metrics name the dimensions that it writes", () => {
    const name = { Ref: expect.stringMatching(/^PartitionerFunction/) as unknown };
    for (const metric of [METRICS.coverageAge, METRICS.partitionsFailed]) {
      expect(findAlarm("plain", metric)?.["Dimensions"]).toEqual([
        { Name: "FunctionName", Value: name },
        { Name: "service", Value: SERVICE },
      ]);
    }
  });

  test("tell the topic when they begin and when they end, and say which log to look at", () => {
    const topic = { Ref: expect.stringMatching(/^PartitionerAlarmTopic/) as unknown };
    for (const alarm of listResources(openWorlds().plain, "AWS::CloudWatch::Alarm")) {
      expect(alarm).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
      const description = JSON.stringify(alarm["AlarmDescription"]);
      expect(description).toMatch(/in the log group ",{"Ref":"PartitionerLogGroup/);
      // CloudWatch's limit is 1,024, and names have up to 512 and 64.
      expect(description.length).toBeLessThan(560);
    }
  });

  test("wait for the longest that runs may be apart, and two hours more", () => {
    expect(findAlarm("full", "Invocations")).toMatchObject({ EvaluationPeriods: 74, DatapointsToAlarm: 74 });
    expect(findAlarm("keyed", "Invocations")).toMatchObject({ EvaluationPeriods: 8 });
    expect(findAlarm("full", METRICS.coverageAge)).toMatchObject({ Threshold: 36 });
  });
});
