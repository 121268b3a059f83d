import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { App, Stack } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { makeStack } from "../../infra/stack.ts";
import type * as source from "../../src/cdk/index.ts";
import { readConfiguration } from "../../src/config/configuration-file.ts";
import { decideDeployment } from "../../src/config/deployment.ts";
import { makeFolder } from "../../src/fixtures.contract.ts";
import { makeQuickApp } from "./worlds.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await makeFolder();
  vi.stubEnv("CDK_DEFAULT_ACCOUNT", "111122223333");
  vi.stubEnv("CDK_DEFAULT_REGION", "us-east-1");
  return () => vi.unstubAllEnvs();
});

async function deploy(file: string, app?: App): Promise<ReturnType<typeof makeStack>> {
  await writeFile(`${folder}/config.yaml`, file);
  const into = app ?? makeQuickApp(await makeFolder());
  return makeStack(into, decideDeployment(await readConfiguration(`${folder}/config.yaml`, {})));
}

/** Duo Labs' own example, with a bucket's name that S3 takes. */
const PREDECESSOR = `s3_bucket_containing_logs: my-log-bucket
cloudtrail_prefix: ""
alarm_sns_arn: arn:aws:sns:us-east-1:000000000000:my-sns
partition_days: 90
output_s3_bucket: default
database: default
table_prefix: cloudtrail
`;

const ALL = `logs: s3://my-log-bucket/prefix
database: security
table_prefix: ct
aws_region: eu-west-1
partition_days: 30
retention_days: 400
lake: s3://my-lake-bucket/closed
memory: 4GB
schedule: rate(12 hours)
schedule_time_zone: Europe/Zurich
alarm_email: security@example.com
log_bucket_account: 444455556666
create_workgroup: true
workgroup: audit
max_scan: 100GB
kms_key_arn: arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000
catalog_key_arn: arn:aws:kms:eu-west-1:111122223333:key/4e5f6a7b-0000-4000-8000-000000000000
log_retention_days: 365
tags: { team: security }
`;

describe("the app", () => {
  test("deploys Duo Labs' file as it is", async () => {
    const template = Template.fromStack(await deploy(PREDECESSOR));
    const topic = "arn:aws:sns:us-east-1:000000000000:my-sns";
    template.resourcePropertiesCountIs("AWS::CloudWatch::Alarm", { AlarmActions: [topic] }, 6);
    template.hasResourceProperties("AWS::Lambda::Function", {
      Code: { S3Key: Match.stringLikeRegexp("^[0-9a-f]{64}\\.zip$") },
      Environment: {
        Variables: {
          CLOUDTRAIL_PARTITIONER_LOGS: "s3://my-log-bucket",
          CLOUDTRAIL_PARTITIONER_DATABASE: "default",
          CLOUDTRAIL_PARTITIONER_TABLE_PREFIX: "cloudtrail",
          CLOUDTRAIL_PARTITIONER_PARTITION_DAYS: "90",
        },
      },
    });
  });

  test("deploys all that the file can say, in its Region, and CDK's check of the template finds nothing", async () => {
    const app = new App({ analyticsReporting: false, autoSynth: false, outdir: `${folder}/out` });
    const stack = await deploy(ALL, app);
    expect(stack.region).toBe("eu-west-1");
    const template = Template.fromStack(stack);
    template.hasResourceProperties("AWS::Lambda::Function", {
      MemorySize: 3815,
      Environment: { Variables: { CLOUDTRAIL_PARTITIONER_LAKE: "s3://my-lake-bucket/closed" } },
    });
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      ScheduleExpression: "rate(12 hours)",
      ScheduleExpressionTimezone: "Europe/Zurich",
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "Invocations",
      EvaluationPeriods: 14,
    });
    template.hasResourceProperties("AWS::Athena::WorkGroup", {
      Name: "audit",
      WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 100_000_000_000 },
    });
    template.hasResourceProperties("AWS::Logs::LogGroup", {
      RetentionInDays: 365,
      KmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000",
      Tags: [{ Key: "team", Value: "security" }],
    });
    expect(Object.keys(template.findOutputs("*"))).toEqual([
      "FunctionName",
      "FirstRun",
      "Log",
      "LogBucketPolicy",
    ]);
    const report: unknown = JSON.parse(readFileSync(`${folder}/out/validation-report.json`, "utf8"));
    expect(report).toMatchObject({ pluginReports: [] });
  });

  test("warns where nobody would hear of alarms, and else does not", async () => {
    const unheard = await deploy("logs: s3://my-log-bucket\n");
    const warning = Match.stringLikeRegexp("set alarm_email or alarm_sns_arn");
    Annotations.fromStack(unheard).hasWarning("*", warning);
    Annotations.fromStack(await deploy(PREDECESSOR)).hasNoWarning("*", Match.anyValue());
  });

  test("says in two lines what is wrong, and fails", async () => {
    await writeFile(`${folder}/config.yaml`, "logs: s3://my-log-bucket\nalarm_sns_arn: my-topic\n");
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "infra/app.ts"], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ config: `${folder}/config.yaml` }) },
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(
      /^error: alarm_sns_arn "my-topic" is not the ARN of an SNS topic\nhint: .*alarm_email.*\n$/,
    );
  });
});

test("the compiled construct is the package's entry /cdk, and finds the bundle", async () => {
  const built = (await import(`${ROOT}dist/cdk/index.js`)) as typeof source;
  const stack = new Stack(makeQuickApp(folder), "Built");
  const partitioner = new built.CloudTrailPartitioner(stack, "Partitioner", { logBucket: "example-logs" });
  expect(partitioner.function.runtime.name).toBe("nodejs24.x");
});
