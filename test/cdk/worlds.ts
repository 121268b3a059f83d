import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnParameter, Duration, Size, Stack, TimeZone } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { Code } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { CloudTrailPartitionerProps } from "../../src/cdk/index.ts";
import { CloudTrailPartitioner } from "../../src/cdk/index.ts";

export const ACCOUNT = "111122223333";
export const CATALOG_KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-0000-0000-000000000000";
export const LOG_KEY = "arn:aws:kms:us-east-1:444455556666:key/0a1b2c3d-0000-0000-0000-000000000001";
export const LAKE_KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-0000-0000-000000000002";

/** One deployment. */
export interface World {
  readonly partitioner: CloudTrailPartitioner;
  /** What would be sent to CloudFormation. */
  readonly template: Template;
}

/** What differs from a bucket's name and nothing else. */
type Props = Partial<CloudTrailPartitionerProps>;

interface WorldSettings {
  readonly region?: string;
  readonly props?: (stack: Stack) => Props;
}

const WORLDS = {
  plain: {},
  full: {
    props: () => ({
      logPrefix: "security/trail",
      database: "security",
      tablePrefix: "ct",
      partitionDays: 30,
      layout: "unified",
      partitionIndex: true,
      retentionDays: 400,
      accounts: ["111122223333", "000000000001"],
      regions: ["us-east-1", "eu-west-1"],
      requestPayer: true,
      catalogKey: CATALOG_KEY,
      alarmEmail: "security@example.com",
      schedule: ScheduleExpression.expression("cron(0 4 ? * MON-FRI *)", TimeZone.EUROPE_ZURICH),
      maxCoverageAge: Duration.hours(36),
      memorySize: 3538,
      timeout: Duration.minutes(10),
      logRetention: RetentionDays.ONE_YEAR,
      workgroup: {
        name: "audit",
        scanLimit: Size.bytes(100_000_000_000),
        resultsRetention: Duration.days(7),
      },
      tags: { team: "security", "cost-center": "42" },
    }),
  },
  projected: { props: () => ({ logPrefix: "/odd prefix*/", partitions: "projected", layout: "tables" }) },
  keyed: {
    props: (stack) => ({ key: new Key(stack, "Key"), workgroup: {}, runsEvery: Duration.hours(6) }),
  },
  elsewhere: {
    props: (stack) => ({
      logPrefix: "o",
      logBucketAccount: "444455556666",
      alarmTopic: Topic.fromTopicArn(stack, "Topic", `arn:aws:sns:us-east-1:${ACCOUNT}:alarms`),
      key: Key.fromKeyArn(stack, "Key", CATALOG_KEY),
      catalogKey: Key.fromKeyArn(stack, "CatalogKey", CATALOG_KEY),
    }),
  },
  china: { region: "cn-north-1", props: () => ({ workgroup: {}, logBucketAccount: ACCOUNT }) },
  gov: {
    region: "us-gov-west-1",
    props: () => ({ logPrefix: "trail/AWSLogs/o-abcdefghij/", logBucketAccount: "444455556666" }),
  },
  lake: {
    props: (stack) => ({
      logBucket: Bucket.fromBucketAttributes(stack, "Logs", {
        bucketName: "example-logs",
        encryptionKey: Key.fromKeyArn(stack, "LogKey", LOG_KEY),
      }),
      logBucketAccount: "444455556666",
      lakeBucket: "example-lake",
      lakePrefix: "/cloudtrail/",
      lakeKey: LAKE_KEY,
    }),
  },
  lakeTokens: {
    region: "",
    props: (stack) => ({
      lakeBucket: new Bucket(stack, "Lake", { encryption: BucketEncryption.KMS }),
      lakePrefix: new CfnParameter(stack, "LakePrefix").valueAsString,
      memorySize: 3000,
    }),
  },
  tokens: {
    region: "",
    props: (stack) => {
      const text = (id: string): string => new CfnParameter(stack, id).valueAsString;
      return {
        logBucket: new Bucket(stack, "Logs"),
        logPrefix: text("Prefix"),
        database: text("Database"),
        tablePrefix: text("TablePrefix"),
        catalogKey: text("CatalogKey"),
        logBucketAccount: ACCOUNT,
        alarmTopic: text("Topic"),
        schedule: ScheduleExpression.expression(text("Schedule")),
      };
    },
  },
} satisfies Record<string, WorldSettings>;

export type WorldName = keyof typeof WORLDS;
export const WORLD_NAMES = Object.keys(WORLDS) as WorldName[];

type Worlds = Readonly<Record<WorldName, World>>;

let worlds: Worlds | undefined;

/** Made all at once, and once for all tests: CDK takes seconds. */
export function openWorlds(): Worlds {
  worlds ??= makeWorlds();
  return worlds;
}

function makeWorlds(): Worlds {
  const folder = mkdtempSync(join(tmpdir(), "ctp-test-"));
  const app = makeQuickApp(folder);
  const made = Object.entries<WorldSettings>(WORLDS).map(([name, settings]) => {
    const { region = "us-east-1", props = () => ({}) } = settings;
    const stack = new Stack(app, name, region === "" ? {} : { env: { account: ACCOUNT, region } });
    return [name, { stack, partitioner: makePartitioner(stack, props(stack)) }] as const;
  });
  app.synth();
  const whole = made.map(([name, { stack, partitioner }]) => [
    name,
    { partitioner, template: Template.fromStack(stack) },
  ]);
  rmSync(folder, { recursive: true });
  return Object.fromEntries(whole) as Worlds;
}

/** Without CDK's own check of templates, and without knowing which line made what: both take seconds. */
export function makeQuickApp(outdir: string): App {
  return new App({
    analyticsReporting: false,
    autoSynth: false,
    builtinCloudFormationValidation: false,
    treeMetadata: false,
    outdir,
    context: { "aws:cdk:disable-stack-trace": true },
  });
}

/** With code that needs no bundle. */
export function makePartitioner(stack: Stack, props: Props): CloudTrailPartitioner {
  const code = Code.fromBucket(Bucket.fromBucketName(stack, "CodeBucket", "example-code"), "code.zip");
  return new CloudTrailPartitioner(stack, "Partitioner", { logBucket: "example-logs", code, ...props });
}

/** The properties of the stack's resources of a type. */
export function listResources(
  { template }: World,
  type: string,
): readonly Readonly<Record<string, unknown>>[] {
  return Object.values(template.findResources(type)).map(
    ({ Properties }) => Properties as Readonly<Record<string, unknown>>,
  );
}
