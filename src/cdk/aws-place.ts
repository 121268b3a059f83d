import { Stack, Token } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { AwsPlace } from "../core/arn.ts";
import { partitionOfRegion } from "../core/arn.ts";

/** Where the stack is, in tokens as far as only the deployment knows. */
export function placeOf(scope: Construct): AwsPlace {
  const { region, account, partition } = Stack.of(scope);
  return { region, account, partition: Token.isUnresolved(region) ? partition : partitionOfRegion(region) };
}
