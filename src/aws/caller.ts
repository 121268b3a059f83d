import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsSettings } from "./clients.ts";
import { makeClientConfig, withSignal } from "./clients.ts";
import { explainAwsError } from "./explain-error.ts";

/** Who calls, and where, as far as that can be found out. */
export interface CallerPlace {
  readonly region: string | undefined;
  /** Of the caller's ARN; undefined where the account is. */
  readonly partition: string | undefined;
  readonly account: string | undefined;
  /** Why the account is not known. */
  readonly problem: Error | undefined;
}

/** Asks STS once, for some seconds at most; needs no permission, and never fails. */
export async function readCallerPlace(aws: AwsSettings, signal?: AbortSignal): Promise<CallerPlace> {
  const client = new STSClient({
    ...makeClientConfig(aws),
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 3000, requestTimeout: 5000 },
  });
  const region = await client.config.region().catch(() => undefined);
  try {
    const { Arn, Account } = await client.send(new GetCallerIdentityCommand({}), withSignal(signal));
    return { region, partition: Arn?.split(":")[1], account: Account, problem: undefined };
  } catch (error) {
    signal?.throwIfAborted();
    const explained = explainAwsError(error, { action: "sts:GetCallerIdentity", resource: "*" });
    const problem = explained instanceof Error ? explained : new Error(String(explained));
    return { region, partition: undefined, account: undefined, problem };
  } finally {
    client.destroy();
  }
}
