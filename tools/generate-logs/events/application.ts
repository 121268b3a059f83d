import { drawDataUser, drawReader, drawWriter } from "../actors/cast.ts";
import { inventHostileText } from "../hostile.ts";
import type { Json } from "../json.ts";
import { rawJson } from "../json.ts";
import type { Scene } from "../scene.ts";
import { arn } from "../scene.ts";
import { THROTTLED } from "./event.ts";
import type { EventTemplate } from "./event.ts";

/** Numbers that a reader changes if it parses and prints them anew. */
const ODD_NUMBERS = [
  "1.10",
  "1e5",
  "9223372036854775807",
  "18446744073709551615",
  "-0.0",
  "0.1000000000000000055",
  "1E-7",
] as const;

export const applicationEvents: readonly EventTemplate[] = [
  {
    service: "lambda",
    name: "Invoke",
    weight: 30,
    readOnly: false,
    data: true,
    draw: drawDataUser,
    apiVersion: "2015-03-31",
    errors: [THROTTLED],
    describe: (scene) => ({
      request: {
        functionName: "thumbnail",
        invocationType: "Event",
        qualifier: scene.random.chance(0.5) ? "live" : undefined,
      },
      additional: {
        functionVersion: arn(scene, "lambda", `function:thumbnail:${1 + scene.random.below(40)}`),
      },
      resources: [
        {
          accountId: scene.account.id,
          type: "AWS::Lambda::Function",
          ARN: arn(scene, "lambda", "function:thumbnail"),
        },
      ],
    }),
  },
  {
    service: "lambda",
    name: "UpdateFunctionCode20150331v2",
    weight: 4,
    readOnly: false,
    draw: drawWriter,
    apiVersion: "2015-03-31",
    errors: [
      { errorCode: "ResourceConflictException", errorMessage: "An update is in progress for the function." },
    ],
    describe: (scene) => ({
      request: {
        functionName: "thumbnail",
        publish: true,
        dryRun: false,
        s3Bucket: `artifacts-${scene.account.id}`,
        s3Key: `thumbnail/${scene.random.hex(12)}.zip`,
      },
      response: {
        functionName: "thumbnail",
        functionArn: arn(scene, "lambda", "function:thumbnail"),
        runtime: "nodejs22.x",
        codeSize: scene.random.below(5_000_000),
        codeSha256: `${scene.random.hex(42)}=`,
        environment: {},
        timeout: 30,
        memorySize: 512,
        tracingConfig: { mode: "PassThrough" },
        state: "Active",
      },
    }),
  },
  {
    service: "dynamodb",
    name: "DescribeTable",
    weight: 12,
    readOnly: true,
    draw: drawReader,
    apiVersion: "2012-08-10",
    errors: [
      {
        errorCode: "ResourceNotFoundException",
        errorMessage: "Requested resource not found: Table: orders-old not found",
      },
    ],
    describe: (scene) => ({ request: { tableName: "orders" }, resources: [describeTable(scene)] }),
  },
  {
    service: "dynamodb",
    name: "PutItem",
    weight: 20,
    readOnly: false,
    data: true,
    draw: drawDataUser,
    apiVersion: "2012-08-10",
    errors: [
      { errorCode: "ConditionalCheckFailedException", errorMessage: "The conditional request failed" },
    ],
    describe: (scene) => ({
      request: {
        tableName: "orders",
        key: { orderId: `o${scene.random.below(100_000)}` },
        items: ["orderId", "amount"],
        returnConsumedCapacity: "TOTAL",
        expressionAttributeValues: oddNumber(scene),
      },
      response: { consumedCapacity: { tableName: "orders", capacityUnits: rawJson("1.0") } },
      resources: [describeTable(scene)],
    }),
  },
  {
    service: "rds",
    name: "DescribeDBInstances",
    weight: 10,
    readOnly: true,
    draw: drawReader,
    apiVersion: "2014-10-31",
    describe: () => ({ request: { dBInstanceIdentifier: "orders", maxRecords: 100 } }),
  },
  {
    service: "rds",
    name: "ModifyDBSnapshotAttribute",
    weight: 1,
    readOnly: false,
    draw: drawWriter,
    apiVersion: "2014-10-31",
    describe: () => ({
      request: { dBSnapshotIdentifier: "orders-final", attributeName: "restore", valuesToAdd: ["all"] },
      response: {
        dBSnapshotIdentifier: "orders-final",
        dBSnapshotAttributes: [{ attributeName: "restore", attributeValues: ["all"] }],
      },
    }),
  },
  {
    service: "ecs",
    name: "RunTask",
    weight: 6,
    readOnly: false,
    draw: drawWriter,
    errors: [{ errorCode: "ClusterNotFoundException", errorMessage: "Cluster not found." }],
    describe: (scene) => ({
      request: {
        cluster: "shop",
        taskDefinition: `orders-worker:${scene.random.below(90)}`,
        launchType: "FARGATE",
        count: 1,
        networkConfiguration: {
          awsvpcConfiguration: { subnets: [`subnet-0${scene.random.hex(16)}`], assignPublicIp: "DISABLED" },
        },
      },
      response: {
        failures: [],
        tasks: [
          {
            taskArn: arn(scene, "ecs", `task/shop/${scene.random.hex(32)}`),
            lastStatus: "PROVISIONING",
            cpu: "256",
            memory: "512",
            version: 1,
            overrides: { containerOverrides: [{ name: "worker" }] },
          },
        ],
      },
    }),
  },
  {
    service: "eks",
    name: "DescribeCluster",
    weight: 8,
    readOnly: true,
    draw: drawReader,
    errors: [{ errorCode: "ResourceNotFoundException", errorMessage: "No cluster found for name: staging." }],
    describe: () => ({ request: { name: "platform" } }),
  },
  {
    service: "ssm",
    name: "UpdateInstanceInformation",
    weight: 30,
    readOnly: false,
    draw: drawDataUser,
    describe: ({ random }) => ({
      request: {
        instanceId: `i-0${random.hex(16)}`,
        agentVersion: "3.3.3050.0",
        agentStatus: "Active",
        platformType: "Linux",
        platformName: "Amazon Linux",
        platformVersion: "2023",
        iPAddress: `192.0.2.${random.below(250)}`,
      },
    }),
  },
  {
    service: "ssm",
    name: "GetParameter",
    weight: 20,
    readOnly: true,
    draw: drawDataUser,
    errors: [{ errorCode: "ParameterNotFound", errorMessage: "" }],
    describe: (scene) => ({
      request: { name: "/shop/orders/db-url", withDecryption: true },
      resources: [{ accountId: scene.account.id, ARN: arn(scene, "ssm", "parameter/shop/orders/db-url") }],
    }),
  },
  {
    service: "ssm",
    name: "SendCommand",
    weight: 2,
    readOnly: false,
    draw: drawWriter,
    describe: (scene) => ({
      request: {
        documentName: "AWS-RunShellScript",
        targets: [{ key: "tag:Name", values: ["orders-api"] }],
        parameters: { commands: [inventHostileText(scene.random)] },
        timeoutSeconds: 600,
      },
      response: {
        command: {
          commandId: scene.random.guid(),
          status: "Pending",
          targetCount: 0,
          completedCount: 0,
          parameters: "HIDDEN_DUE_TO_SECURITY_REASONS",
        },
      },
    }),
  },
];

function describeTable(scene: Scene): { accountId: string; type: string; ARN: string } {
  return {
    accountId: scene.account.id,
    type: "AWS::DynamoDB::Table",
    ARN: arn(scene, "dynamodb", "table/orders"),
  };
}

function oddNumber({ random }: Scene): Json {
  return { ":amount": rawJson(random.pick(ODD_NUMBERS)) };
}
