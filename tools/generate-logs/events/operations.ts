import { drawDataUser, drawReader, drawWriter } from "../actors/cast.ts";
import { castDeploySession } from "../actors/sessions.ts";
import { castNobody, castServiceEvent } from "../actors/services.ts";
import type { Scene } from "../scene.ts";
import { arn } from "../scene.ts";
import { THROTTLED, always } from "./event.ts";
import type { EventTemplate } from "./event.ts";

export const operationsEvents: readonly EventTemplate[] = [
  {
    service: "logs",
    name: "CreateLogStream",
    weight: 24,
    readOnly: false,
    draw: drawDataUser,
    apiVersion: "20140328",
    errors: [
      {
        errorCode: "ResourceAlreadyExistsException",
        errorMessage: "The specified log stream already exists",
      },
    ],
    describe: ({ random }) => ({
      request: {
        logGroupName: "/aws/lambda/thumbnail",
        logStreamName: `2026/11/22/[$LATEST]${random.hex(32)}`,
      },
    }),
  },
  {
    service: "logs",
    name: "FilterLogEvents",
    weight: 5,
    readOnly: true,
    draw: drawReader,
    apiVersion: "20140328",
    describe: ({ time }) => ({
      request: {
        logGroupName: "/aws/lambda/thumbnail",
        startTime: time - 900_000,
        endTime: time,
        filterPattern: '{ $.level = "error" }',
      },
    }),
  },
  {
    service: "monitoring",
    name: "DescribeAlarms",
    weight: 14,
    readOnly: true,
    draw: drawReader,
    apiVersion: "2010-08-01",
    errors: [THROTTLED],
    describe: () => ({ request: { alarmNamePrefix: "orders-", maxRecords: 100 } }),
  },
  {
    service: "cloudformation",
    name: "CreateChangeSet",
    weight: 4,
    readOnly: false,
    draw: always(castDeploySession),
    apiVersion: "2010-05-15",
    errors: [{ errorCode: "ValidationError", errorMessage: "Stack [shop] does not exist" }],
    describe: (scene) => ({
      request: {
        stackName: "shop",
        changeSetName: `deploy-${scene.random.hex(8)}`,
        changeSetType: "UPDATE",
        capabilities: ["CAPABILITY_NAMED_IAM"],
        parameters: [{ parameterKey: "Version", usePreviousValue: true }],
      },
      response: {
        id: arn(scene, "cloudformation", `changeSet/deploy/${scene.random.guid()}`),
        stackId: arn(scene, "cloudformation", `stack/shop/${scene.random.guid()}`),
      },
    }),
  },
  {
    service: "sns",
    name: "Publish",
    weight: 8,
    readOnly: false,
    data: true,
    draw: drawDataUser,
    apiVersion: "2010-03-31",
    describe: (scene) => ({
      request: {
        topicArn: arn(scene, "sns", "orders-placed"),
        message: "HIDDEN_DUE_TO_SECURITY_REASONS",
        messageAttributes: {},
      },
      response: { messageId: scene.random.guid() },
      resources: [
        { accountId: scene.account.id, type: "AWS::SNS::Topic", ARN: arn(scene, "sns", "orders-placed") },
      ],
    }),
  },
  {
    service: "sqs",
    name: "ReceiveMessage",
    weight: 14,
    readOnly: true,
    data: true,
    draw: drawDataUser,
    describe: (scene) => ({
      request: { queueUrl: queueUrl(scene), maxNumberOfMessages: 10, waitTimeSeconds: 20 },
      resources: [{ accountId: scene.account.id, type: "AWS::SQS::Queue", ARN: arn(scene, "sqs", "orders") }],
    }),
  },
  {
    service: "sqs",
    name: "CreateQueue",
    weight: 2,
    readOnly: false,
    draw: drawWriter,
    errors: [
      {
        errorCode: "QueueAlreadyExists",
        errorMessage:
          "A queue already exists with the same name and a different value for attribute VisibilityTimeout",
      },
    ],
    describe: (scene) => ({
      request: {
        queueName: "orders-retry",
        attributes: { VisibilityTimeout: "30", SqsManagedSseEnabled: "true" },
      },
      response: { queueUrl: queueUrl(scene) },
    }),
  },
  {
    service: "organizations",
    name: "DescribeOrganization",
    weight: 4,
    readOnly: true,
    global: true,
    draw: drawReader,
    errors: [
      {
        errorCode: "AWSOrganizationsNotInUseException",
        errorMessage: "Your account is not a member of an organization.",
      },
    ],
    describe: () => ({}),
  },
  {
    service: "organizations",
    name: "LeaveOrganization",
    weight: 1,
    readOnly: false,
    global: true,
    draw: drawWriter,
    describe: () => ({}),
  },
  {
    service: "kms",
    name: "RotateKey",
    weight: 3,
    readOnly: false,
    draw: always(castServiceEvent("AWS Internal")),
    eventType: "AwsServiceEvent",
    describe: (scene) => {
      const keyId = scene.random.guid();
      return {
        service: { keyId, rotationType: "AUTOMATIC", keyOrigin: "AWS_KMS" },
        resources: [
          { accountId: scene.account.id, type: "AWS::KMS::Key", ARN: arn(scene, "kms", `key/${keyId}`) },
        ],
      };
    },
  },
  {
    service: "autoscaling",
    name: "TerminateInstanceInAutoScalingGroup",
    weight: 3,
    readOnly: false,
    draw: always(castNobody("autoscaling.amazonaws.com")),
    eventType: "AwsServiceEvent",
    describe: ({ random }) => ({
      service: { instanceId: `i-0${random.hex(16)}`, cause: "At least one instance was unhealthy." },
    }),
  },
];

function queueUrl({ region, world, account }: Scene): string {
  return `https://sqs.${region}.${world.dnsSuffix}/${account.id}/orders`;
}
