import { fileURLToPath } from "node:url";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestFile } from "../../src/fixtures.contract.ts";
import { makeBucket } from "./moto-bucket.ts";
import type { MotoServices } from "./moto-services.ts";
import { makeIgnored, openMotoServices } from "./moto-services.ts";
import type { MotoStack, Resource, Template } from "./moto-stack.ts";
import { createStack } from "./moto-stack.ts";

const FOLDER = fileURLToPath(new URL("../../dist/cloudformation/", import.meta.url));

/** The plain template, deployed on moto as docs/deploy.md says. */
export interface Deployed {
  readonly stack: MotoStack;
  readonly services: MotoServices;
  /** The function's code. */
  readonly zip: Uint8Array;
  readonly logBucket: string;
  readonly database: string;
}

/** The prefix of the deployed parameters. */
export const LOG_PREFIX = "some/prefix";

/** @param logs what is in the log bucket */
export async function deployTemplate(
  endpoint: string,
  logs: readonly TestFile[],
  parameters: Readonly<Record<string, string>>,
): Promise<Deployed> {
  const id = randomUUID().slice(0, 8);
  const [code, logBucket, database] = [`code-${id}`, `trail-logs-${id}`, `security_${id}`];
  const [zip, template] = await readArtefacts();
  await makeBucket(endpoint, code, [{ key: "1/lambda.zip", bytes: zip }]);
  await makeBucket(endpoint, logBucket, logs);
  const stack = await createStack(template, {
    endpoint,
    name: `trail-${id}`,
    parameters: {
      LogBucket: logBucket,
      LogPrefix: LOG_PREFIX,
      Database: database,
      CodeBucket: code,
      CodeKey: "1/lambda.zip",
      ...parameters,
    },
  });
  const services = openMotoServices(endpoint);
  await makeIgnored(services, stack);
  return { stack, services, zip, logBucket, database };
}

async function readArtefacts(): Promise<readonly [zip: Uint8Array, template: Template]> {
  try {
    const text = await readFile(join(FOLDER, "cloudtrail-partitioner.template.json"), "utf8");
    const template = JSON.parse(text) as Template & { Parameters: { CodeKey: { Default: string } } };
    return [await readFile(join(FOLDER, template.Parameters.CodeKey.Default)), template];
  } catch (error) {
    throw new Error(`${FOLDER} is not there: npm run template makes it`, { cause: error });
  }
}

/** The one resource of its type; of several, the one whose id has the word. */
export function findResource(
  { resources }: MotoStack,
  type: string,
  word = "",
): readonly [id: string, resource: Resource] {
  const [found, ...more] = [...resources].filter(([id, one]) => one.type === type && id.includes(word));
  if (found === undefined || more.length > 0) throw new Error(`not one ${type} ${word}`);
  return found;
}

/** What moto calls it. */
export function nameOf(stack: MotoStack, type: string, word?: string): string {
  return stack.made.get(findResource(stack, type, word)[0]) ?? "";
}

export async function readQueueArn({ sqs }: Pick<MotoServices, "sqs">, QueueUrl: string): Promise<string> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] });
  return (await sqs.send(command)).Attributes?.["QueueArn"] ?? "";
}
