import { describe, expect, test } from "vitest";
import type { Configuration } from "../../src/config/configuration.ts";
import { A, EVENTS, readView, startWithFiles, TIME_FOR_ONE } from "./lake-trail.ts";
import { useFunction } from "./start-function.ts";
import { BUCKET, valuesOf } from "./trail.ts";

const lambda = useFunction();

describe("the function with a lake", () => {
  test("compacts closed days, and the view has each event once", async () => {
    const trail = await startWithFiles(lambda);
    const { result, logs, error } = await trail.call();
    expect(error).toBeUndefined();
    expect(result).toMatchObject({ accounts: 2, partitions: { failed: 0, left: 0 } });
    expect(result?.lake).toMatchObject({
      accountDays: { compacted: 4, left: 0, notBegun: 0 },
      objects: 8,
      setAside: 0,
      late: 0,
      events: 16,
      records: 16,
      duplicates: 0,
      compactedThrough: "2026-11-21",
    });
    expect(logs).toMatchObject([{ level: "INFO", message: "run ended", ...result }]);
    expect(await readView(trail)).toEqual(EVENTS);
  });

  test("tells what it did in metrics, and counts the requests to both buckets", async () => {
    const trail = await startWithFiles(lambda);
    const outcome = await trail.call();
    expect(valuesOf(outcome)).toMatchObject({
      AccountDaysCompacted: 4,
      AccountDaysLeft: 0,
      EventsCompacted: 16,
      ObjectsSetAside: 0,
      PartitionsFailed: 0,
    });
    const counts: Record<string, number> = {};
    for (const { call } of trail.aws.calls) counts[call] = (counts[call] ?? 0) + 1;
    expect(outcome.result?.requests).toEqual(counts);
  });

  test("sets aside what it cannot read, names it, and takes in the rest", async () => {
    const trail = await startWithFiles(lambda);
    const key = `AWSLogs/${A}/CloudTrail/us-east-1/2026/11/20/broken.json.gz`;
    trail.aws.s3.put(BUCKET, key, Buffer.from("no gzip"));
    const outcome = await trail.call();
    expect(outcome.error).toBeUndefined();
    expect(outcome.logs).toMatchObject([
      {
        level: "WARN",
        message: "objects could not be read, and none of their events is in the lake",
        count: 1,
        first: [{ key, reason: expect.stringMatching(/./) as string }],
      },
      { level: "INFO" },
    ]);
    expect(outcome.result?.lake).toMatchObject({ objects: 9, setAside: 1, events: 16, records: 16 });
    expect(valuesOf(outcome)).toMatchObject({ ObjectsSetAside: 1, EventsCompacted: 16 });
  });
});

describe("a function with a lake whose time runs out", () => {
  test("leaves account-days to the next night after thirteen calls, says so, and fails nothing", async () => {
    const trail = await startWithFiles(lambda);
    const outcome = await trail.call({ event: { continuation: 12 }, time: TIME_FOR_ONE });
    expect(outcome.error).toBeUndefined();
    expect(outcome.result?.continuesWith).toBeUndefined();
    expect(outcome.logs).toMatchObject([
      { level: "WARN", message: expect.stringContaining("left to the next night") as string, accountDays: 3 },
      { level: "INFO", message: "run ended" },
    ]);
    expect(valuesOf(outcome)).toMatchObject({ AccountDaysCompacted: 1, AccountDaysLeft: 3 });
    expect(trail.aws.lambda.invocations).toEqual([]);
  });

  test("before it could begin an account-day fails, and does not call itself: it would come to the same", async () => {
    const trail = await startWithFiles(lambda);
    const outcome = await trail.call({ time: { total: 300_000, questions: 1 } });
    expect(outcome.error?.message).toMatch(/the time was up when the logs had been listed/);
    expect(outcome.logs.at(-1)?.hint).toContain("more time");
    expect(valuesOf(outcome)).toMatchObject({ AccountDaysCompacted: 0, AccountDaysLeft: 4 });
    expect(trail.aws.lambda.invocations).toEqual([]);
  });
});

describe("a function with a lake fails", () => {
  test.each([
    ["s3:PutObject", /^not allowed: s3:PutObject on s3:\/\/trail-lake\/cloudtrail\//],
    ["s3:GetObject", /^not allowed: s3:GetObject on s3:\/\/trail-l/],
  ])("for want of %s, and names it", async (action, message) => {
    const trail = await startWithFiles(lambda);
    trail.aws.deny(action);
    const { error, logs } = await trail.call();
    expect(error).toMatchObject({ name: "UserError", message: expect.stringMatching(message) as string });
    expect(logs.at(-1)?.hint).toContain(action);
  });

  test.each<[string, Configuration, string]>([
    ["on a bucket that is not there", { lake: "s3://gone/lake" }, "gone"],
    ["on the log bucket", { lake: `s3://${BUCKET}/lake` }, "read-only"],
    ["on a folder", { lake: "./lake" }, "Athena reads a lake in S3"],
  ])("%s, and names it", async (_, configuration, message) => {
    const trail = await startWithFiles(lambda, configuration);
    const { error, logs } = await trail.call();
    expect(error).toMatchObject({ name: "UserError", message: expect.stringContaining(message) as string });
    expect(logs.at(-1)?.hint).toBeDefined();
  });

  test("on an event that names Regions: whole account-days are compacted", async () => {
    const trail = await startWithFiles(lambda);
    const { error } = await trail.call({ event: { regions: ["us-east-1"] } });
    expect(error?.message).toContain("the event asks for us-east-1, a part of each day");
    expect(trail.aws.calls).toEqual([]);
  });
});
