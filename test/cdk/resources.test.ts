import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { readEnvironment } from "../../src/config/configuration.ts";
import type { Configuration } from "../../src/config/configuration.ts";
import type { WorldName } from "./worlds.ts";
import { ACCOUNT, CATALOG_KEY, listResources, openWorlds, WORLD_NAMES } from "./worlds.ts";

const TYPES = [
  "AWS::CloudWatch::Alarm",
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::Lambda::Function",
  "AWS::Logs::LogGroup",
  "AWS::SNS::Topic",
  "AWS::SNS::TopicPolicy",
  "AWS::SQS::Queue",
  "AWS::SQS::QueuePolicy",
  "AWS::Scheduler::Schedule",
];

function listTypes(name: WorldName): string[] {
  const { Resources } = openWorlds()[name].template.toJSON() as {
    Resources: Record<string, { Type: string }>;
  };
  return [...new Set(Object.values(Resources).map(({ Type }) => Type))].toSorted();
}

describe("a deployment", () => {
  test("has these kinds of resources: no custom one, and no function that CDK adds", () => {
    expect(listTypes("plain")).toEqual(TYPES);
    for (const name of WORLD_NAMES) {
      openWorlds()[name].template.resourceCountIs("AWS::Lambda::Function", 1);
      expect(listTypes(name).filter((type) => type.includes("Custom"))).toEqual([]);
    }
  });

  test("has names that CloudFormation makes, so that two fit into one account", () => {
    for (const type of TYPES) {
      for (const resource of listResources(openWorlds().full, type)) {
        const names = Object.keys(resource).filter((key) => /^(\w*Name)$/.test(key));
        expect(names.filter((key) => !["MetricName", "PolicyName", "FunctionName"].includes(key))).toEqual(
          [],
        );
      }
    }
  });

  test("bears the tags", () => {
    for (const type of [
      "AWS::Lambda::Function",
      "AWS::SQS::Queue",
      "AWS::S3::Bucket",
      "AWS::CloudWatch::Alarm",
    ]) {
      openWorlds().full.template.allResourcesProperties(type, {
        Tags: Match.arrayWith([{ Key: "team", Value: "security" }]),
      });
    }
  });

  test("says how to start the first run", () => {
    const outputs = Object.entries(openWorlds().plain.template.findOutputs("*"));
    const [, firstRun] = outputs.find(([id]) => id.includes("FirstRun")) ?? [];
    expect(JSON.stringify(firstRun)).toContain("aws lambda invoke --region us-east-1 --function-name ");
    expect(outputs.some(([id]) => id.includes("FunctionName"))).toBe(true);
  });
});

describe("the function", () => {
  test("runs the bundle on the newest Node and on arm64, on one processor, for 15 minutes", () => {
    const [made] = listResources(openWorlds().plain, "AWS::Lambda::Function");
    expect(made).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      MemorySize: 1769,
      Timeout: 900,
      LoggingConfig: { LogGroup: { Ref: expect.stringMatching(/^PartitionerLogGroup/) as unknown } },
      DeadLetterConfig: { TargetArn: { "Fn::GetAtt": [expect.stringMatching(/DeadLetters/), "Arn"] } },
    });
    expect(listResources(openWorlds().plain, "AWS::Lambda::EventInvokeConfig")).toMatchObject([
      { MaximumRetryAttempts: 2 },
    ]);
    expect(listResources(openWorlds().full, "AWS::Lambda::Function")).toMatchObject([
      { MemorySize: 3538, Timeout: 600 },
    ]);
  });

  const CONFIGURATIONS: Readonly<Partial<Record<WorldName, Configuration>>> = {
    plain: { logs: "s3://example-logs" },
    full: {
      logs: "s3://example-logs/security/trail",
      database: "security",
      table_prefix: "ct",
      partition_days: 30,
      layout: "unified",
      partition_index: "true",
      retention_days: 400,
      accounts: ["111122223333", "000000000001"],
      regions: ["us-east-1", "eu-west-1"],
      request_payer: "requester",
    },
    lake: { logs: "s3://example-logs", lake: "s3://example-lake/cloudtrail" },
    projected: { logs: "s3://example-logs/odd prefix*", partitions: "projected", layout: "tables" },
  };

  test.each(Object.entries(CONFIGURATIONS))(
    "of %s reads its configuration from its environment",
    (name, wanted) => {
      const [made] = listResources(openWorlds()[name as WorldName], "AWS::Lambda::Function");
      const { Variables } = made!["Environment"] as { Variables: Record<string, string> };
      expect(Variables["NODE_OPTIONS"]).toBe("--enable-source-maps");
      expect(readEnvironment(Variables)).toEqual(wanted);
    },
  );

  test("has more memory with a lake, and as much as it is given", () => {
    const [[lake], [told]] = (["lake", "lakeTokens"] as const).map((name) =>
      listResources(openWorlds()[name], "AWS::Lambda::Function"),
    ) as [[object], [object]];
    expect(lake).toMatchObject({ MemorySize: 2048, Timeout: 900 });
    expect(told).toMatchObject({ MemorySize: 3000 });
  });

  test("has tokens in its environment where only the deployment knows", () => {
    const [made] = listResources(openWorlds().tokens, "AWS::Lambda::Function");
    expect(made?.["Environment"]).toMatchObject({
      Variables: {
        CLOUDTRAIL_PARTITIONER_LOGS: {
          "Fn::Join": [
            "",
            ["s3://", { Ref: expect.stringMatching(/^Logs/) as unknown }, "/", { Ref: "Prefix" }],
          ],
        },
        CLOUDTRAIL_PARTITIONER_DATABASE: { Ref: "Database" },
        CLOUDTRAIL_PARTITIONER_TABLE_PREFIX: { Ref: "TablePrefix" },
      },
    });
  });

  test("has a log group of its own that forgets", () => {
    expect(listResources(openWorlds().plain, "AWS::Logs::LogGroup")).toEqual([{ RetentionInDays: 90 }]);
    expect(listResources(openWorlds().full, "AWS::Logs::LogGroup")).toMatchObject([{ RetentionInDays: 365 }]);
  });
});

describe("the schedule", () => {
  test("starts a run daily at 03:15 UTC with an empty event, and tells the queue where it cannot", () => {
    expect(listResources(openWorlds().plain, "AWS::Scheduler::Schedule")).toMatchObject([
      {
        ScheduleExpression: "cron(15 3 * * ? *)",
        ScheduleExpressionTimezone: "Etc/UTC",
        State: "ENABLED",
        Target: {
          Input: "{}",
          RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 21_600 },
          DeadLetterConfig: { Arn: { "Fn::GetAtt": [expect.stringMatching(/DeadLetters/), "Arn"] } },
        },
      },
    ]);
  });

  test("starts when it is told to, in a time zone", () => {
    expect(listResources(openWorlds().full, "AWS::Scheduler::Schedule")).toMatchObject([
      { ScheduleExpression: "cron(0 4 ? * MON-FRI *)", ScheduleExpressionTimezone: "Europe/Zurich" },
    ]);
  });
});

describe("the queue and the topic", () => {
  test("take nothing in the clear, and the topic takes this account's alarms", () => {
    const { template } = openWorlds().full;
    template.hasResourceProperties("AWS::SQS::Queue", {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
    const insecure = { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } };
    template.hasResourceProperties("AWS::SQS::QueuePolicy", {
      PolicyDocument: { Statement: [Match.objectLike(insecure)] },
    });
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: [
          Match.objectLike(insecure),
          Match.objectLike({
            Effect: "Allow",
            Action: "sns:Publish",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
          }),
        ],
      },
    });
    expect(listResources(openWorlds().full, "AWS::SNS::Subscription")).toMatchObject([
      { Protocol: "email", Endpoint: "security@example.com" },
    ]);
  });

  test("are not made where a topic is named: nothing is added to it", () => {
    for (const name of ["elsewhere", "tokens"] as const) {
      const { template } = openWorlds()[name];
      for (const kind of ["Topic", "TopicPolicy", "Subscription"])
        template.resourceCountIs(`AWS::SNS::${kind}`, 0);
    }
  });
});

describe("the workgroup", () => {
  test("holds everyone to its limit, and encrypts answers, which expire", () => {
    expect(listResources(openWorlds().full, "AWS::Athena::WorkGroup")).toMatchObject([
      {
        Name: "audit",
        WorkGroupConfiguration: {
          EnforceWorkGroupConfiguration: true,
          BytesScannedCutoffPerQuery: 100_000_000_000,
          RequesterPaysEnabled: true,
          ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: "SSE_S3" } },
        },
      },
    ]);
    const { template } = openWorlds().full;
    template.hasResource("AWS::S3::Bucket", {
      UpdateReplacePolicy: "Retain",
      DeletionPolicy: "RetainExceptOnCreate",
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 7, Status: "Enabled" })] },
      },
    });
    template.hasResourceProperties("AWS::S3::BucketPolicy", {
      PolicyDocument: { Statement: [Match.objectLike({ Effect: "Deny", Action: "s3:*" })] },
    });
  });

  test("is made where it is asked for only", () => {
    expect(openWorlds().plain.partitioner.workgroup).toBeUndefined();
    openWorlds().plain.template.resourceCountIs("AWS::S3::Bucket", 0);
    expect(listResources(openWorlds().china, "AWS::Athena::WorkGroup")).toMatchObject([
      { Name: "cloudtrail" },
    ]);
  });
});

describe("a key", () => {
  const key = { "Fn::GetAtt": [expect.stringMatching(/^Key/), "Arn"] };

  test("encrypts environment, log, queue, topic and answers", () => {
    const { keyed } = openWorlds();
    const one = (type: string): unknown => listResources(keyed, type)[0];
    expect(one("AWS::Lambda::Function")).toMatchObject({ KmsKeyArn: key });
    expect(one("AWS::Logs::LogGroup")).toMatchObject({ KmsKeyId: key });
    expect(one("AWS::SQS::Queue")).toMatchObject({ KmsMasterKeyId: key });
    expect(one("AWS::SNS::Topic")).toMatchObject({ KmsMasterKeyId: key });
    expect(one("AWS::S3::Bucket")).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { KMSMasterKeyID: key } }],
      },
    });
    expect(one("AWS::Athena::WorkGroup")).toMatchObject({
      WorkGroupConfiguration: {
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: "SSE_KMS", KmsKey: key } },
      },
    });
  });

  test("lets the services use it that must, for this account", () => {
    const [made] = listResources(openWorlds().keyed, "AWS::KMS::Key");
    const { Statement } = made!["KeyPolicy"] as { Statement: readonly Record<string, unknown>[] };
    const own = { StringEquals: { "aws:SourceAccount": ACCOUNT } };
    expect(Statement.slice(1)).toMatchObject([
      { Sid: "CloudWatchLogs", Condition: { ArnLike: {} } },
      { Principal: { Service: "cloudwatch.amazonaws.com" }, Condition: own },
      { Principal: { Service: "scheduler.amazonaws.com" }, Condition: own },
    ]);
    expect(JSON.stringify(Statement[1])).toContain(`:logs:us-east-1:${ACCOUNT}:log-group:*`);
  });

  test("that is imported is used, and its policy left alone", () => {
    const { elsewhere } = openWorlds();
    expect(listResources(elsewhere, "AWS::SQS::Queue")).toMatchObject([{ KmsMasterKeyId: CATALOG_KEY }]);
    elsewhere.template.resourceCountIs("AWS::KMS::Key", 0);
  });
});
