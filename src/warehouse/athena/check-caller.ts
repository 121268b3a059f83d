import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { makeClientConfig, withSignal } from "../../aws/clients.ts";
import type { AwsPlace } from "../../core/arn.ts";
import { partitionOfRegion } from "../../core/arn.ts";
import type { Check } from "../../core/check.ts";
import type { AccessOptions } from "./access-trial.ts";
import { ATTEMPTS } from "./access-trial.ts";
import { attemptCheck } from "./attempt-check.ts";

/** Stands for an account that could not be found out, in ARNs that are shown. */
const UNKNOWN_ACCOUNT = "ACCOUNT_ID";

export interface Caller {
  readonly checks: readonly Check[];
  /** Undefined where there are no credentials or no Region, without which nothing else can be tried. */
  readonly place: AwsPlace | undefined;
}

/** Who calls, and in which Region. */
export async function checkCaller(
  { aws }: Pick<AccessOptions, "aws">,
  signal: AbortSignal | undefined,
): Promise<Caller> {
  const client = new STSClient({ ...makeClientConfig(aws), maxAttempts: ATTEMPTS });
  const call = { action: "sts:GetCallerIdentity", resource: "*" };
  try {
    let region: string | undefined;
    const regional = await attemptCheck({ name: "Region", ...call, remedyOf: remedyOfRegion }, async () => {
      region = await client.config.region();
      return `${region}, ${originOfRegion(aws.awsRegion)}`;
    });
    if (region === undefined) return { checks: [regional], place: undefined };
    const credentials = await attemptCheck({ name: "credentials", ...call }, async () => {
      await client.config.credentials();
      return aws.profile === undefined ? "found" : `found for the profile ${aws.profile}`;
    });
    if (!credentials.ok) return { checks: [regional, credentials], place: undefined };
    let arn: string | undefined;
    const identity = await attemptCheck({ name: "identity", ...call }, async () => {
      const answer = await client.send(new GetCallerIdentityCommand({}), withSignal(signal));
      arn = answer.Arn;
      return `${arn}, account ${answer.Account}`;
    });
    const [, partition = partitionOfRegion(region), , , account = UNKNOWN_ACCOUNT] = arn?.split(":") ?? [];
    return { checks: [regional, credentials, identity], place: { partition, region, account } };
  } finally {
    client.destroy();
  }
}

function originOfRegion(configured: string | undefined): string {
  if (configured !== undefined) return "as configured";
  return process.env["AWS_REGION"] === undefined ? "from the profile" : "from AWS_REGION";
}

/** The AWS CLI reads this variable, and the SDK for JavaScript does not. */
function remedyOfRegion(): string | undefined {
  const region = process.env["AWS_DEFAULT_REGION"];
  return region === undefined
    ? undefined
    : `AWS_DEFAULT_REGION is not read: set AWS_REGION=${region}, or use --aws-region ${region}`;
}
