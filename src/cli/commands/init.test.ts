import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { AwsDouble } from "../../../test/doubles/aws-double.ts";
import { startAwsDouble } from "../../../test/doubles/aws-double.ts";
import { readConfiguration } from "../../config/configuration-file.ts";
import { UserError } from "../../core/user-error.ts";
import { makeFolder } from "../../fixtures.contract.ts";
import type { InitFlags } from "./init.ts";
import { initCommand } from "./init.ts";

let aws: AwsDouble;
let folder: string;
const home = process.cwd();
beforeAll(async () => {
  aws = await startAwsDouble();
  aws.s3.createBucket("org-logs", { region: "eu-west-1" });
});
afterAll(() => aws.close());
beforeEach(async () => {
  aws.cloudTrail.trails = [
    { Name: "one", S3BucketName: "one-logs", HomeRegion: "us-east-1" },
    {
      Name: "org",
      S3BucketName: "org-logs",
      S3KeyPrefix: "security",
      HomeRegion: "us-east-1",
      IsOrganizationTrail: true,
      IsMultiRegionTrail: true,
    },
  ];
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  folder = await makeFolder();
  process.chdir(folder);
  return () => {
    process.chdir(home);
    vi.unstubAllEnvs();
  };
});

/** Runs it where nobody can be asked. */
async function init(flags: InitFlags): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const terminal = { stdout, stderr, quiet: false, signal: new AbortController().signal };
  const code = await initCommand({ endpointUrl: aws.endpoint, ...flags }, terminal);
  stdout.end();
  stderr.end();
  return { code, stdout: await text(stdout), stderr: await text(stderr) };
}

const FILE = "cloudtrail-partitioner.yaml";

describe("init", () => {
  test("takes the most comprehensive trail, and the Region of its bucket", async () => {
    const { code, stdout, stderr } = await init({ yes: true });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("logs: s3://org-logs/security (org, organization, all Regions)\n");
    expect(stderr).toContain("also found: s3://one-logs (one, account, us-east-1)\n");
    expect(stderr).toContain(`wrote ${folder}/${FILE}\n`);
    expect(await readConfiguration(FILE, {})).toMatchObject({
      logs: "s3://org-logs/security",
      engine: "athena",
      database: "default",
      aws_region: "eu-west-1",
    });
    expect(await readdir(folder)).toEqual([FILE]);
  });

  test("goes on with folders where there are no credentials, and says so", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    await mkdir("case/AWSLogs", { recursive: true });
    const { stderr } = await init({});
    expect(stderr).toMatch(/^warning: trails were not looked for: there are no AWS credentials/);
    expect(stderr).toContain("logs: ./case (a folder)\n");
    expect(await readConfiguration(FILE, {})).toMatchObject({
      logs: `${folder}/case`,
      engine: "duckdb",
      database: `${folder}/cloudtrail.duckdb`,
    });
  });

  test("finds nothing where there is nothing, and says what to name", async () => {
    aws.cloudTrail.trails = [];
    await expect(init({})).rejects.toThrow(UserError);
    expect(await readdir(folder)).toEqual([]);
  });

  test("writes over no file, unless it is forced to", async () => {
    await writeFile(FILE, "logs: ./mine\n");
    await expect(init({})).rejects.toThrow(`${folder}/${FILE} is there already`);
    expect(await readFile(FILE, "utf8")).toBe("logs: ./mine\n");
    await init({ force: true });
    expect(await readFile(FILE, "utf8")).toContain("logs: s3://org-logs/security\n");
  });

  test("--dry-run prints the file, and writes none", async () => {
    const { stdout } = await init({ dryRun: true });
    expect(stdout).toContain("\nlogs: s3://org-logs/security\n");
    expect(await readdir(folder)).toEqual([]);
  });

  test("what flags name stands in the file; a folder relative to it", async () => {
    await mkdir("settings");
    await init({ logs: "./logs", config: "settings/case.yaml", database: "case.duckdb" });
    expect(await readFile("settings/case.yaml", "utf8")).toContain("logs: ../logs\n");
    await init({
      logs: "s3://one-logs",
      config: "athena.yaml",
      database: "security",
      workgroup: "audit",
      output: "s3://answers/x/",
      awsRegion: "eu-west-3",
    });
    expect(await readConfiguration("athena.yaml", {})).toMatchObject({
      logs: "s3://one-logs",
      database: "security",
      workgroup: "audit",
      output_s3_bucket: "s3://answers/x/",
      aws_region: "eu-west-3",
    });
  });

  test.each([
    [{ logs: "" }, "--logs is empty"],
    [{ logs: "./logs", engine: "athena" }, "--engine athena does not read logs from the folder ./logs"],
    [
      { logs: "s3://one-logs", engine: "duckdb" },
      "--engine duckdb does not read logs from the bucket s3://one-logs",
    ],
    [{ logs: "s3://No_Bucket" }, "s3://No_Bucket does not begin with the name of a bucket"],
    [{ logs: "s3://one-logs", database: "Not-Glue" }, '"Not-Glue" is not the name of a Glue database'],
  ] as const)("refuses %j, and writes nothing", async (flags, message) => {
    await expect(init(flags)).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
  });
});
