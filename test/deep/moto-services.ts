import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { LambdaClient, PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { SetTopicAttributesCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { MotoStack } from "./moto-stack.ts";

/** moto's services that a stack consists of. */
export interface MotoServices {
  readonly cloudWatch: CloudWatchClient;
  readonly lambda: LambdaClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  /** For what has no client here. */
  askIam(action: string, parameters: Readonly<Record<string, string>>): Promise<string>;
  putSchedule(name: string, schedule: object): Promise<void>;
  readSchedule(name: string): Promise<unknown>;
  close(): void;
}

export function openMotoServices(endpoint: string): MotoServices {
  const settings = { endpoint, region: "us-east-1" };
  const clients = {
    cloudWatch: new CloudWatchClient(settings),
    lambda: new LambdaClient(settings),
    sns: new SNSClient(settings),
    sqs: new SQSClient(settings),
  };
  const schedule = (name: string): string => `${endpoint}/schedules/${name}`;
  return {
    ...clients,
    askIam: async (action, parameters) => {
      const body = new URLSearchParams({ Action: action, Version: "2010-05-08", ...parameters });
      return (await send(endpoint, "iam", { method: "POST", body })).text();
    },
    putSchedule: async (name, body) => {
      await send(schedule(name), "scheduler", { method: "POST", body: JSON.stringify(body) });
    },
    readSchedule: async (name) => (await send(schedule(name), "scheduler")).json(),
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** moto tells from the signature which service is meant, and checks it no further. */
async function send(url: string, service: string, options: RequestInit = {}): Promise<Response> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/${service}/aws4_request`;
  const response = await fetch(url, { ...options, headers: { authorization } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

type Make = (services: MotoServices, name: string, properties: never) => Promise<unknown>;

interface PolicyProperties {
  readonly PolicyDocument: object;
}

/** Types that moto 5.2's CloudFormation does not know, each with the call that makes one from the same properties. */
export const MAKERS: Readonly<Record<string, Make>> = {
  "AWS::CloudWatch::Alarm": ({ cloudWatch }, AlarmName, properties: object) =>
    cloudWatch.send(new PutMetricAlarmCommand({ ...properties, AlarmName })),
  "AWS::Lambda::EventInvokeConfig": ({ lambda }, _, properties) =>
    lambda.send(new PutFunctionEventInvokeConfigCommand(properties)),
  "AWS::SNS::Subscription": ({ sns }, _, properties) => sns.send(new SubscribeCommand(properties)),
  "AWS::SNS::TopicPolicy": async ({ sns }, _, { Topics, PolicyDocument }: TopicPolicy) => {
    const attribute = { AttributeName: "Policy", AttributeValue: JSON.stringify(PolicyDocument) };
    for (const TopicArn of Topics) await sns.send(new SetTopicAttributesCommand({ TopicArn, ...attribute }));
  },
  "AWS::SQS::QueuePolicy": async ({ sqs }, _, { Queues, PolicyDocument }: QueuePolicy) => {
    const Attributes = { Policy: JSON.stringify(PolicyDocument) };
    for (const QueueUrl of Queues) await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  },
  "AWS::Scheduler::Schedule": (services, name, properties) => services.putSchedule(name, properties),
};

interface TopicPolicy extends PolicyProperties {
  readonly Topics: readonly string[];
}

interface QueuePolicy extends PolicyProperties {
  readonly Queues: readonly string[];
}

/** Makes what CloudFormation on moto left out. @throws Error for a type that has no maker here */
export async function makeIgnored(services: MotoServices, stack: MotoStack): Promise<void> {
  for (const [id, { type, properties }] of stack.resources) {
    if (stack.made.has(id)) continue;
    const make = MAKERS[type];
    if (make === undefined) throw new Error(`${type} is neither known to moto's CloudFormation nor here`);
    await make(services, nameIgnored(stack, id), properties as never);
  }
}

/** What makeIgnored calls a resource, where it has a name. */
export function nameIgnored({ name }: MotoStack, id: string): string {
  return `${name}-${id}`.slice(0, 64);
}
