import { describe, expect, test } from "vitest";
import { readMetrics } from "./cloudwatch-emf.ts";

const DIRECTIVE = {
  Namespace: "CloudTrailPartitioner",
  Dimensions: [["service", "FunctionName"]],
  Metrics: [{ Name: "Accounts", Unit: "Count" }, { Name: "Age" }],
};

const ROOT = { service: "partitioner", FunctionName: "nightly", Accounts: 3, Age: [1.5, 2] };

function line(directive: object = {}, root: object = {}, aws: object = {}): string {
  const CloudWatchMetrics = [{ ...DIRECTIVE, ...directive }];
  return JSON.stringify({
    _aws: { Timestamp: 1_795_320_000_000, CloudWatchMetrics, ...aws },
    ...ROOT,
    ...root,
  });
}

describe("readMetrics", () => {
  test("gives each metric in each of its sets of dimensions, and each value of a list", () => {
    const metrics = readMetrics(line({ Dimensions: [["service", "FunctionName"], []] }));
    const whole = { service: "partitioner", FunctionName: "nightly" };
    const shared = { namespace: "CloudTrailPartitioner", time: 1_795_320_000_000 };
    expect(metrics).toEqual([
      { ...shared, name: "Accounts", unit: "Count", dimensions: whole, value: 3 },
      { ...shared, name: "Accounts", unit: "Count", dimensions: {}, value: 3 },
      { ...shared, name: "Age", unit: "None", dimensions: whole, value: 1.5 },
      { ...shared, name: "Age", unit: "None", dimensions: whole, value: 2 },
      { ...shared, name: "Age", unit: "None", dimensions: {}, value: 1.5 },
      { ...shared, name: "Age", unit: "None", dimensions: {}, value: 2 },
    ]);
  });

  test.each([
    ["text", "START RequestId: 1"],
    ["other JSON", '{"level":"INFO","message":"run ended"}'],
    ["text that tells of metrics", JSON.stringify({ message: line() })],
  ])("finds none in %s", (_, text) => {
    expect(readMetrics(text)).toEqual([]);
  });

  test.each([
    ["text before it", `2026-11-22 ${line()}`, "no JSON"],
    ["no time", line({}, {}, { Timestamp: undefined }), "Timestamp is undefined"],
    ["a time that is text", line({}, {}, { Timestamp: "2026-11-22" }), "Timestamp"],
    ["no directive", line({}, {}, { CloudWatchMetrics: [] }), "CloudWatchMetrics"],
    ["no namespace", line({ Namespace: "" }), "Namespace"],
    ["a namespace of AWS's own", line({ Namespace: "AWS/Lambda" }), "Namespace"],
    ["no set of dimensions", line({ Dimensions: [] }), "Dimensions"],
    ["dimensions that are no sets", line({ Dimensions: ["service"] }), "Dimensions"],
    ["a dimension twice", line({ Dimensions: [["service", "service"]] }), "Dimensions"],
    ["a dimension without value", line({}, { service: undefined }), "the dimension service is undefined"],
    ["a dimension with an empty value", line({}, { service: " " }), "the dimension service"],
    ["a dimension that is a number", line({}, { service: 3 }), "the dimension service is 3"],
    ["no metric", line({ Metrics: [] }), "Metrics"],
    ["101 metrics", line({ Metrics: Array.from({ length: 101 }, () => ({ Name: "Accounts" })) }), "Metrics"],
    ["an unknown unit", line({ Metrics: [{ Name: "Age", Unit: "Hours" }] }), 'the unit of Age is "Hours"'],
    ["a metric without value", line({}, { Accounts: undefined }), "the value of Accounts is undefined"],
    ["a value that is text", line({}, { Accounts: "3" }), "the value of Accounts"],
    ["a value that is no number", line({}, { Accounts: Number.NaN }), "the value of Accounts is null"],
    ["an empty list of values", line({}, { Accounts: [] }), "the value of Accounts"],
  ])("refuses %s", (_, text, message) => {
    expect(() => readMetrics(text)).toThrow(message);
  });
});
