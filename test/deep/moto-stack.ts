import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import { TemplateReferences } from "./template-references.ts";

/** The part of a template that is read here. */
export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;
  readonly Outputs?: object;
}

/** A resource with all its references filled in. */
export interface Resource {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A stack that moto has made, as far as it can. */
export interface MotoStack {
  readonly name: string;
  /** All that the template has, made or not; by logical id. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Names, ARNs or URLs of what was made, by logical id; moto leaves out what it does not know, without a word. */
  readonly made: ReadonlyMap<string, string>;
}

export interface StackSettings {
  readonly endpoint: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export async function createStack(
  template: Template,
  { endpoint, name, parameters }: StackSettings,
): Promise<MotoStack> {
  const client = new CloudFormationClient({ endpoint, region: "us-east-1" });
  const references = new TemplateReferences();
  const held = Object.entries(template.Resources).map(
    ([id, { Type, Properties }]) => ({ id, type: Type, properties: references.hold(Properties) }) as const,
  );
  const Outputs = { ...template.Outputs, ...references.toOutputs() };
  await client.send(
    new CreateStackCommand({
      StackName: name,
      TemplateBody: JSON.stringify({ ...template, Outputs }),
      Capabilities: ["CAPABILITY_IAM"],
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    }),
  );
  const outputs = await readOutputs(client, name);
  const made = await listMade(client, name);
  client.destroy();
  const resources = held.map(({ id, type, properties }) => {
    const filled = references.fill(properties, outputs) as Resource["properties"];
    return [id, { type, properties: filled }] as const;
  });
  return { name, made, resources: new Map(resources) };
}

async function readOutputs(client: CloudFormationClient, name: string): Promise<ReadonlyMap<string, string>> {
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
  if (stack?.StackStatus !== "CREATE_COMPLETE") throw new Error(`the stack is ${stack?.StackStatus}`);
  const { Outputs = [] } = stack;
  return new Map(Outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
}

async function listMade(client: CloudFormationClient, name: string): Promise<ReadonlyMap<string, string>> {
  const { StackResourceSummaries: resources = [] } = await client.send(
    new ListStackResourcesCommand({ StackName: name }),
  );
  const ids = resources.map(
    ({ LogicalResourceId: logical = "", PhysicalResourceId: physical = "" }) => [logical, physical] as const,
  );
  return new Map(ids.filter(([, physical]) => physical !== ""));
}
