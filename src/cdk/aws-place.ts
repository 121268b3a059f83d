import { Stack, Token } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { AwsPlace } from "../core/arn.ts";
import { partitionOfRegion } from "../core/arn.ts";
import { UserError } from "../core/user-error.ts";

/**
 * Topics and keys serve their own Region only.
 * @param what for the error: "the topic of the alarms"
 * @throws UserError where both Regions are known, and differ
 */
export function checkRegion(scope: Construct, arn: string, what: string): void {
  const here = Stack.of(scope).region;
  if (Token.isUnresolved(arn) || Token.isUnresolved(here) || arn.split(":")[3] === here) return;
  throw new UserError(`${what}, ${arn}, is not in ${here}, as the stack is`, {
    hint: `deploy into its Region, with aws_region in the configuration file or AWS_REGION, or name one in ${here}`,
  });
}

/** Where the stack is, in tokens as far as only the deployment knows. */
export function placeOf(scope: Construct): AwsPlace {
  const { region, account, partition } = Stack.of(scope);
  return { region, account, partition: Token.isUnresolved(region) ? partition : partitionOfRegion(region) };
}
