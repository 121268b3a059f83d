import { writeFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { AwsDouble } from "../../../test/doubles/aws-double.ts";
import { startAwsDouble } from "../../../test/doubles/aws-double.ts";
import type { PolicyCommand, PolicyDocument } from "../../core/iam-policy.ts";
import { UserError } from "../../core/user-error.ts";
import { makeFolder } from "../../fixtures.contract.ts";
import type { IamPolicyFlags } from "./iam-policy.ts";
import { iamPolicyCommand } from "./iam-policy.ts";

let aws: AwsDouble;
let config: string;
beforeAll(async () => {
  aws = await startAwsDouble({ region: "us-gov-west-1", partition: "aws-us-gov" });
});
afterAll(() => aws.close());
beforeEach(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_REGION", "us-gov-west-1");
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  config = `${await makeFolder()}/case.yaml`;
  await writeFile(config, "logs: s3://example-logs/security/AWSLogs\ndatabase: security\n");
  return () => vi.unstubAllEnvs();
});

interface Printed {
  readonly policy: PolicyDocument;
  readonly stderr: string;
}

async function print(command: PolicyCommand, flags: IamPolicyFlags = {}): Promise<Printed> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const terminal = { stdout, stderr, quiet: false, signal: new AbortController().signal };
  await iamPolicyCommand(command, { config, endpointUrl: aws.endpoint, ...flags }, terminal);
  stdout.end();
  stderr.end();
  return { policy: JSON.parse(await text(stdout)) as PolicyDocument, stderr: await text(stderr) };
}

function resources({ policy }: Printed, sid: string): readonly string[] | undefined {
  return policy.Statement.find(({ Sid }) => Sid === sid)?.Resource;
}

describe("iam-policy", () => {
  test("names what the configuration names, in the caller's partition, Region and account", async () => {
    const printed = await print("run");
    expect(printed.stderr).toBe("");
    expect(resources(printed, "CreateDatabase")).toEqual([
      "arn:aws-us-gov:glue:us-gov-west-1:123456789012:catalog",
      "arn:aws-us-gov:glue:us-gov-west-1:123456789012:database/security",
    ]);
    expect(printed.policy.Statement[0]?.Condition?.StringLike["s3:prefix"]).toEqual([
      "security/",
      "security/AWSLogs/*",
      "security/o-*",
    ]);
  });

  test("flags name account, Region, partition and keys, and AWS is not asked", async () => {
    aws.clearCalls();
    const key = "arn:aws-iso:kms:us-iso-east-1:111122223333:key/0a1b2c3d";
    const printed = await print("query", {
      awsAccount: "111122223333",
      awsRegion: "us-iso-east-1",
      kmsKey: key,
      workgroup: "audit",
    });
    expect(aws.calls).toEqual([]);
    expect(resources(printed, "UseWorkgroup")).toEqual([
      "arn:aws-iso:athena:us-iso-east-1:111122223333:workgroup/audit",
    ]);
    expect(resources(printed, "DecryptLogs")).toEqual([key]);
    const other = await print("run", { awsAccount: "111122223333", awsRegion: "x-1", arnPartition: "aws-x" });
    expect(resources(other, "ListLogs")).toEqual(["arn:aws-x:s3:::example-logs"]);
  });

  test("answers go to the bucket that output_s3_bucket names, or to Athena's own, which is said", async () => {
    const unsaid = await print("query");
    expect(resources(unsaid, "WriteAnswers")).toEqual([
      "arn:aws-us-gov:s3:::aws-athena-query-results-123456789012-us-gov-west-1/*",
    ]);
    expect(unsaid.stderr).toContain("output_s3_bucket");
    for (const [output, resource] of [
      ["example-answers", "example-answers/*"],
      ["s3://example-answers/x", "example-answers/x/*"],
    ]) {
      await writeFile(config, `logs: s3://example-logs\noutput_s3_bucket: ${output}\n`);
      const said = await print("query");
      expect(resources(said, "WriteAnswers")).toEqual([`arn:aws-us-gov:s3:::${resource}`]);
      expect(said.stderr).toBe("");
    }
  });

  test("what is not known stands in capitals, and is said", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_REGION", undefined);
    await writeFile(config, "");
    const printed = await print("run");
    expect(resources(printed, "ListLogs")).toEqual(["arn:aws:s3:::LOG_BUCKET"]);
    expect(resources(printed, "CreateDatabase")?.[0]).toBe("arn:aws:glue:REGION:ACCOUNT_ID:catalog");
    for (const flag of ["--aws-account", "--aws-region", "--logs"]) expect(printed.stderr).toContain(flag);
    expect((await print("init")).stderr).toBe("");
  });

  test("retention, index and projection of the configuration count", async () => {
    await writeFile(config, "logs: s3://example-logs\nretention_days: 400\npartition_index: true\n");
    const actions = (await print("run")).policy.Statement.flatMap(({ Action }) => Action);
    expect(actions).toEqual(
      expect.arrayContaining(["glue:BatchDeletePartition", "glue:CreatePartitionIndex"]),
    );
    await writeFile(config, "logs: s3://example-logs\npartitions: projected\n");
    const projected = (await print("run")).policy.Statement.flatMap(({ Action }) => Action);
    expect(projected).not.toContain("glue:BatchCreatePartition");
  });

  test("a lake is named by flag or configuration, is missed by compact alone, and has a key", async () => {
    const missed = await print("compact");
    expect(resources(missed, "WriteLake")).toEqual(["arn:aws-us-gov:s3:::LAKE_BUCKET/*"]);
    expect(missed.stderr).toContain("--lake s3://bucket/prefix");
    expect((await print("run")).stderr).toBe("");
    const key = "arn:aws:kms:us-east-1:111122223333:key/1";
    const named = await print("compact", { lake: "s3://example-lake/a", lakeKmsKey: key });
    expect(named.stderr).toBe("");
    expect(resources(named, "WriteLake")).toEqual(["arn:aws-us-gov:s3:::example-lake/a/*"]);
    expect(resources(named, "EncryptLake")).toEqual([key]);
    await writeFile(config, "logs: s3://example-logs\nlake: s3://example-lake\n");
    expect(resources(await print("run"), "WriteLake")).toEqual(["arn:aws-us-gov:s3:::example-lake/*"]);
    expect(resources(await print("query"), "ReadLake")).toEqual(["arn:aws-us-gov:s3:::example-lake/*"]);
    await expect(print("compact", { lake: "./lake" })).rejects.toThrow("Athena reads a lake in S3");
  });

  test("the catalog's key is the flag's, or the configuration's, which must be an ARN", async () => {
    const [key, other] = ["1", "2"].map((id) => `arn:aws:kms:us-east-1:111122223333:key/${id}`);
    await writeFile(config, `logs: s3://example-logs\ncatalog_key_arn: ${key}\n`);
    expect(resources(await print("plan"), "DecryptCatalog")).toEqual([key]);
    const named = await print("run", { catalogKmsKey: other ?? "" });
    expect(resources(named, "EncryptCatalog")).toEqual([other]);
    await writeFile(config, "logs: s3://example-logs\ncatalog_key_arn: alias/glue\n");
    await expect(print("run")).rejects.toThrow('catalog_key_arn "alias/glue"');
  });

  test("a folder, and DuckDB, need no permission", async () => {
    await expect(print("run", { logs: "./logs" })).rejects.toThrow(UserError);
    await expect(print("run", { engine: "duckdb" })).rejects.toThrow("needs no permission of AWS");
  });
});
