import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeLog } from "../../src/fixtures.contract.ts";
import type { AwsDouble } from "../doubles/aws-double.ts";
import { startAwsDouble } from "../doubles/aws-double.ts";
import type { Outcome } from "./run-cli.ts";
import { runCli, startCli } from "./run-cli.ts";
import type { Workspace } from "./workspace.ts";
import { openWorkspace } from "./workspace.ts";

/** A day that is within the last ninety, whenever the tests run. */
const RECENT = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10);

describe("the commands on a bucket", () => {
  let workspace: Workspace;
  let aws: AwsDouble;

  beforeAll(async () => {
    workspace = await openWorkspace();
    aws = await startAwsDouble();
    aws.s3.createBucket("trail-logs");
    aws.s3.createBucket("answers");
    const records = [
      { eventName: "GetObject", eventID: "1" },
      { eventName: "=PutObject", eventID: "2" },
    ];
    for (const { key, bytes } of [
      makeLog({ day: RECENT, records }),
      makeLog({ day: RECENT, account: "444455556666", region: "eu-west-1" }),
    ])
      aws.s3.put("trail-logs", key, bytes);
  });
  afterAll(async () => {
    await aws.close();
    await workspace.remove();
  });

  const env = (): Record<string, string> => ({
    AWS_ACCESS_KEY_ID: aws.clientConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.clientConfig.credentials.secretAccessKey,
    AWS_REGION: aws.clientConfig.region,
    AWS_ENDPOINT_URL: aws.endpoint,
    HOME: workspace.folder,
    CLOUDTRAIL_PARTITIONER_LOGS: "s3://trail-logs",
    CLOUDTRAIL_PARTITIONER_DATABASE: "security",
    CLOUDTRAIL_PARTITIONER_OUTPUT_S3_BUCKET: "answers",
  });
  const cli = (...args: string[]): Promise<Outcome> => runCli(args, { cwd: workspace.folder, env: env() });

  test("discover counts files", async () => {
    const { code, stdout } = await cli("discover", "--format", "csv");
    expect([code, stdout.trim().split("\n").length]).toEqual([0, 3]);
  });

  test("doctor finds all well before the first run, and changes nothing", async () => {
    const { code, stdout } = await cli("doctor", "--format", "json");
    const failed = (JSON.parse(stdout) as { name: string; ok: boolean }[]).filter(({ ok }) => !ok);
    expect([code, failed]).toEqual([0, []]);
    expect(aws.glue.snapshot()).toEqual({});
  });

  test("plan, run, plan and query", async () => {
    const before = await cli("plan", "--detailed-exitcode");
    expect([before.code, before.stderr]).toEqual([2, expect.not.stringContaining("warning")]);
    expect(before.stdout).toBe(
      [
        "+ database security",
        "+ table cloudtrail_111122223333 with 3 partitions of 1 Region",
        "+ table cloudtrail_444455556666 with 3 partitions of 1 Region",
        "+ view cloudtrail",
        "",
      ].join("\n"),
    );
    const run = await cli("run");
    expect([run.code, run.stderr]).toEqual([0, expect.not.stringContaining("Warning")]);
    expect(run.stdout).toContain("2 tables with 6 partitions, 2 Region-days with logs seen by this run");
    expect(run.stdout).toMatch(/API requests: \d+ S3 ListObjectsV2, .* 2 Glue BatchCreatePartition/);
    expect((await cli("plan", "--detailed-exitcode")).code).toBe(0);
    const sql = "SELECT account, eventname, count(*) AS count FROM cloudtrail GROUP BY 1, 2 ORDER BY 1, 2";
    const query = await cli("query", "--format", "csv", sql);
    expect([query.code, query.stdout.split(/\r?\n/)]).toEqual([
      0,
      [
        "account,eventname,count",
        "111122223333,'=PutObject,1",
        "111122223333,GetObject,1",
        "444455556666,,1",
        "",
      ],
    ]);
    expect(query.stderr).toMatch(/scanned .* about \$0\.00004/);
  });

  test.each([
    ["file", {}],
    [
      "environment",
      {
        S3_BUCKET_CONTAINING_LOGS: "trail-logs",
        PARTITION_DAYS: "7",
        DATABASE: "theirs",
        TABLE_PREFIX: "ct",
      },
    ],
  ])("the %s of Duo Labs' cloudtrail-partitioner is understood", async (name, variables) => {
    const cwd = workspace.path(name);
    await mkdir(cwd);
    const file =
      "s3_bucket_containing_logs: trail-logs\ncloudtrail_prefix: ''\npartition_days: 7\ndatabase: theirs\ntable_prefix: ct\noutput_s3_bucket: default\nalarm_sns_arn:\n";
    if (name === "file") await writeFile(join(cwd, "cloudtrail-partitioner.yaml"), file);
    const own = Object.entries(env()).filter(([key]) => !key.startsWith("CLOUDTRAIL_PARTITIONER_"));
    const { code, stdout } = await runCli(["plan"], {
      cwd,
      env: { ...Object.fromEntries(own), ...variables },
    });
    expect([code, stdout.split("\n")]).toEqual([
      0,
      [
        "+ database theirs",
        "+ table ct_111122223333 with 3 partitions of 1 Region",
        "+ table ct_444455556666 with 3 partitions of 1 Region",
        "+ view ct",
        "",
      ],
    ]);
  });

  test("the nearest thing to do is said where something is wrong", async () => {
    const foreign = await runCli(["run", "--database", "not-a-name"], { cwd: workspace.folder, env: env() });
    expect([foreign.code, foreign.stderr]).toEqual([
      1,
      expect.stringContaining("small letters, digits and _"),
    ]);
    const missing = await cli("run", "--logs", "s3://no-such-bucket");
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("no-such-bucket")]);
    const folder = await cli("run", "--engine", "athena", "--logs", ".");
    expect([folder.code, folder.stderr]).toEqual([1, expect.stringContaining("Athena reads logs in S3")]);
    const duckdb = await cli("run", "--engine", "duckdb", "--database", "x.duckdb");
    expect([duckdb.code, duckdb.stderr]).toEqual([
      1,
      expect.stringContaining("DuckDB reads logs from a folder"),
    ]);
  });

  test("an error is the end, though other requests wait for another try", async () => {
    aws.faults.onCall(({ name, index }) =>
      name.startsWith("S3") && index > 3 ? { kind: "throttle" } : undefined,
    );
    aws.clearCalls();
    const started = startCli(["run"], { cwd: workspace.folder, env: env(), timeoutMs: 30_000 });
    while (!aws.calls.some(({ status }) => status === 503))
      await new Promise((resolve) => setTimeout(resolve, 50));
    const start = performance.now();
    started.child.kill("SIGINT");
    expect((await started.done).code).toBe(130);
    expect(performance.now() - start).toBeLessThan(5000);
    aws.faults.heal();
  });

  test("Ctrl-C cancels the query at Athena", async () => {
    aws.athena.delayMs = 60_000;
    const started = startCli(["query", "SELECT count(*) FROM cloudtrail"], {
      cwd: workspace.folder,
      env: env(),
    });
    const seen = (name: string): boolean => aws.calls.some(({ call }) => call === name);
    aws.clearCalls();
    while (!seen("Athena GetQueryExecution")) await new Promise((resolve) => setTimeout(resolve, 50));
    started.child.kill("SIGINT");
    expect((await started.done).code).toBe(130);
    expect(seen("Athena StopQueryExecution")).toBe(true);
    aws.athena.delayMs = 0;
  });
});
