import { describe, expect, test } from "vitest";
import { printEnvironment } from "../../src/config/configuration.ts";
import { readableFolders, tablesOf } from "../../src/warehouse/athena/glue-state.contract.ts";
import { FUNCTION_NAME, useFunction } from "./start-function.ts";
import type { Trail } from "./trail.ts";
import { BUCKET, DATABASE, dailyLogs, startTrail, valuesOf } from "./trail.ts";

const [A, B] = ["111122223333", "444455556666"] as const;
const CONFIGURATION = { partition_days: 400 };

const lambda = useFunction();

/** A trail whose tables are whole, and which got a new account with 252 partitions: three batches. */
async function startWithMuchToDo(): Promise<Trail> {
  const trail = await startTrail(lambda, { configuration: CONFIGURATION });
  trail.put(...dailyLogs(A, 3));
  await trail.call();
  trail.put(...dailyLogs(B, 250));
  return trail;
}

/** The function asks when it has its plan, before each change of a table, and before each batch. */
function questions(count: number): { readonly total: number; readonly questions: number } {
  return { total: 300_000, questions: count };
}

const TABLE = `cloudtrail_${B}`;

describe("a function whose time runs out", () => {
  test("stops between batches, leaves the views, and calls itself with the same event", async () => {
    const trail = await startWithMuchToDo();
    const { cloudtrail: view } = tablesOf(trail.aws.glue.snapshot());
    const event = { days: 300, accounts: [A, B] };
    const { result, logs } = await trail.call({ event, time: questions(3) });
    expect(result?.partitions).toMatchObject({ planned: 252, created: 100, failed: 0, left: 152 });
    expect(trail.aws.glue.partitionCount(DATABASE, TABLE)).toBe(100);
    expect(tablesOf(trail.aws.glue.snapshot())["cloudtrail"]).toEqual(view);
    const payload = { ...event, continuation: 1 };
    expect(trail.aws.lambda.invocations).toEqual([{ functionName: FUNCTION_NAME, payload }]);
    expect(result?.continuesWith).toEqual(payload);
    expect(logs).toMatchObject([{ level: "INFO", message: "time was up: the run goes on" }]);
  });

  test("comes to the same catalog in the end as one that has time", async () => {
    const hurried = await startWithMuchToDo();
    const outcomes = await hurried.callToEnd({ time: questions(3) });
    expect(outcomes.map(({ result }) => result?.partitions.created)).toEqual([100, 100, 52]);
    expect(outcomes.map(({ result }) => result?.continuesWith?.continuation)).toEqual([1, 2, undefined]);
    const unhurried = await startWithMuchToDo();
    await unhurried.call();
    expect(hurried.aws.glue.snapshot()).toEqual(unhurried.aws.glue.snapshot());
    expect(readableFolders(hurried.aws.glue.snapshot(), "cloudtrail")).toHaveLength(252 + 5);
  });

  test("tells in its metrics what it did, and fails nothing", async () => {
    const trail = await startWithMuchToDo();
    const outcomes = await trail.callToEnd({ time: questions(3) });
    expect(outcomes.map(valuesOf)).toMatchObject([
      { PartitionsPlanned: 252, PartitionsCreated: 100, PartitionsFailed: 0, NewAccounts: 1 },
      { PartitionsPlanned: 152, PartitionsCreated: 100, PartitionsFailed: 0, NewAccounts: 0 },
      { PartitionsPlanned: 52, PartitionsCreated: 52, PartitionsFailed: 0, NewAccounts: 0 },
    ]);
  });

  test("stops in the middle of other tables' changes, and comes to the same end", async () => {
    const hurried = await startTrail(lambda);
    const accounts = Array.from({ length: 12 }, (_, index) => String(111_122_223_300 + index));
    hurried.put(...accounts.flatMap((account) => dailyLogs(account, 2)));
    const outcomes = await hurried.callToEnd({ time: questions(9) });
    expect(outcomes.length).toBeGreaterThan(2);
    expect(outcomes.every(({ error }) => error === undefined)).toBe(true);
    const unhurried = await startTrail(lambda);
    unhurried.put(...accounts.flatMap((account) => dailyLogs(account, 2)));
    await unhurried.call();
    expect(hurried.aws.glue.snapshot()).toEqual(unhurried.aws.glue.snapshot());
  });

  test("turns views into tables over several calls, and all names answer all the while", async () => {
    const trail = await startTrail(lambda, { configuration: { layout: "unified" } });
    const accounts = [A, B, "777788889999"];
    trail.put(...accounts.flatMap((account) => dailyLogs(account, 10)));
    await trail.call();
    trail.environment = printEnvironment({ logs: `s3://${BUCKET}`, database: DATABASE, layout: "tables" });
    // For the plan, for each of three tables, and for one batch.
    const time = questions(5);
    let { length } = trail.aws.lambda.invocations;
    let event: unknown = {};
    for (; event !== undefined; event = trail.aws.lambda.invocations[length++]?.payload) {
      const { error } = await trail.call({ event, time });
      expect(error).toBeUndefined();
      const snapshot = trail.aws.glue.snapshot();
      expect(readableFolders(snapshot, "cloudtrail")).toHaveLength(3 * 12);
      for (const account of accounts)
        expect(readableFolders(snapshot, `cloudtrail_${account}`)).toHaveLength(12);
    }
    expect(length).toBeGreaterThan(1);
    const types = Object.values(tablesOf(trail.aws.glue.snapshot())).map(({ TableType }) => TableType);
    expect(types.filter((type) => type === "EXTERNAL_TABLE")).toHaveLength(3 + 1);
  });

  test("gives up after thirteen calls in a row, and says how much is left", async () => {
    const trail = await startWithMuchToDo();
    const last = await trail.call({ event: { continuation: 11 }, time: questions(2) });
    expect(last.result?.continuesWith).toEqual({ continuation: 12 });
    const { error, logs, metrics } = await trail.call({ event: { continuation: 12 }, time: questions(3) });
    expect(error).toMatchObject({
      name: "UserError",
      message: "152 partitions are left after 13 calls in a row",
    });
    expect(logs[0]?.hint).toContain("what was written stays");
    expect(metrics.length).toBeGreaterThan(1);
    expect(trail.aws.lambda.invocations).toHaveLength(1);
  });

  test("before it could write anything fails, and does not call itself: it would come to the same", async () => {
    const trail = await startWithMuchToDo();
    const before = trail.aws.glue.snapshot();
    const outcome = await trail.call({ time: questions(0) });
    expect(outcome.error?.name).toBe("UserError");
    expect(outcome.error?.message).toMatch(/the time was up when the logs had been listed/);
    expect(outcome.logs[0]?.hint).toContain("more time");
    expect(valuesOf(outcome)).toMatchObject({ PartitionsPlanned: 252, PartitionsCreated: 0 });
    expect(trail.aws.lambda.invocations).toEqual([]);
    expect(trail.aws.glue.snapshot()).toEqual(before);
  });

  test("with nothing to write does not mind", async () => {
    const trail = await startTrail(lambda);
    trail.put({});
    await trail.call();
    const { error, result } = await trail.call({ time: questions(0) });
    expect(error).toBeUndefined();
    expect(result?.continuesWith).toBeUndefined();
  });

  test("fails where it may not call itself, and says so", async () => {
    const trail = await startWithMuchToDo();
    trail.aws.deny("lambda:InvokeFunction");
    const { error, logs } = await trail.call({ time: questions(3) });
    expect(error?.message).toMatch(/^not allowed: lambda:InvokeFunction on the function /);
    expect(logs[0]?.hint).toContain("lambda:InvokeFunction");
    expect(trail.aws.glue.partitionCount(DATABASE, TABLE)).toBe(100);
  });
});

/** Milliseconds: far more than the function has, for a busy machine too. */
const DELAY = 10_000;

function delay({ aws }: Trail, slow: string): void {
  aws.faults.onCall(({ name }) => (name === slow ? { kind: "delay", ms: DELAY } : undefined));
}

describe("a function that waits for AWS", () => {
  test.each([
    ["S3 ListObjectsV2", "listing logs (0)"],
    ["Glue BatchCreatePartition", "writing the catalog (0 of 100)"],
  ])("does not wait beyond its time, and says at which step it was: %s", async (slow, step) => {
    const trail = await startTrail(lambda);
    trail.put(...dailyLogs(A, 3));
    delay(trail, slow);
    const outcome = await trail.call({ time: { total: 600 } });
    expect(outcome.error?.name).toBe("UserError");
    expect(outcome.error?.message).toBe(`the function's 1 s were over while ${step}`);
    expect(outcome.remaining).toBeGreaterThan(-DELAY / 2);
    expect(outcome.logs).toMatchObject([{ level: "ERROR", message: "run failed" }]);
    expect(outcome.logs[0]?.hint).toContain("more time");
    expect(valuesOf(outcome)).toHaveProperty("RunDuration");
  });

  test("does not wait beyond its time when it is to call itself, too", async () => {
    const trail = await startWithMuchToDo();
    delay(trail, "Lambda Invoke");
    const outcome = await trail.call({ time: { total: 600, questions: 3 } });
    expect(outcome.error?.message).toMatch(/^the function's 1 s were over/);
    expect(outcome.remaining).toBeGreaterThan(-DELAY / 2);
  });
});
