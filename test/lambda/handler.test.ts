import { describe, expect, test } from "vitest";
import { run } from "../../src/actions/run.ts";
import type { Configuration } from "../../src/config/configuration.ts";
import { addDays } from "../../src/core/day.ts";
import { day } from "../../src/fixtures.contract.ts";
import { openAwsPorts } from "../../src/open-aws-ports.ts";
import { FUNCTION_NAME, useFunction } from "./start-function.ts";
import type { Trail } from "./trail.ts";
import { BUCKET, DATABASE, dailyLogs, NOON, startTrail, valuesOf } from "./trail.ts";

const [A, B] = ["111122223333", "444455556666"] as const;
const TODAY = day("2026-11-22");

const lambda = useFunction();

/** What the program does from its sources, without the function around it and in this process' time. */
async function runFromSource(trail: Trail): Promise<void> {
  const { aws } = trail;
  trail.now = Date.now();
  const { endpoint: endpointUrl, region: awsRegion, credentials } = aws.clientConfig;
  const settings = { aws: { endpointUrl, awsRegion, credentials }, database: DATABASE };
  const ports = openAwsPorts({ ...settings, logs: `s3://${BUCKET}` });
  const range = { from: addDays(TODAY, -89) };
  await run(ports, { tablePrefix: "cloudtrail", today: TODAY, range });
  ports.warehouse.close();
}

describe("the function", () => {
  const logs = [...dailyLogs(A, 3), ...dailyLogs(B, 100, { region: "eu-west-1" })];

  test("makes the catalog that the sources make, and a second call changes nothing", async () => {
    const trail = await startTrail(lambda);
    trail.put(...logs);
    const first = await trail.call();
    expect(first.error).toBeUndefined();
    // Of the hundred days, those within 90 from today; today and tomorrow are made beforehand.
    const partitions = { planned: 96, created: 96, updated: 0, dropped: 0, failed: 0, left: 0 };
    expect(first.result).toMatchObject({ accounts: 2, regions: 2, newAccounts: 2, partitions });
    const snapshot = trail.aws.glue.snapshot();
    const other = await startTrail(lambda);
    other.put(...logs);
    await runFromSource(other);
    expect(snapshot).toEqual(other.aws.glue.snapshot());

    trail.aws.clearCalls();
    const second = await trail.call();
    expect(second.result).toMatchObject({ newAccounts: 0, partitions: { planned: 0, created: 0 } });
    expect(trail.aws.calls.filter(({ call }) => !/ (Get|List)/.test(call))).toEqual([]);
    expect(trail.aws.glue.snapshot()).toEqual(snapshot);
  });

  test("answers what it logs, with the requests that AWS got", async () => {
    const trail = await startTrail(lambda);
    trail.put(...logs);
    const { result, logs: lines } = await trail.call();
    const counts: Record<string, number> = {};
    for (const { call } of trail.aws.calls) counts[call] = (counts[call] ?? 0) + 1;
    expect(result?.requests).toEqual(counts);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: "INFO", message: "run ended", ...result });
    expect(lines[0]).toMatchObject({ service: "cloudtrail-partitioner", function_name: FUNCTION_NAME });
  });

  test.each([
    ["null", null],
    ["an empty object", {}],
  ])("takes %s for no question", async (_, event) => {
    const trail = await startTrail(lambda);
    trail.put({});
    const { result } = await trail.call({ event });
    expect(result?.partitions.created).toBe(3);
  });

  test("does what an event asks for", async () => {
    const trail = await startTrail(lambda);
    trail.put(...logs, ...dailyLogs(B, 5), ...dailyLogs("777788889999", 1));
    const event = { from: "2026-11-01", to: "2026-11-20", accounts: [A, B], regions: ["us-east-1"] };
    const { result } = await trail.call({ event });
    // The days from the 19th to the 20th of one account, and from the 17th on of the other.
    expect(result).toMatchObject({ accounts: 2, regions: 1, partitions: { created: 6 } });
    const { result: more } = await trail.call({ event: { days: 60, accounts: [B] } });
    expect(more).toMatchObject({ accounts: 1, regions: 2, newAccounts: 0 });
    expect(trail.aws.glue.partitionCount(DATABASE, `cloudtrail_${B}`)).toBe(59 + 2 + 5 + 2);
  });

  test.each<[string, Configuration, number]>([
    ["retention", { retention_days: 30 }, 29 + 2],
    ["a window", { partition_days: 10 }, 9 + 2],
    ["accounts", { accounts: [A] }, 0],
    ["Regions", { regions: ["us-east-1"] }, 0],
  ])("minds its environment: %s", async (_, configuration, count) => {
    const trail = await startTrail(lambda, { configuration });
    trail.put(...logs.slice(0, 1), ...dailyLogs(B, 40, { region: "eu-west-1" }));
    expect((await trail.call()).error).toBeUndefined();
    await trail.call();
    const names = trail.aws.glue.tables(DATABASE).map(({ Name }) => Name);
    const has = names.includes(`cloudtrail_${B}`);
    expect(has ? trail.aws.glue.partitionCount(DATABASE, `cloudtrail_${B}`) : 0).toBe(count);
  });
});

describe("the function refuses", () => {
  test.each([
    ["an unknown key", { day: 3 }, /"day"/],
    ["a scheduler's own event", { "detail-type": "Scheduled Event", version: "0" }, /"detail-type"/],
    ["text", "days", /expected object/],
    ["a list", [], /expected object/],
    ["days that are text", { days: "3" }, / days: /],
    ["no days", { days: 0 }, / days: /],
    ["a part of a day", { days: 1.5 }, / days: /],
    ["days without end", { days: 1e9 }, / days: /],
    ["a first day that is none", { from: "2026-02-30" }, / from: must be a day/],
    ["a last day that is an age", { to: "7d" }, / to: must be a day/],
    ["days and a first day", { days: 3, from: "2026-11-01" }, / takes days or from/],
    ["an end before the start", { from: "2026-11-02", to: "2026-11-01" }, / from: /],
    ["an account that is a number", { accounts: [111_122_223_333] }, / accounts\.0: /],
    ["an account of eleven digits", { accounts: [A, "11112222333"] }, / accounts\.1: must be 12 digits/],
    ["no accounts", { accounts: [] }, / accounts: /],
    ["a Region that is none", { regions: ["US East"] }, / regions\.0: must be a Region's name/],
    ["a continuation that is text", { continuation: "1" }, / continuation: /],
  ])("%s, and says what", async (_, event, message) => {
    const trail = await startTrail(lambda);
    const { error, logs, metrics } = await trail.call({ event });
    expect(error?.name).toBe("UserError");
    expect(error?.message).toMatch(/^the event that the function was called with:/);
    expect(error?.message).toMatch(message);
    expect(logs).toMatchObject([
      { level: "ERROR", message: "run failed", error: { message: error?.message } },
    ]);
    expect(logs[0]?.hint).toContain("call it with {}");
    expect(metrics.map(({ name }) => name)).toEqual(["RunDuration"]);
    expect(trail.aws.calls).toEqual([]);
  });

  test.each<[string, Configuration, string]>([
    ["no bucket", { logs: "" }, "CLOUDTRAIL_PARTITIONER_LOGS is not set"],
    ["a folder for a bucket", { logs: "/var/logs" }, "CLOUDTRAIL_PARTITIONER_LOGS is /var/logs"],
    ["another engine", { engine: "duckdb" }, "a bucket was wanted"],
    ["a database that Athena cannot query", { database: "my-db" }, "my-db"],
  ])("to run with %s in its environment", async (_, configuration, message) => {
    const trail = await startTrail(lambda, { configuration });
    const { error, logs } = await trail.call();
    expect(error).toMatchObject({ name: "UserError", message: expect.stringContaining(message) as string });
    expect(logs[0]?.hint).toBeDefined();
    expect(trail.aws.calls).toEqual([]);
  });
});

describe("metrics", () => {
  test("are all of the namespace and the dimensions that alarms watch", async () => {
    const trail = await startTrail(lambda);
    trail.put({});
    const { metrics } = await trail.call();
    const dimensions = { service: "cloudtrail-partitioner", FunctionName: FUNCTION_NAME };
    for (const metric of metrics) {
      expect(metric).toMatchObject({ namespace: "CloudTrailPartitioner", dimensions });
      expect(metric.time).toBeGreaterThanOrEqual(NOON);
      expect(metric.time).toBeLessThan(NOON + 60_000);
    }
    expect(Object.fromEntries(metrics.map(({ name, unit }) => [name, unit]))).toEqual({
      PartitionsPlanned: "Count",
      PartitionsCreated: "Count",
      PartitionsFailed: "Count",
      Accounts: "Count",
      NewAccounts: "Count",
      Regions: "Count",
      CoverageAgeHours: "None",
      RunDuration: "Milliseconds",
    });
  });

  test.each([
    ["of today", ["2026-11-22"], 0],
    ["of yesterday", ["2026-11-20", "2026-11-21"], 12],
    ["of the day before", ["2026-11-20", "2026-10-01"], 36],
    ["of weeks ago", ["2026-11-01"], 20 * 24 + 12],
    ["of days to come, and of yesterday", ["2026-11-21", "2026-11-23", "2027-01-01"], 12],
    ["of days to come alone", ["2027-01-01"], 89 * 24 + 12],
  ])("tell how old the newest day is: with logs %s", async (_, days, hours) => {
    const trail = await startTrail(lambda);
    trail.put(...days.map((date) => ({ day: date })));
    expect(valuesOf(await trail.call())["CoverageAgeHours"]).toBeCloseTo(hours, 1);
  });

  test("tell how long nothing came, where nothing has in the whole window", async () => {
    const trail = await startTrail(lambda, { configuration: { partition_days: 7 } });
    trail.put({ day: "2026-08-01" });
    await trail.call({ event: { days: 300 } });
    expect(valuesOf(await trail.call())["CoverageAgeHours"]).toBeCloseTo(6 * 24 + 12, 1);
  });

  test("do not take days that a call is not about for days without logs", async () => {
    const trail = await startTrail(lambda);
    trail.put(...dailyLogs(A, 10).slice(5));
    await trail.call();
    expect(valuesOf(await trail.call({ event: { days: 2 } }))).not.toHaveProperty("CoverageAgeHours");
    expect(valuesOf(await trail.call({ event: { days: 30 } }))["CoverageAgeHours"]).toBeCloseTo(
      5 * 24 + 12,
      1,
    );
  });

  test.each([
    ["some accounts", { accounts: [A] }],
    ["some Regions", { regions: ["us-east-1"] }],
    ["days that have passed", { from: "2026-11-01", to: "2026-11-21" }],
  ])("say nothing of that where a call is about %s", async (_, event) => {
    const trail = await startTrail(lambda);
    trail.put({});
    const values = valuesOf(await trail.call({ event }));
    expect(values).toHaveProperty("Accounts", 1);
    expect(values).not.toHaveProperty("CoverageAgeHours");
  });

  test("count accounts that are new, whichever layout", async () => {
    for (const layout of ["tables", "unified"] as const) {
      const trail = await startTrail(lambda, { configuration: { layout } });
      trail.put({ account: A });
      expect(valuesOf(await trail.call())).toMatchObject({ Accounts: 1, NewAccounts: 1 });
      trail.put({ account: B });
      expect(valuesOf(await trail.call())).toMatchObject({ Accounts: 2, NewAccounts: 1 });
      expect(valuesOf(await trail.call())).toMatchObject({ Accounts: 2, NewAccounts: 0 });
    }
  });
});
