import type { ResultConfiguration, WorkGroupConfiguration } from "@aws-sdk/client-athena";
import { withSignal } from "../../../aws/clients.ts";
import { explainAwsError } from "../../../aws/explain-error.ts";
import { UserError } from "../../../core/user-error.ts";
import type { QueryContext } from "./workgroup.ts";

/**
 * Where answers are to go; undefined where that is the workgroup's affair: it says so itself, it
 * overrules what it is told, or nobody knows.
 * @param workgroup undefined where it could not be read
 */
export async function decideOutput(
  context: QueryContext,
  workgroup: WorkGroupConfiguration | undefined,
  signal: AbortSignal | undefined,
): Promise<ResultConfiguration | undefined> {
  const { output } = context.options;
  if (workgroup?.ManagedQueryResultsConfiguration?.Enabled === true) return undefined;
  if (workgroup === undefined && output === undefined) return undefined;
  const isSaid = workgroup?.ResultConfiguration?.OutputLocation !== undefined;
  if (isSaid && (output === undefined || workgroup?.EnforceWorkGroupConfiguration === true)) return undefined;
  return output === undefined || output === "default"
    ? nameDefaultOutput(context, signal)
    : { OutputLocation: parseOutput(output) };
}

/**
 * `s3://bucket/prefix` or a bucket's name.
 * @throws UserError for anything else
 */
export function parseOutput(output: string): string {
  if (/^s3:\/\/[a-z0-9][a-z0-9.-]+(\/|$)/.test(output)) return output;
  if (/^[a-z0-9][a-z0-9.-]+$/.test(output)) return `s3://${output}/`;
  throw new UserError(`"${output}" is no place for Athena's answers`, {
    hint: "give output_s3_bucket as a bucket's name, as s3://bucket/prefix/, or as default",
  });
}

/**
 * The bucket that Athena's console used to make, in every partition of AWS. Somebody else may have taken the name: answers go
 * there only if it is the account's own.
 */
async function nameDefaultOutput(
  { clients }: QueryContext,
  signal: AbortSignal | undefined,
): Promise<ResultConfiguration> {
  const [{ GetCallerIdentityCommand }, client] = await Promise.all([
    import("@aws-sdk/client-sts"),
    clients.sts(),
  ]);
  try {
    const { Account } = await client.send(new GetCallerIdentityCommand({}), withSignal(signal));
    return {
      OutputLocation: `s3://aws-athena-query-results-${Account}-${await clients.athena.config.region()}/`,
      ...(Account === undefined ? {} : { ExpectedBucketOwner: Account }),
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw explainAwsError(error, { action: "sts:GetCallerIdentity", resource: "the account" });
  }
}
