import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

// A key that is only imported keeps its policy: these add nothing then, and its owner must.

/** CloudWatch Logs names the log group as it encrypts (its guide, "Encrypt log data using AWS KMS"). */
export function allowLogs(scope: Construct, key: IKey): void {
  const stack = Stack.of(scope);
  const groups = stack.formatArn({ service: "logs", resource: "log-group:*" });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: "CloudWatchLogs",
      principals: [new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
      actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      resources: ["*"],
      conditions: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": groups } },
    }),
  );
}

/**
 * A service that cannot encrypt what it sends to a topic or a queue sends nothing, and tells nobody (SNS's guide, "Key
 * management"; SQS's, "Key management").
 */
export function allowSender(scope: Construct, key: IKey, service: "cloudwatch" | "scheduler"): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: service === "cloudwatch" ? "CloudWatchAlarms" : "ScheduleDeadLetters",
      principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
      actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
  );
}
