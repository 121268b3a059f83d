import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { AwsDouble } from "../../../test/doubles/aws-double.ts";
import { startAwsDouble } from "../../../test/doubles/aws-double.ts";
import type { Check } from "../../core/check.ts";
import { planPolicy } from "../../core/iam-policy.ts";
import { makeLog } from "../../fixtures.contract.ts";
import type { AccessOptions } from "./access-trial.ts";
import { checkAthenaAccess } from "./check-access.ts";

const ANSWERS = "aws-athena-query-results-123456789012-us-east-1";

let aws: AwsDouble;
beforeAll(async () => {
  aws = await startAwsDouble();
  const { key, bytes } = makeLog({ root: "AWSLogs/o-exampleorg1/" });
  aws.s3.createBucket("example-logs", { region: "us-east-1" });
  aws.s3.put("example-logs", key, bytes);
  aws.s3.put(
    "example-logs",
    "AWSLogs/o-exampleorg1/111122223333/Config/us-east-1/2026/11/20/x.json.gz",
    bytes,
  );
  aws.s3.createBucket(ANSWERS, { region: "us-east-1" });
  aws.glue.makeForeignTable("default", "cloudtrail_111122223333");
});
afterAll(() => aws.close());
beforeEach(() => {
  aws.allowAll();
  aws.faults.heal();
  aws.clearCalls();
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  return () => vi.unstubAllEnvs();
});

async function check(options: Partial<AccessOptions> = {}): Promise<ReadonlyMap<string, Check>> {
  const checks = await checkAthenaAccess({
    aws: { endpointUrl: aws.endpoint },
    database: "default",
    tablePrefix: "cloudtrail",
    logs: "s3://example-logs",
    ...options,
  });
  return new Map(checks.map((each) => [each.name, each]));
}

/** The names of the checks that failed. */
function failed(checks: ReadonlyMap<string, Check>): string[] {
  return [...checks.values()].filter(({ ok }) => !ok).map(({ name }) => name);
}

async function answersAt(output: string): Promise<Check | undefined> {
  return (await check({ output })).get("answers");
}

describe("checkAthenaAccess", () => {
  test("finds all well where all is allowed, and changes nothing", async () => {
    const before = aws.glue.snapshot();
    const checks = await check({ retentionDays: 400, partitionIndex: true });
    expect(failed(checks)).toEqual([]);
    expect(aws.glue.snapshot()).toEqual(before);
    expect([...checks.values()].map(({ name, found }) => `${name}: ${found}`)).toMatchInlineSnapshot(`
      [
        "Region: us-east-1, from AWS_REGION",
        "credentials: found",
        "identity: arn:aws:sts::123456789012:assumed-role/reader/session, account 123456789012",
        "glue:GetDatabase: the database default is there",
        "glue:GetTables: allowed, 1 tables and views named cloudtrail or cloudtrail_*",
        "glue:GetTable: allowed",
        "glue:GetPartitions: allowed",
        "glue:CreateTable: allowed",
        "glue:UpdateTable: allowed",
        "glue:BatchCreatePartition: allowed",
        "glue:BatchUpdatePartition: allowed",
        "glue:BatchDeletePartition: allowed",
        "glue:GetPartitionIndexes: allowed",
        "glue:CreatePartitionIndex: allowed",
        "workgroup: primary, Athena engine version 3, no limit to what a query scans",
        "answers: s3://aws-athena-query-results-123456789012-us-east-1/",
        "log bucket: AWSLogs/ can be listed",
        "log files: allowed, tried on AWSLogs/o-exampleorg1/111122223333/CloudTrail/us-east-1/2026/11/20/logs.json.gz",
      ]
    `);
  });

  test("uses no action that the policy of doctor leaves out", async () => {
    await check({ retentionDays: 400, partitionIndex: true });
    const allowed = planPolicy({
      command: "doctor",
      place: aws.place,
      logs: { bucket: "example-logs", prefix: "" },
      database: "default",
      tablePrefix: "cloudtrail",
      workgroup: "primary",
      output: { bucket: ANSWERS, prefix: "" },
      retention: true,
      partitionIndex: true,
    }).Statement.flatMap(({ Action }) => Action);
    const used = [...aws.actionsUsed()].filter((action) => action !== "sts:GetCallerIdentity");
    expect(used.filter((action) => !allowed.includes(action))).toEqual([]);
  });

  test.each([
    "glue:GetDatabase",
    "glue:GetTables",
    "glue:GetTable",
    "glue:GetPartitions",
    "glue:CreateTable",
    "glue:UpdateTable",
    "glue:BatchCreatePartition",
    "glue:BatchUpdatePartition",
    "glue:BatchDeletePartition",
    "glue:GetPartitionIndexes",
    "glue:CreatePartitionIndex",
  ])("without %s just that check fails, and the remedy names the action and an ARN", async (action) => {
    aws.deny(action);
    const checks = await check({ retentionDays: 400, partitionIndex: true });
    expect(failed(checks)).toEqual([action]);
    expect(checks.get(action)?.found).toContain("AccessDeniedException");
    expect(checks.get(action)?.remedy).toMatch(
      new RegExp(`allow ${action} on arn:aws:glue:us-east-1:123456789012:(table|database)/default`),
    );
  });

  test.each([
    ["s3:GetBucketLocation", ["answers"]],
    ["s3:ListBucket", ["log bucket"]],
    ["s3:GetObject", ["log files"]],
    ["athena:GetWorkGroup", ["workgroup"]],
    ["sts:GetCallerIdentity", ["identity", "answers"]],
  ])("without %s these checks fail: %j", async (action, names) => {
    aws.deny(action);
    const checks = await check();
    expect(failed(checks)).toEqual(names);
    expect(checks.get(names[0] ?? "")?.remedy).toContain(`allow ${action} on `);
  });

  test("what a KMS key refuses has a remedy of its own", async () => {
    aws.faults.onCall(({ name }) =>
      name === "S3 GetObject"
        ? {
            kind: "error",
            status: 403,
            code: "AccessDenied",
            message:
              "User: x is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext",
          }
        : undefined,
    );
    const reading = (await check()).get("log files");
    expect(reading).toMatchObject({ ok: false });
    expect(reading?.remedy).toContain("kms:Decrypt");
  });

  test("Lake Formation's refusals say what to grant", async () => {
    aws.glue.refuseByLakeFormation = true;
    const checks = await check();
    aws.glue.refuseByLakeFormation = false;
    expect(failed(checks)).toEqual([
      "glue:CreateTable",
      "glue:UpdateTable",
      "glue:BatchCreatePartition",
      "glue:BatchUpdatePartition",
    ]);
    expect(checks.get("glue:UpdateTable")?.found).toContain("Insufficient Lake Formation permission(s)");
    expect(checks.get("glue:UpdateTable")?.remedy).toMatch(/grant .* in Lake Formation/);
  });

  test("a database that is not there yet is no failure, and making it is not tried", async () => {
    const checks = await check({ database: "not_yet" });
    expect(failed(checks)).toEqual([]);
    expect(checks.get("glue:GetDatabase")?.found).toContain("run makes it");
    for (const action of ["glue:CreateDatabase", "glue:CreateTable"]) {
      expect(checks.get(action)?.found).toContain("not tried");
    }
  });

  test("with projected partitions writing them is not tried", async () => {
    const checks = await check({ partitions: "projected" });
    expect([...checks.keys()].filter((name) => name.startsWith("glue:Batch"))).toEqual([]);
  });

  test("a lake is listed and read, and its partitions are written in any case", async () => {
    aws.s3.createBucket("example-lake");
    expect((await check({ lake: "s3://example-lake" })).get("lake")?.found).toMatch(/nothing yet/);
    aws.s3.put("example-lake", "parquet/data/x.parquet", Buffer.from("x"));
    const before = aws.glue.snapshot();
    const checks = await check({ lake: "s3://example-lake/parquet/", partitions: "projected" });
    expect(failed(checks)).toEqual([]);
    expect([...checks.keys()].filter((name) => name.startsWith("glue:Batch"))).toEqual([
      "glue:BatchCreatePartition",
      "glue:BatchUpdatePartition",
      "glue:BatchDeletePartition",
    ]);
    expect(checks.get("lake")?.found).toContain("s3://example-lake/parquet/ can be listed");
    expect(checks.get("lake files")?.found).toBe("allowed, tried on parquet/data/x.parquet");
    expect(aws.glue.snapshot()).toEqual(before);
    aws.deny("s3:GetObject");
    expect(failed(await check({ lake: "s3://example-lake/parquet" }))).toEqual(["log files", "lake files"]);
  });

  test("a lake whose bucket is not there is a failure", async () => {
    const checks = await check({ lake: "s3://no-such-lake/x" });
    expect(failed(checks)).toEqual(["lake"]);
    expect(checks.get("lake")?.remedy).toMatch(/--lake/);
  });

  test("answers among the logs, in another Region or in no bucket are failures", async () => {
    aws.s3.createBucket("far-answers", { region: "eu-west-1" });
    expect(await answersAt("s3://example-logs/answers/")).toMatchObject({ ok: false });
    expect(await answersAt("far-answers")).toMatchObject({
      ok: false,
      found: "s3://far-answers/ is in eu-west-1, and Athena in us-east-1",
    });
    const missing = await answersAt("s3://no-such-bucket/answers/");
    expect(missing).toMatchObject({ ok: false });
    expect(missing?.remedy).toContain("aws s3 mb s3://no-such-bucket --region us-east-1");
  });

  test("a log bucket that is not there is a failure, and one without AWSLogs/ is said to be searched", async () => {
    expect(failed(await check({ logs: "s3://no-such-logs" }))).toEqual(["log bucket"]);
    const wrong = await check({ logs: "s3://example-logs/elsewhere" });
    expect(wrong.get("log bucket")).toMatchObject({
      ok: true,
      found: expect.stringContaining("no AWSLogs/ right in s3://example-logs/elsewhere/"),
    });
  });

  test("a log bucket in another Region is said, and read", async () => {
    const { key, bytes } = makeLog({ root: "o-exampleorg1/AWSLogs/o-exampleorg1/" });
    aws.s3.createBucket("far-logs", { region: "eu-west-1" });
    aws.s3.put("far-logs", `trails/${key}`, bytes);
    const checks = await check({ logs: "s3://far-logs/trails/" });
    expect(failed(checks)).toEqual([]);
    expect(checks.get("log bucket")?.found).toContain("in eu-west-1, and queries from us-east-1 pay");
    expect(checks.get("log files")?.found).toContain(`trails/${key}`);
  });

  test("logs in a folder, or none, need nothing of S3", async () => {
    for (const logs of [undefined, "/var/logs"]) {
      expect([...(await check({ logs })).keys()].filter((name) => name.startsWith("log "))).toEqual([]);
    }
  });

  test("without credentials nothing else is tried", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    const checks = await check();
    expect([...checks.keys()]).toEqual(["Region", "credentials"]);
    expect(checks.get("credentials")?.found).toContain("there are no AWS credentials");
    expect(aws.calls).toEqual([]);
  });

  test("without a Region nothing else is tried, and AWS_DEFAULT_REGION is said not to count", async () => {
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_DEFAULT_REGION", "eu-west-1");
    const checks = await check();
    expect([...checks.keys()]).toEqual(["Region"]);
    expect(checks.get("Region")?.remedy).toContain("AWS_REGION=eu-west-1");
  });
});
