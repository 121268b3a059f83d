import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CfnElement } from "aws-cdk-lib";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { CloudTrailPartitionerProps, PartitionerAlarms } from "../../src/cdk/index.ts";
import { CloudTrailPartitioner } from "../../src/cdk/index.ts";
import type { AwsPlace } from "../doubles/aws-place.ts";
import { arn } from "../doubles/aws-place.ts";
import type { AlarmProperties } from "../doubles/cloudwatch-alarm.ts";
import type { PolicyText } from "../doubles/iam-policies.ts";
import { FUNCTION_NAME } from "./start-function.ts";

/** What AWS would have of a deployment, with all names and ARNs filled in. */
export interface Deployment {
  /** The function's variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** All that the function's role may do. */
  readonly policies: readonly PolicyText[];
  readonly alarms: Readonly<Record<keyof PartitionerAlarms, AlarmProperties>>;
}

export const QUEUE_NAME = "dead-letters";

/** Synthesizes a stack with the construct, but for the function's code, and fills in what CloudFormation does. */
export function deploy(props: CloudTrailPartitionerProps, place: AwsPlace): Deployment {
  const outdir = mkdtempSync(join(tmpdir(), "ctp-test-"));
  try {
    // That CloudFormation takes the template is tested elsewhere, and takes seconds.
    const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
    return readStack(new Stack(app, "Test"), props, place);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function readStack(stack: Stack, props: CloudTrailPartitionerProps, place: AwsPlace): Deployment {
  const code = Code.fromInline("// as in dist/lambda");
  const partitioner = new CloudTrailPartitioner(stack, "Partitioner", { code, ...props });
  const { Resources } = Template.fromStack(stack).toJSON() as { readonly Resources: Resources };
  const idOf = (one: { readonly node: Alarm["node"] }): string =>
    stack.getLogicalId(one.node.defaultChild as CfnElement);
  const propertiesOf = (id: string): unknown => fillIn(Resources[id]?.Properties, { Resources, place });
  const { Environment } = propertiesOf(idOf(partitioner.function)) as FunctionProperties;
  const alarms = Object.entries(partitioner.alarms as Record<keyof PartitionerAlarms, Alarm>);
  const properties = alarms.map(([name, alarm]) => [name, propertiesOf(idOf(alarm))] as const);
  return {
    environment: Environment.Variables,
    policies: listPolicies(Resources, idOf(partitioner.role)).map(
      (policy) => fillIn(policy, { Resources, place }) as PolicyText,
    ),
    alarms: Object.fromEntries(properties) as Deployment["alarms"],
  };
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

type Resources = Readonly<Record<string, Resource>>;

interface FunctionProperties {
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

interface RoleProperties {
  readonly Policies?: readonly { readonly PolicyDocument: object }[];
  readonly ManagedPolicyArns?: readonly unknown[];
}

/** @throws Error where the role has policies that stand elsewhere */
function listPolicies(resources: Resources, role: string): object[] {
  const { Policies = [], ManagedPolicyArns = [] } = (resources[role]?.Properties ?? {}) as RoleProperties;
  if (ManagedPolicyArns.length > 0) throw new Error(`the role has managed policies`);
  const apart = Object.values(resources).filter(({ Type, Properties }) => {
    if (Type !== "AWS::IAM::Policy") return false;
    return (Properties["Roles"] as readonly { readonly Ref?: string }[]).some(({ Ref }) => Ref === role);
  });
  return [...Policies, ...apart.map(({ Properties }) => Properties as { PolicyDocument: object })].map(
    ({ PolicyDocument }) => PolicyDocument,
  );
}

interface Stage {
  readonly Resources: Resources;
  readonly place: AwsPlace;
}

/** @throws Error for a function of templates that is not known here */
function fillIn(value: unknown, stage: Stage): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => fillIn(one, stage));
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  const [first] = entries;
  if (first !== undefined && entries.length === 1 && /^(Ref$|Fn::)/.test(first[0]))
    return call(...first, stage);
  return Object.fromEntries(entries.map(([key, one]) => [key, fillIn(one, stage)]));
}

function call(name: string, argument: unknown, stage: Stage): unknown {
  if (name === "Ref") return readReference(argument as string, stage);
  if (name === "Fn::Join") {
    const [separator, parts] = argument as [string, unknown[]];
    return (fillIn(parts, stage) as string[]).join(separator);
  }
  const [id, attribute] = argument as [string, string];
  if (name === "Fn::GetAtt" && attribute === "QueueName") return nameOf(id, stage);
  if (name === "Fn::GetAtt" && attribute === "Arn") return printArn(id, stage);
  throw new Error(`a template calls ${name} ${JSON.stringify(argument)}, which is not known here`);
}

function readReference(id: string, stage: Stage): string {
  const { partition, region, account } = stage.place;
  const pseudo: Readonly<Record<string, string>> = {
    "AWS::Partition": partition,
    "AWS::Region": region,
    "AWS::AccountId": account,
  };
  return pseudo[id] ?? nameOf(id, stage);
}

const NAMES: Readonly<Record<string, string>> = {
  "AWS::Lambda::Function": FUNCTION_NAME,
  "AWS::SQS::Queue": QUEUE_NAME,
};

function nameOf(id: string, { Resources }: Stage): string {
  const resource = Resources[id];
  if (resource === undefined) throw new Error(`a template refers to ${id}, which is not in it`);
  return NAMES[resource.Type] ?? id;
}

function printArn(id: string, stage: Stage): string {
  const [, service = "", kind = ""] = stage.Resources[id]?.Type.toLowerCase().split("::") ?? [];
  return arn(stage.place, service, `${kind}:${nameOf(id, stage)}`);
}
