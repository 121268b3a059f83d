import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { PolicyDocument as PlannedPolicy } from "../core/iam-policy.ts";
import { allow } from "./allow.ts";
import { acknowledgeWildcards } from "./acknowledge.ts";

export interface RoleNeeds {
  /** What a run needs. */
  readonly policy: PlannedPolicy;
  readonly logGroup: ILogGroup;
  readonly queue: IQueue;
  /** What the queue and the function's environment are encrypted with. */
  readonly key: IKey | undefined;
}

/** A role that may do what a run does, and what Lambda does for the function; apart, so that each can be read by itself. */
export function makeRole(scope: Construct, { policy, logGroup, queue, key }: RoleNeeds): Role {
  const own = [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], logGroup.logGroupArn),
    allow(["sqs:SendMessage"], queue.queueArn),
    ...(key === undefined ? [] : [allow(["kms:Decrypt", "kms:GenerateDataKey"], key.keyArn)]),
  ];
  const role = new Role(scope, "Role", {
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    description:
      "Keeps the tables over CloudTrail's logs: lists the log bucket, and writes to the Glue catalog",
    inlinePolicies: {
      Run: new PolicyDocument({
        statements: policy.Statement.map((statement) => PolicyStatement.fromJson(statement)),
        minimize: false,
      }),
      Deployment: new PolicyDocument({ statements: own }),
    },
  });
  acknowledgeWildcards(role, policy);
  return role;
}

/** A run that time was too short for goes on in another call. By itself, since the function cannot wait for its own ARN. */
export function allowCallsOfItself(scope: Construct, role: Role, called: IFunction): Policy {
  return new Policy(scope, "ContinuePolicy", {
    roles: [role],
    statements: [allow(["lambda:InvokeFunction"], called.functionArn)],
  });
}
