import { Stack, Validations } from "aws-cdk-lib";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { PolicyDocument } from "../core/iam-policy.ts";

const TABLES_REASON =
  "Tables are made for accounts as these appear: their names are known by how they begin. Glue lists the tables of a database to those only who may list all of them.";
const OBJECTS_REASON =
  "Log files are read, and files of the lake are written and replaced, below folders that are named: the files themselves are not known beforehand.";

/** Tells cdk-nag, in apps that use it, why a run's permissions end in wildcards. */
export function acknowledgeWildcards(role: Role, { Statement }: PolicyDocument): void {
  const resources = new Set(Statement.flatMap(({ Resource }) => Resource));
  const rules = [...resources]
    .filter((resource) => resource.includes("*"))
    .map((resource) => ({
      id: `AwsSolutions-IAM5[Resource::${flatten(Stack.of(role).resolve(resource))}]`,
      reason: resource.includes(":s3:::") ? OBJECTS_REASON : TABLES_REASON,
    }));
  Validations.of(role).acknowledge(...rules);
}

export function acknowledgeNoAccessLog(bucket: Bucket): void {
  Validations.of(bucket).acknowledge({
    id: "AwsSolutions-S1",
    reason:
      "Holds answers of queries for some weeks. Who reads them is seen in CloudTrail's data events, which an owner of CloudTrail logs has at hand.",
  });
}

/** A text with tokens as cdk-nag writes it: `arn:<AWS::Partition>:glue:...`. */
function flatten(resolved: unknown): string {
  if (typeof resolved === "string") return resolved;
  if (typeof resolved !== "object" || resolved === null) return "";
  if ("Ref" in resolved) return `<${String(resolved.Ref)}>`;
  if ("Fn::Join" in resolved) {
    const [delimiter, parts] = resolved["Fn::Join"] as [string, unknown[]];
    return parts.map(flatten).join(delimiter);
  }
  if ("Fn::GetAtt" in resolved) return `<${(resolved["Fn::GetAtt"] as string[]).join(".")}>`;
  return JSON.stringify(resolved);
}
