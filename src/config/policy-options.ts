import type { AwsPlace } from "../core/arn.ts";
import type { BucketFolder, PolicyCommand, PolicyOptions } from "../core/iam-policy.ts";
import { UserError } from "../core/user-error.ts";
import { locateLogs, parseS3Url } from "../store/locate-logs.ts";
import { decideLakePlace } from "./lake-place.ts";
import type { Settings } from "./settings.ts";

/** What stands in a policy for what is not known. */
export const UNKNOWN = {
  account: "ACCOUNT_ID",
  region: "REGION",
  bucket: "LOG_BUCKET",
  lake: "LAKE_BUCKET",
};

/** What a policy is made of, beside the settings. */
export type PolicyNeeds = Pick<
  PolicyOptions,
  "command" | "place" | "logKey" | "outputKey" | "catalogKey" | "lakeKey"
>;

/** The permissions that a command needs with these settings: whoever writes a policy takes them from here. */
export function decidePolicyOptions(settings: Settings, needs: PolicyNeeds): PolicyOptions {
  return {
    ...needs,
    logs: parseLogs(settings.logs),
    output: parseOutput(settings.output, needs.place),
    lake: parseLake(settings, needs.command),
    database: settings.database,
    tablePrefix: settings.tablePrefix,
    workgroup: settings.workgroup ?? "primary",
    partitions: settings.partitions,
    retention: settings.retentionDays !== undefined,
    partitionIndex: settings.partitionIndex,
  };
}

/** Whether Athena's answers go to its own bucket, or where the workgroup says. */
export function isUnsaid(output: string | undefined): boolean {
  return output === undefined || output === "default";
}

/** Policies know keys by nothing else: no alias, no id. */
export function isKeyArn(text: string): boolean {
  return /^arn:aws[a-z-]*:kms:[^:]+:\d{12}:key\/[\w-]+$/.test(text);
}

/**
 * @param option what the text was given as, for the error: "catalog_key_arn"
 * @throws UserError for a text that is not the ARN of a key
 */
export function checkKeyArn<T extends string | undefined>(arn: T, option: string): T {
  if (arn === undefined || isKeyArn(arn)) return arn;
  throw new UserError(`${option} "${arn}" is not the ARN of a KMS key`, {
    hint: "write it as arn:aws:kms:REGION:ACCOUNT:key/ID; an alias will not do",
  });
}

function parseLogs(url: string | undefined): BucketFolder {
  if (url === undefined) return { bucket: UNKNOWN.bucket, prefix: "" };
  const { bucket, path } = parseS3Url(url);
  const prefix = locateLogs(`/${path}`).place.slice(1);
  return { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
}

/** Other commands than compact can do without one. */
function parseLake({ lake, ...settings }: Settings, command: PolicyCommand): BucketFolder | undefined {
  if (lake === undefined) return command === "compact" ? { bucket: UNKNOWN.lake, prefix: "" } : undefined;
  const place = decideLakePlace({ ...settings, lake });
  if (place.kind === "folder") return undefined;
  const { bucket, prefix } = place;
  return { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
}

function parseOutput(output: string | undefined, { account, region }: AwsPlace): BucketFolder {
  if (output === undefined || isUnsaid(output)) {
    return { bucket: `aws-athena-query-results-${account}-${region}`, prefix: "" };
  }
  const { bucket, path } = parseS3Url(output.startsWith("s3://") ? output : `s3://${output}`);
  return { bucket, prefix: path === "" ? "" : `${path}/` };
}
