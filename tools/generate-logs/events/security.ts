import { drawDataUser, drawReader, drawWriter } from "../actors/cast.ts";
import { castConfigSession } from "../actors/sessions.ts";
import type { JsonObject } from "../json.ts";
import type { Scene } from "../scene.ts";
import { arn } from "../scene.ts";
import { THROTTLED, always } from "./event.ts";
import type { EventTemplate } from "./event.ts";

export const securityEvents: readonly EventTemplate[] = [
  {
    service: "kms",
    name: "Decrypt",
    weight: 60,
    readOnly: true,
    draw: drawDataUser,
    errors: [THROTTLED, { errorCode: "DisabledException", errorMessage: "The key is disabled." }],
    describe: (scene) => ({
      request: {
        encryptionContext: {
          "aws:s3:arn": `arn:${scene.world.partition}:s3:::data-lake-raw-${scene.account.id}`,
        },
        encryptionAlgorithm: "SYMMETRIC_DEFAULT",
      },
      additional: { keyMaterialId: scene.random.hex(64) },
      resources: [describeKey(scene)],
    }),
  },
  {
    service: "kms",
    name: "GenerateDataKey",
    weight: 30,
    readOnly: true,
    draw: drawDataUser,
    errors: [THROTTLED],
    describe: (scene) => ({
      request: { keyId: keyArn(scene), encryptionContext: { tableName: "orders" }, keySpec: "AES_256" },
      resources: [describeKey(scene)],
      shared: true,
    }),
  },
  {
    service: "kms",
    name: "ScheduleKeyDeletion",
    weight: 1,
    readOnly: false,
    draw: drawWriter,
    describe: (scene) => ({
      request: { keyId: keyArn(scene), pendingWindowInDays: 7 },
      response: { keyId: keyArn(scene), keyState: "PendingDeletion", pendingWindowInDays: 7 },
      resources: [describeKey(scene)],
    }),
  },
  {
    service: "secretsmanager",
    name: "GetSecretValue",
    weight: 16,
    readOnly: true,
    draw: drawDataUser,
    errors: [
      {
        errorCode: "ResourceNotFoundException",
        errorMessage: "Secrets Manager can't find the specified secret.",
      },
    ],
    describe: (scene) => ({
      request: { secretId: arn(scene, "secretsmanager", "secret:orders/database-AbCdEf") },
    }),
  },
  {
    service: "secretsmanager",
    name: "ListSecrets",
    weight: 2,
    readOnly: true,
    draw: drawReader,
    describe: () => ({ request: { maxResults: 100 } }),
  },
  {
    service: "guardduty",
    name: "ListFindings",
    weight: 4,
    readOnly: true,
    draw: drawReader,
    describe: ({ random }) => ({
      request: {
        detectorId: random.hex(32),
        findingCriteria: {
          criterion: { "service.archived": { equals: ["false"] }, severity: { greaterThanOrEqual: 4 } },
        },
        sortCriteria: { attributeName: "updatedAt", orderBy: "DESC" },
      },
    }),
  },
  {
    service: "config",
    name: "PutEvaluations",
    weight: 8,
    readOnly: false,
    draw: always(castConfigSession),
    describe: ({ account, random, time }) => ({
      request: {
        resultToken: random.hex(40),
        evaluations: [
          {
            complianceResourceType: "AWS::S3::Bucket",
            complianceResourceId: `shop-uploads-${account.id}`,
            complianceType: "COMPLIANT",
            orderingTimestamp: time,
          },
        ],
        testMode: false,
      },
      response: { failedEvaluations: [] },
    }),
  },
  {
    service: "cloudtrail",
    name: "DescribeTrails",
    weight: 8,
    readOnly: true,
    draw: drawReader,
    describe: () => ({ request: { trailNameList: [], includeShadowTrails: true } }),
  },
  {
    service: "cloudtrail",
    name: "StopLogging",
    weight: 1,
    readOnly: false,
    draw: drawWriter,
    errors: [{ errorCode: "TrailNotFoundException", errorMessage: "Unknown trail: example-trail" }],
    describe: (scene) => ({ request: { name: arn(scene, "cloudtrail", "trail/example-trail") } }),
  },
  {
    service: "access-analyzer",
    name: "ListFindingsV2",
    weight: 2,
    readOnly: true,
    draw: drawReader,
    describe: (scene) => ({ request: { analyzerArn: arn(scene, "access-analyzer", "analyzer/external") } }),
  },
];

function keyArn(scene: Scene): string {
  return arn(scene, "kms", `key/1234abcd-12ab-34cd-56ef-${scene.account.id}`);
}

function describeKey(scene: Scene): JsonObject {
  return { accountId: scene.account.id, type: "AWS::KMS::Key", ARN: keyArn(scene) };
}
