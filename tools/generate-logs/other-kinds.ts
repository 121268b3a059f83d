import { gzipSync } from "node:zlib";
import type { LogKind } from "../../src/core/log-key.ts";
import type { GeneratedFile } from "./generated-file.ts";
import type { JsonObject } from "./json.ts";
import { printJson } from "./json.ts";
import { nameLogKey } from "./log-name.ts";
import type { Sample } from "./sample.ts";
import { printTime } from "./scene.ts";

/** What CloudTrail itself writes beside its log files: records of other shapes, which tables of their own would read. */
export function* makeOtherKinds(sample: Sample): Generator<GeneratedFile> {
  yield makeFile(sample, "CloudTrail-Insight", [
    composeInsight(sample, "Start"),
    composeInsight(sample, "End"),
  ]);
  yield makeFile(sample, "CloudTrail-NetworkActivity", [composeNetworkActivity(sample)]);
  yield makeFile(sample, "CloudTrail-Aggregated", [composeAggregate(sample)]);
}

function makeFile(sample: Sample, kind: LogKind, records: readonly JsonObject[]): GeneratedFile {
  const key = nameLogKey({ ...sample, place: { ...sample.place, kind } });
  return { key, bytes: gzipSync(printJson({ Records: records })), records: 0, kind: "other", note: kind };
}

/** An unusual rate of calls: no eventSource and no userIdentity at the top. */
function composeInsight({ random, place, stamp }: Sample, state: "Start" | "End"): JsonObject {
  const statistics = {
    baseline: { average: 0.0031 },
    insight: { average: 14.2 },
    insightDuration: 6,
    baselineDuration: 10_080,
  };
  return {
    eventVersion: "1.11",
    eventTime: printTime(stamp - 600_000),
    awsRegion: place.region,
    eventID: random.guid(),
    eventType: "AwsCloudTrailInsight",
    recipientAccountId: place.account,
    sharedEventID: random.guid(),
    insightDetails: {
      state,
      eventSource: "secretsmanager.amazonaws.com",
      eventName: "GetSecretValue",
      insightType: "ApiErrorRateInsight",
      errorCode: "AccessDeniedException",
      insightContext: {
        statistics,
        attributions: [
          {
            attribute: "userAgent",
            insight: [{ value: "aws-cli", average: 14.2 }],
            baseline: [{ value: "orders-api", average: 0.0031 }],
          },
        ],
      },
    },
    eventCategory: "Insight",
  };
}

/** A call through a VPC endpoint that its policy refused. */
function composeNetworkActivity({ random, place, stamp, world }: Sample): JsonObject {
  return {
    eventVersion: "1.11",
    userIdentity: {
      type: "AWSAccount",
      principalId: world.home.instanceRole.principalId,
      accountId: place.account,
    },
    eventTime: printTime(stamp - 300_000),
    eventSource: "s3.amazonaws.com",
    eventName: "PutObject",
    awsRegion: place.region,
    sourceIPAddress: "192.0.2.77",
    errorCode: "VpceAccessDenied",
    errorMessage: "The request was denied due to a VPC endpoint policy",
    requestParameters: null,
    responseElements: null,
    requestID: random.guid(),
    eventID: random.guid(),
    eventType: "AwsVpceEvents",
    recipientAccountId: place.account,
    vpcEndpointId: `vpce-0f00d${place.account}`,
    vpcEndpointAccountId: place.account,
    eventCategory: "NetworkActivity",
  };
}

/** Many data events in one: other spellings of the ids, a window, and no eventTime. */
function composeAggregate({ random, place, stamp }: Sample): JsonObject {
  return {
    eventVersion: "1.11",
    eventId: random.guid(),
    accountId: place.account,
    awsRegion: place.region,
    eventCategory: "Aggregated",
    timeWindow: {
      windowStart: printTime(stamp - 600_000),
      windowEnd: printTime(stamp - 300_000),
      windowSize: "PT5M",
    },
    summary: {
      primaryDimension: { dimension: "eventName", statistics: [{ name: "eventCount", value: 128 }] },
    },
  };
}
