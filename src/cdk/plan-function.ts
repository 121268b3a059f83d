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
import type { TableProps } from "./table-props.ts";

/** What the function is told, and what it is allowed. */
export interface FunctionPlan {
  readonly environment: Readonly<Record<string, string>>;
  readonly policy: PolicyDocument;
  /** Those of the policy's that are about the log bucket: its owner must allow them too, where that is another account. */
  readonly bucketStatements: readonly PolicyStatement[];
}

/** Bytes of all keys and values (Lambda's guide, "Lambda quotas"). */
const MOST_ENVIRONMENT = 4096;

/**
 * Goes through the very text that the function will read: what it would refuse is refused now.
 * @throws UserError for a value that does not fit
 */
export function planFunction(
  props: TableProps,
  { place, catalogKey }: { readonly place: AwsPlace; readonly catalogKey: string | undefined },
): FunctionPlan {
  const tokens = new HeldTokens();
  const environment = printEnvironment(toConfiguration(props, tokens));
  checkSize(environment);
  const settings = decideSettings({}, readEnvironment(environment));
  const options = decidePolicyOptions(settings, { command: "run", place, catalogKey });
  const policy = planPolicy(options);
  const bucketArn = printBucketArn(place, options.logs.bucket);
  const bucketStatements = policy.Statement.filter(({ Resource }) => Resource.includes(bucketArn));
  return tokens.restore({ environment, policy, bucketStatements });
}

function toConfiguration(props: TableProps, tokens: HeldTokens): Configuration {
  const { database, tablePrefix, partitionIndex } = props;
  return dropUndefined({
    logs: printUrl(props, tokens),
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

function printUrl({ logBucket, logPrefix = "" }: TableProps, tokens: HeldTokens): string {
  const name = typeof logBucket === "string" ? logBucket : logBucket.bucketName;
  const bucket = tokens.hold(name, "held-log-bucket");
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new UserError(`logBucket "${bucket}" is not the name of a bucket`, {
      hint: "name it without s3://; what stands before AWSLogs/ is logPrefix",
    });
  }
  // The slash belongs to the token: it may be empty.
  const prefix = tokens.hold(logPrefix, "held-log-prefix/");
  const path = prefix === logPrefix ? prefix.replaceAll(/^\/+|\/+$/g, "") : prefix;
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
