import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parseLogKey } from "../../src/core/log-key.ts";
import { makeLog } from "../../src/fixtures.contract.ts";
import type { AwsDouble } from "../doubles/aws-double.ts";
import { startAwsDouble } from "../doubles/aws-double.ts";
import type { Outcome } from "./run-cli.ts";
import { runCli, startCli } from "./run-cli.ts";
import type { Logs, Workspace } from "./workspace.ts";
import { openWorkspace, SMALL, writeGenerated } from "./workspace.ts";

let workspace: Workspace;
let logs: Logs;
beforeAll(async () => {
  workspace = await openWorkspace();
  logs = await writeGenerated(workspace.path("logs"), SMALL);
});
afterAll(() => workspace.remove());

const LAKE = ["--logs", "logs", "--lake", "cloudtrail-lake"] as const;
/** A day that is closed, and within the last ninety, whenever the tests run. */
const RECENT = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10);

function countAccountDays({ files }: Logs): number {
  const days = files.map(({ key }) => parseLogKey(key)).map((key) => key && `${key.account} ${key.day}`);
  return new Set(days.filter((day) => day !== undefined)).size;
}

const cli = (...args: string[]): Promise<Outcome> => runCli(args, { cwd: workspace.folder });

describe("what is refused", () => {
  test.each<[fact: string, args: readonly string[], message: string]>([
    ["a lake among the logs", ["--lake", "logs/lake"], "which is read-only"],
    ["a bucket for DuckDB", ["--lake", "s3://example-lake"], "DuckDB reads a lake from a folder"],
    ["an empty lake", ["--lake", ""], "--lake is empty"],
    ["a size without a unit", ["--memory", "2"], '--memory "2" is not a number of bytes'],
    ["too little memory", ["--memory", "1MB"], "emory"],
  ])("%s, with exit code 1 and a hint", async (_, args, message) => {
    const { code, stdout, stderr } = await cli("compact", "--logs", "logs", ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\nhint: /);
  });

  test("Regions of a run and of a plan with a lake", async () => {
    for (const command of ["run", "plan"]) {
      const { code, stderr } = await cli(command, ...LAKE, "--region", "us-east-1");
      expect([code, stderr]).toEqual([1, expect.stringContaining("--region us-east-1")]);
    }
    expect(await readdir(workspace.folder)).toEqual(["logs"]);
  });

  test("a bucket's lake that is not named", async () => {
    const { code, stderr } = await cli("compact", "--logs", "s3://example-logs");
    expect([code, stderr]).toEqual([1, expect.stringContaining("--lake s3://bucket/prefix")]);
  });
});

describe("a lake over its life", () => {
  test("plan says which account-days are due, until they are compacted", async () => {
    const before = await cli("plan", ...LAKE, "--detailed-exitcode");
    expect(before.code).toBe(2);
    expect(before.stdout).toContain(
      `+ ${SMALL.accounts * SMALL.days} account-days from 2026-03-01 to 2026-03-03 to be compacted: new\n`,
    );
    expect((await cli("compact", ...LAKE)).code).toBe(0);
    const after = await cli("plan", ...LAKE, "--detailed-exitcode");
    expect(after).toMatchObject({ code: 0, stdout: "Nothing to change.\n", stderr: "" });
  });

  test("a run that names no lake leaves the tables with the one that they have", async () => {
    expect((await cli("run", "--logs", "logs")).stdout).toMatch(/^Nothing to change\.\n/);
  });

  test("a file that was broken since leaves its account-day as it is, with exit code 3", async () => {
    const file = logs.files.find(({ key }) => key.endsWith(".json.gz"))?.key ?? "";
    const whole = await readFile(workspace.path("logs", file));
    await writeFile(workspace.path("logs", file), whole.subarray(0, whole.length / 2));
    const { code, stdout, stderr } = await cli("compact", ...LAKE);
    expect(code).toBe(3);
    expect(stdout).not.toContain("account-day written");
    expect(stderr).toContain(`${file} could be read before and cannot be now`);
    await writeFile(workspace.path("logs", file), whole);
    expect((await cli("compact", ...LAKE)).code).toBe(0);
  });

  test("--verify-lake names a Parquet file that is gone, with exit code 1, and compact writes it anew", async () => {
    const names = await readdir(workspace.path("cloudtrail-lake"), { recursive: true });
    const gone = names.find((name) => name.endsWith(".parquet")) ?? "";
    await rm(workspace.path("cloudtrail-lake", gone));
    const { code, stdout } = await cli("compact", ...LAKE, "--verify-lake");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^data \d{12} 2026-03-0\d: .*part-00000\.parquet/m);
    const healed = await cli("compact", ...LAKE);
    expect(healed.stdout).toContain("1 account-day had files that were damaged or gone\n");
  });

  test("an interrupted compaction says what stays, exits with 130, and the next one goes on", async () => {
    const more = await writeGenerated(workspace.path("more"), {
      ...SMALL,
      days: 100,
      files: 400,
      records: 2,
    });
    const args = ["compact", "--logs", "more", "--lake", "more-lake", "--database", "more.duckdb"];
    const { child, done } = startCli(args, { cwd: workspace.folder });
    await vi.waitUntil(() => existsSync(workspace.path("more-lake/manifests")), {
      timeout: 40_000,
      interval: 5,
    });
    child.kill("SIGINT");
    const { code, stderr } = await done;
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringMatching(/^interrupted: .*\n$/) });
    const { stdout } = await cli(...args);
    const [, written, upToDate] = /(\d+) account-days written: .* (\d+) up to date/.exec(stdout) ?? [];
    expect(Number(upToDate)).toBeGreaterThan(0);
    expect(Number(written) + Number(upToDate)).toBe(countAccountDays(more));
  });
});

describe("on a bucket", () => {
  let aws: AwsDouble;
  beforeAll(async () => {
    aws = await startAwsDouble();
    for (const bucket of ["trail-logs", "lake", "answers"]) aws.s3.createBucket(bucket);
    for (const { key, bytes } of [
      makeLog({ day: RECENT, records: [{ eventID: "1" }, { eventID: "2" }, { eventID: "1" }] }),
      makeLog({ day: RECENT, account: "444455556666" }),
    ])
      aws.s3.put("trail-logs", key, bytes);
  });
  afterAll(() => aws.close());

  const onAws = (...args: string[]): Promise<Outcome> =>
    runCli(args, {
      cwd: workspace.folder,
      env: {
        AWS_ACCESS_KEY_ID: aws.clientConfig.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: aws.clientConfig.credentials.secretAccessKey,
        AWS_REGION: aws.clientConfig.region,
        AWS_ENDPOINT_URL: aws.endpoint,
        HOME: workspace.folder,
        CLOUDTRAIL_PARTITIONER_LOGS: "s3://trail-logs",
        CLOUDTRAIL_PARTITIONER_LAKE: "s3://lake/cloudtrail",
        CLOUDTRAIL_PARTITIONER_DATABASE: "security",
        CLOUDTRAIL_PARTITIONER_OUTPUT_S3_BUCKET: "answers",
      },
    });

  test("run compacts into the lake of the environment, and a query reads each event once", async () => {
    const { code, stdout } = await onAws("run");
    expect(code).toBe(0);
    expect(stdout).toContain("2 account-days written: 2 new\n");
    expect(stdout).toContain("; 4 events = 3 in the lake + 1 duplicate\n");
    expect(stdout).toMatch(/API requests: .*\d+ S3 GetObject.*\d+ S3 PutObject/);
    const answer = await onAws("query", "SELECT count(*) AS count FROM cloudtrail", "--format", "csv");
    expect(answer).toMatchObject({ code: 0, stdout: "count\n3\n" });
    expect((await onAws("plan", "--detailed-exitcode")).code).toBe(0);
    expect((await onAws("compact", "--verify-lake")).code).toBe(0);
  });
});
