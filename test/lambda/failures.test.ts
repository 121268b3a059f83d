import type { BatchCreatePartitionCommandInput, PartitionInput } from "@aws-sdk/client-glue";
import { describe, expect, test } from "vitest";
import type { AwsDouble } from "../doubles/aws-double.ts";
import type { Outcome } from "./start-function.ts";
import { useFunction } from "./start-function.ts";
import { BUCKET, dailyLogs, startTrail, valuesOf } from "./trail.ts";

const A = "111122223333";

const lambda = useFunction();

/** What Lambda counts, and what a human is told: the error that is thrown is the one that is logged. */
function expectTold({ error, logs }: Outcome, message: RegExp, hint: RegExp): void {
  expect(error?.name).toBe("UserError");
  expect(error?.message).toMatch(message);
  expect(logs).toMatchObject([{ level: "ERROR", message: "run failed" }]);
  expect(logs[0]?.error?.message).toBe(error?.message);
  expect(logs[0]?.hint).toMatch(hint);
}

function isFirst({ Values = [] }: PartitionInput): boolean {
  return Values[3] === "01";
}

/** Lets Glue refuse partitions of the first days of months, as it does for a quota that is used up. */
function refuseFirstDays({ glue }: AwsDouble): void {
  const whole = glue.operations["BatchCreatePartition"] as (input: object) => { Errors: object[] };
  const ErrorDetail = { ErrorCode: "ResourceNumberLimitExceededException", ErrorMessage: "no room" };
  const partial = ({ PartitionInputList = [], ...rest }: BatchCreatePartitionCommandInput): object => {
    const refused = PartitionInputList.filter(isFirst);
    const { Errors } = whole({
      ...rest,
      PartitionInputList: PartitionInputList.filter((one) => !isFirst(one)),
    });
    return {
      Errors: [...Errors, ...refused.map(({ Values }) => ({ PartitionValues: Values, ErrorDetail }))],
    };
  };
  Object.assign(glue, { operations: { ...glue.operations, BatchCreatePartition: partial } });
}

describe("a function that fails", () => {
  test("for want of a right of Glue's names it, and counts what was not written", async () => {
    const trail = await startTrail(lambda);
    trail.put(...dailyLogs(A, 3));
    trail.aws.deny("glue:BatchCreatePartition");
    const outcome = await trail.call();
    expectTold(
      outcome,
      /^not allowed: glue:BatchCreatePartition on /,
      /^allow glue:BatchCreatePartition on /,
    );
    expect(valuesOf(outcome)).toMatchObject({
      PartitionsPlanned: 5,
      PartitionsCreated: 0,
      PartitionsFailed: 5,
      Accounts: 1,
      CoverageAgeHours: expect.closeTo(12, 1) as number,
    });
  });

  test("for want of a right of S3's names it, and has nothing to count", async () => {
    const trail = await startTrail(lambda);
    trail.aws.deny("s3:ListBucket");
    const outcome = await trail.call();
    expectTold(outcome, /s3:ListBucket/, /s3:ListBucket/);
    expect(Object.keys(valuesOf(outcome))).toEqual(["RunDuration"]);
  });

  test("because Glue throttles all the while ends in time, and counts what was not written", async () => {
    const trail = await startTrail(lambda);
    trail.put(...dailyLogs(A, 3));
    trail.aws.faults.onCall(({ name }) =>
      name === "Glue BatchCreatePartition" ? { kind: "throttle" } : undefined,
    );
    const outcome = await trail.call({ time: { total: 600 } });
    expectTold(outcome, /were over while writing the catalog/, /more time/);
    expect(valuesOf(outcome)).toMatchObject({ PartitionsPlanned: 5, PartitionsFailed: 5 });
  });

  test("for some partitions alone counts those, and makes all others", async () => {
    const trail = await startTrail(lambda);
    trail.put(...dailyLogs(A, 60));
    refuseFirstDays(trail.aws);
    const outcome = await trail.call();
    expectTold(outcome, /^Glue did not take 2 partitions: us-east-1\/2026\/1[01]\/01 of /, /quotas/);
    expect(valuesOf(outcome)).toMatchObject({
      PartitionsPlanned: 62,
      PartitionsCreated: 60,
      PartitionsFailed: 2,
    });
    const again = valuesOf(await trail.call());
    expect(again).toMatchObject({ PartitionsPlanned: 2, PartitionsCreated: 0, PartitionsFailed: 2 });
  });

  test("by a bug says that it is one", async () => {
    const trail = await startTrail(lambda);
    trail.put({});
    await trail.call();
    const broken = { ...trail.aws.glue.operations, GetTables: () => ({ TableList: [null] }) };
    Object.assign(trail.aws.glue, { operations: broken });
    const { error, logs } = await trail.call();
    expect(error?.name).toBe("TypeError");
    expect(error?.stack).toMatch(/\/src\/warehouse\/athena\/.*\.ts:\d+/);
    expect(logs[0]?.hint).toContain("this is a bug");
  });

  test("on a bucket without logs says what it holds instead", async () => {
    const trail = await startTrail(lambda);
    trail.aws.s3.put(BUCKET, "data/a.csv", Buffer.from("a"));
    expectTold(await trail.call(), /no CloudTrail logs in s3:\/\/trail-logs.*data\//, /AWSLogs/);
  });

  test("on a bucket that is not there names it", async () => {
    const trail = await startTrail(lambda, { configuration: { logs: "s3://gone" } });
    expectTold(await trail.call(), /gone/, /./);
  });

  test("is well the next time, and goes on where it was", async () => {
    const trail = await startTrail(lambda);
    trail.put(...dailyLogs(A, 250));
    let batches = 0;
    trail.aws.faults.onCall(({ name }) => {
      if (name !== "Glue BatchCreatePartition" || batches++ === 0) return undefined;
      return { kind: "error", status: 400, code: "AccessDeniedException", message: "no" };
    });
    const configured = { event: { days: 300 } };
    const failed = valuesOf(await trail.call(configured));
    expect(failed).toMatchObject({ PartitionsPlanned: 252, PartitionsCreated: 100, PartitionsFailed: 152 });
    trail.aws.faults.heal();
    const next = valuesOf(await trail.call(configured));
    expect(next).toMatchObject({ PartitionsPlanned: 152, PartitionsCreated: 152, PartitionsFailed: 0 });
  });
});

/** Keys as an attacker writes them who may write to the bucket: codes of terminals, ends of lines, metrics, directions. */
const HOSTILE = [
  "\u001b[2J\u0007",
  '\n{"_aws":{}}\n',
  "\r\nSTART RequestId: 0",
  "\u009b31m\u0085",
  "\u2028\u2029",
  "\u202e\u2066",
  "\u0000\u007f",
];

/** A line a log entry and one of metrics, whatever stands in them. */
function expectHarmless({ lines, logs }: Outcome, levels: readonly string[]): void {
  expect(logs.map(({ level }) => level)).toEqual(levels);
  expect(lines).toHaveLength(levels.length + 1);
  expect(lines.join("")).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
}

describe("names that attack whoever reads the log", () => {
  test.each([
    ["accounts", (name: string) => `AWSLogs/11112222333${name}/CloudTrail/us-east-1/`],
    ["Regions", (name: string) => `AWSLogs/${A}/CloudTrail/${name}/2026/11/20/`],
    ["days", (name: string) => `AWSLogs/${A}/CloudTrail/us-east-1/2026/11/${name}/`],
  ])("as %s beside real ones do nothing to it", async (_, folder) => {
    const trail = await startTrail(lambda);
    trail.put(...dailyLogs(A, 1));
    for (const name of HOSTILE) trail.aws.s3.put(BUCKET, `${folder(name)}a.json.gz`, Buffer.from(""));
    const outcome = await trail.call();
    expect(outcome.error).toBeUndefined();
    expectHarmless(outcome, ["WARN", "INFO"]);
  });

  test.each([
    ["accounts", (name: string) => `AWSLogs/${name}/CloudTrail/us-east-1/2026/11/20/`],
    ["folders", (name: string) => `${name}/`],
    ["kinds", (name: string) => `AWSLogs/${A}/cloudtrail${name}/us-east-1/2026/11/20/`],
  ])("as %s alone do nothing to it", async (_, folder) => {
    for (const name of HOSTILE) {
      const trail = await startTrail(lambda);
      trail.aws.s3.put(BUCKET, `${folder(name)}a.json.gz`, Buffer.from(""));
      const outcome = await trail.call();
      expect(outcome.error?.name).toBe("UserError");
      expectHarmless(outcome, ["ERROR"]);
    }
  });
});
