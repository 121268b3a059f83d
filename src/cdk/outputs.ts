import { CfnOutput, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { PartitionerParts } from "./make-parts.ts";

/** What whoever deploys goes on with. */
export function makeOutputs(
  scope: Construct,
  { function: started, logGroup, logBucketPolicy }: PartitionerParts,
): readonly CfnOutput[] {
  const stack = Stack.of(scope);
  const name = new CfnOutput(scope, "FunctionName", {
    value: started.functionName,
    description: "The function that keeps the tables up to date",
  });
  const firstRun = new CfnOutput(scope, "FirstRun", {
    value: `aws lambda invoke --region ${stack.region} --function-name ${started.functionName} --invocation-type Event --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout`,
    description: "Starts a run now; without it, the first one is as the schedule says",
  });
  const log = new CfnOutput(scope, "Log", {
    value: `aws logs tail ${logGroup.logGroupName} --region ${stack.region} --since 1h --follow`,
    description: "Shows what runs say: how they ended, and why they failed",
  });
  if (logBucketPolicy === undefined) return [name, firstRun, log];
  const policy = new CfnOutput(scope, "LogBucketPolicy", {
    value: stack.toJsonString(logBucketPolicy.toJSON()),
    description: "To be added to the policy of the log bucket, in the account that owns it",
  });
  return [name, firstRun, log, policy];
}
