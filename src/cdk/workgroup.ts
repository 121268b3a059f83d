import type { Size } from "aws-cdk-lib";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { CfnWorkGroup } from "aws-cdk-lib/aws-athena";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { dropUndefined } from "../config/configuration.ts";
import { LEAST_SCAN_LIMIT } from "../config/deployment.ts";
import { UserError } from "../core/user-error.ts";
import { acknowledgeNoAccessLog } from "./acknowledge.ts";

/** A workgroup of Athena for queries over the logs. */
export interface WorkgroupProps {
  /**
   * Its name, which no other workgroup of the account and Region may have.
   * @default "cloudtrail"
   */
  readonly name?: string | undefined;

  /**
   * A query that would scan more is cancelled; 10 MB at least.
   * @default - no limit
   */
  readonly scanLimit?: Size | undefined;

  /**
   * How long answers are kept, in whole days.
   * @default Duration.days(30)
   */
  readonly resultsRetention?: Duration | undefined;
}

export interface WorkgroupNeeds {
  readonly key: IKey | undefined;
  readonly requestPayer: boolean;
}

/** It is deleted with the stack, and the history of its queries with it; the bucket of the answers stays. */
export function makeWorkgroup(
  scope: Construct,
  props: WorkgroupProps,
  { key, requestPayer }: WorkgroupNeeds,
): { readonly workgroup: CfnWorkGroup; readonly resultsBucket: Bucket } {
  const { name = "cloudtrail", resultsRetention = Duration.days(30) } = props;
  const resultsBucket = makeResultsBucket(scope, resultsRetention, key);
  const workgroup = new CfnWorkGroup(scope, "Workgroup", {
    name,
    description: "Queries over CloudTrail logs",
    state: "ENABLED",
    recursiveDeleteOption: true,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      publishCloudWatchMetricsEnabled: true,
      requesterPaysEnabled: requestPayer,
      engineVersion: { selectedEngineVersion: "Athena engine version 3" },
      resultConfiguration: {
        outputLocation: `s3://${resultsBucket.bucketName}/`,
        encryptionConfiguration:
          key === undefined
            ? { encryptionOption: "SSE_S3" }
            : { encryptionOption: "SSE_KMS", kmsKey: key.keyArn },
      },
      ...dropUndefined({ bytesScannedCutoffPerQuery: checkLimit(props.scanLimit) }),
    },
  });
  return { workgroup, resultsBucket };
}

function makeResultsBucket(scope: Construct, expiration: Duration, key: IKey | undefined): Bucket {
  const bucket = new Bucket(scope, "Results", {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    encryption: key === undefined ? BucketEncryption.S3_MANAGED : BucketEncryption.KMS,
    ...dropUndefined({ encryptionKey: key, bucketKeyEnabled: key === undefined ? undefined : true }),
    lifecycleRules: [{ expiration, abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  acknowledgeNoAccessLog(bucket);
  return bucket;
}

function checkLimit(scanLimit: Size | undefined): number | undefined {
  const bytes = scanLimit?.toBytes();
  if (bytes === undefined || bytes >= LEAST_SCAN_LIMIT) return bytes;
  throw new UserError(`workgroup.scanLimit is ${bytes} bytes, and Athena takes 10 MB at least`, {
    hint: "leave it out for no limit",
  });
}
