import { PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { PolicyStatement as PlannedStatement } from "../core/iam-policy.ts";

/** What the owner of a log bucket in another account adds to its policy: the same as the role has, and no more. */
export function makeBucketPolicy(statements: readonly PlannedStatement[], roleArn: string): PolicyDocument {
  const owned = statements.map(({ Sid, ...statement }) => ({
    ...statement,
    Sid: `CloudTrailPartitioner${Sid}`,
    Principal: { AWS: roleArn },
  }));
  return new PolicyDocument({
    statements: owned.map((statement) => PolicyStatement.fromJson(statement)),
    minimize: false,
  });
}
