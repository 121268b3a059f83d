import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Configuration } from "../config/configuration.ts";
import { dropUndefined, printEnvironment, readEnvironment } from "../config/configuration.ts";
import { decidePolicyOptions } from "../config/policy-options.ts";
import { decideSettings } from "../config/settings.ts";
import type { AwsPlace } from "../core/arn.ts";
import { printBucketArn } from "../core/arn.ts";
import type { PolicyDocument, PolicyStatement } from "../core/iam-policy.ts";
import { planPolicy } from "../core/iam-policy.ts";
import { UserError } from "../core/user-error.ts";
import { HeldTokens } from "./held-tokens.ts";
import type { LakeProps } from "./lake-props.ts";
import type { TableProps } from "./table-props.ts";

/** What the function is told, and what it is allowed. */
export interface FunctionPlan {
  readonly environment: Readonly<Record<string, string>>;
  readonly policy: PolicyDocument;
  /** Those of the policy's that are about the log bucket: its owner must allow them too, where that is another account. */
  readonly bucketStatements: readonly PolicyStatement[];
}

/** Where the stack is, and keys beside it. */
export interface PlanNeeds {
  readonly place: AwsPlace;
  /** Of the Glue catalog, the lake and the logs: ARNs. */
  readonly catalogKey: string | undefined;
  readonly lakeKey?: string | undefined;
  readonly logKey?: string | undefined;
}

/** Bytes of all keys and values (Lambda's guide, "Lambda quotas"). */
const MOST_ENVIRONMENT = 4096;

/**
 * Goes through the very text that the function will read: what it would refuse is refused now.
 * @throws UserError for a value that does not fit
 */
export function planFunction(props: TableProps & LakeProps, { place, ...keys }: PlanNeeds): FunctionPlan {
  const tokens = new HeldTokens();
  const environment = printEnvironment(toConfiguration(props, tokens));
  checkSize(environment);
  const settings = decideSettings({}, readEnvironment(environment));
  const options = decidePolicyOptions(settings, { command: "run", place, ...keys });
  const policy = planPolicy(options);
  const bucketArn = printBucketArn(place, options.logs.bucket);
  const bucketStatements = policy.Statement.filter(({ Resource }) =>
    Resource.some((arn) => arn === bucketArn || arn.startsWith(`${bucketArn}/`)),
  );
  return tokens.restore({ environment, policy, bucketStatements });
}

function toConfiguration(props: TableProps & LakeProps, tokens: HeldTokens): Configuration {
  const { database, tablePrefix, partitionIndex } = props;
  return dropUndefined({
    logs: printUrl({ bucket: props.logBucket, prefix: props.logPrefix }, { what: "log", tokens }),
    lake: printLake(props, tokens),
    database: database === undefined ? undefined : tokens.hold(database, "held_database"),
    table_prefix: tablePrefix === undefined ? undefined : tokens.hold(tablePrefix, "held_table_prefix"),
    partition_days: props.partitionDays,
    accounts: props.accounts === undefined ? undefined : [...props.accounts],
    regions: props.regions === undefined ? undefined : [...props.regions],
    layout: props.layout,
    partitions: props.partitions,
    partition_index: partitionIndex === undefined ? undefined : partitionIndex ? "true" : "false",
    retention_days: props.retentionDays,
    request_payer: props.requestPayer === true ? "requester" : undefined,
  });
}

/** Two tokens that are the same stand for the same bucket, which nothing else would see. */
function printLake(props: TableProps & LakeProps, tokens: HeldTokens): string | undefined {
  const { lakeBucket: bucket, lakePrefix: prefix, logBucket } = props;
  if (bucket === undefined) {
    if (prefix === undefined) return undefined;
    throw new UserError("lakePrefix names a folder, and no lakeBucket is named", {
      hint: "name the bucket of the lake, or leave lakePrefix out",
    });
  }
  if (nameOf(bucket) === nameOf(logBucket)) {
    throw new UserError("lakeBucket is the log bucket, which is read-only", {
      hint: "name another bucket: a lifecycle rule or a policy of the logs must never reach the lake",
    });
  }
  return printUrl({ bucket, prefix }, { what: "lake", tokens });
}

type BucketName = string | Pick<IBucket, "bucketName">;

function nameOf(bucket: BucketName): string {
  return typeof bucket === "string" ? bucket : bucket.bucketName;
}

const HINTS = { log: "; what stands before AWSLogs/ is logPrefix", lake: "; a folder in it is lakePrefix" };

function printUrl(
  {
    bucket: given,
    prefix: folder = "",
  }: { readonly bucket: BucketName; readonly prefix?: string | undefined },
  { what, tokens }: { readonly what: "log" | "lake"; readonly tokens: HeldTokens },
): string {
  const bucket = tokens.hold(nameOf(given), `held-${what}-bucket`);
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new UserError(`${what}Bucket "${bucket}" is not the name of a bucket`, {
      hint: `name it without s3://${HINTS[what]}`,
    });
  }
  // The slash belongs to the token: it may be empty.
  const prefix = tokens.hold(folder, `held-${what}-prefix/`);
  const path = prefix === folder ? prefix.replaceAll(/^\/+|\/+$/g, "") : prefix;
  return path === "" ? `s3://${bucket}` : `s3://${bucket}/${path}`;
}

function checkSize(environment: Readonly<Record<string, string>>): void {
  const bytes = Buffer.byteLength(Object.entries(environment).flat().join(""));
  if (bytes <= MOST_ENVIRONMENT) return;
  throw new UserError(
    `the function's environment would have ${bytes} bytes, and Lambda takes ${MOST_ENVIRONMENT}`,
    { hint: "name fewer accounts or Regions: all that have logs are the default" },
  );
}
