import { PolicyStatement } from "aws-cdk-lib/aws-iam";

/** @param resource its ARN: never `*` */
export function allow(actions: string[], resource: string): PolicyStatement {
  return new PolicyStatement({ actions, resources: [resource] });
}
