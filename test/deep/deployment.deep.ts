import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { DescribeAlarmsCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { GetFunctionCommand, GetFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { unzipSync } from "fflate";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { makeFolder, makeLog, putFiles } from "../../src/fixtures.contract.ts";
import { printAlarmMessage } from "./alarm-message.ts";
import type { Deployed } from "./deployed-template.ts";
import { deployTemplate, findResource, LOG_PREFIX, nameOf, readQueueArn } from "./deployed-template.ts";
import { LambdaFunction } from "./lambda-function.ts";
import { openMotoGlue, readTables } from "./moto-glue.ts";
import { MAKERS, nameIgnored } from "./moto-services.ts";
import { onServer } from "./servers.ts";

const EMAIL = "security@example.com";
const ACCOUNT = "111122223333";
const LOGS = [makeLog({ account: ACCOUNT, root: `${LOG_PREFIX}/AWSLogs/`, day: "2026-10-20" })];

/** The plain template, deployed as docs/deploy.md says, on moto's CloudFormation. */
onServer("moto", defineTests);

async function listAlarms({ stack, services }: Deployed): Promise<MetricAlarm[]> {
  const { MetricAlarms = [] } = await services.cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `${stack.name}-` }),
  );
  return MetricAlarms;
}

/** Subscribes a queue to the topic, as whoever hears of alarms. @returns what has come since it was asked last */
async function listen({ services: { sns, sqs }, ...deployed }: Deployed): Promise<() => Promise<unknown[]>> {
  const TopicArn = nameOf(deployed.stack, "AWS::SNS::Topic");
  const { QueueUrl = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName: `listener-${deployed.stack.name}` }),
  );
  const Endpoint = await readQueueArn({ sqs }, QueueUrl);
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    return Messages.map(({ Body = "" }) =>
      JSON.parse((JSON.parse(Body) as { readonly Message: string }).Message),
    );
  };
}

function defineTests(endpoint: string): void {
  describe("the plain template on moto", () => {
    let deployed: Deployed;
    beforeAll(async () => {
      deployed = await deployTemplate(endpoint, LOGS, { AlarmEmail: EMAIL });
    });
    afterAll(() => deployed.services.close());

    test("is all made, but for the types that moto's CloudFormation does not know", () => {
      const { resources, made } = deployed.stack;
      const ignored = [...resources].filter(([id]) => !made.has(id)).map(([, { type }]) => type);
      expect(new Set(ignored)).toEqual(new Set(Object.keys(MAKERS)));
      expect(made.size).toBeGreaterThanOrEqual(7);
    });

    test("has a function with the uploaded code, and the parameters in its environment", async () => {
      const { stack, services, zip, logBucket, database } = deployed;
      const FunctionName = nameOf(stack, "AWS::Lambda::Function");
      const { Configuration } = await services.lambda.send(new GetFunctionCommand({ FunctionName }));
      expect(Configuration).toMatchObject({
        Handler: "index.handler",
        Timeout: 900,
        CodeSize: zip.length,
        CodeSha256: createHash("sha256").update(zip).digest("base64"),
        Role: expect.stringMatching(`:role/${nameOf(stack, "AWS::IAM::Role", "PartitionerRole")}$`) as string,
        Environment: {
          Variables: {
            CLOUDTRAIL_PARTITIONER_LOGS: `s3://${logBucket}/some/prefix/`,
            CLOUDTRAIL_PARTITIONER_DATABASE: database,
          },
        },
      });
      // These moto drops when CloudFormation makes the function.
      const queue = nameOf(stack, "AWS::SQS::Queue");
      expect(findResource(stack, "AWS::Lambda::Function")[1].properties).toMatchObject({
        DeadLetterConfig: { TargetArn: await readQueueArn(services, queue) },
        LoggingConfig: { LogGroup: nameOf(stack, "AWS::Logs::LogGroup") },
        Architectures: ["arm64"],
      });
      const retries = new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: "$LATEST" });
      expect(await services.lambda.send(retries)).toMatchObject({ MaximumRetryAttempts: 2 });
    });

    test("has a role with policies for the run, for what Lambda does, and for calling the function again", async () => {
      const { stack, services, logBucket } = deployed;
      const RoleName = nameOf(stack, "AWS::IAM::Role", "PartitionerRole");
      const names = await services.askIam("ListRolePolicies", { RoleName });
      expect(names.match(/<member>/g)).toHaveLength(3);
      expect(await services.askIam("ListAttachedRolePolicies", { RoleName })).not.toContain("<member>");
      const [, { properties }] = findResource(stack, "AWS::IAM::Role", "PartitionerRole");
      expect(JSON.stringify(properties)).toContain(`"arn:aws:s3:::${logBucket}"`);
      const name = nameOf(stack, "AWS::Lambda::Function");
      expect(findResource(stack, "AWS::IAM::Policy")[1].properties).toMatchObject({
        Roles: [RoleName],
        PolicyDocument: {
          Statement: [
            {
              Action: "lambda:InvokeFunction",
              Resource: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
            },
          ],
        },
      });
    });

    test("has a schedule that calls the function, and sets aside what it cannot", async () => {
      const { stack, services } = deployed;
      const [id] = findResource(stack, "AWS::Scheduler::Schedule");
      const name = nameOf(stack, "AWS::Lambda::Function");
      const role = nameOf(stack, "AWS::IAM::Role", "ScheduleRole");
      const DeadLetterConfig = { Arn: await readQueueArn(services, nameOf(stack, "AWS::SQS::Queue")) };
      expect(await services.readSchedule(nameIgnored(stack, id))).toMatchObject({
        State: "ENABLED",
        ScheduleExpression: "cron(15 3 * * ? *)",
        ScheduleExpressionTimezone: "UTC",
        Target: {
          Arn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
          RoleArn: `arn:aws:iam::123456789012:role/${role}`,
          Input: "{}",
          DeadLetterConfig,
        },
      });
    });

    test("has alarms on the function and on the queue, which all tell the topic", async () => {
      const { stack } = deployed;
      const alarms = await listAlarms(deployed);
      expect(alarms).toHaveLength(6);
      const topic = nameOf(stack, "AWS::SNS::Topic");
      const name = nameOf(stack, "AWS::Lambda::Function");
      const queue = nameOf(stack, "AWS::SQS::Queue").split("/").at(-1);
      for (const { AlarmActions, OKActions, ActionsEnabled, Dimensions = [] } of alarms) {
        expect({ AlarmActions, OKActions, ActionsEnabled }).toEqual({
          AlarmActions: [topic],
          OKActions: [topic],
          ActionsEnabled: true,
        });
        const { Name, Value } = Dimensions.find((one) => one.Name !== "service") ?? {};
        expect({ Name, Value }).toEqual(
          Name === "QueueName" ? { Name, Value: queue } : { Name: "FunctionName", Value: name },
        );
      }
    });

    test("lets CloudWatch publish to the topic, to which the address is subscribed", async () => {
      const { stack, services } = deployed;
      const TopicArn = nameOf(stack, "AWS::SNS::Topic");
      const { Attributes } = await services.sns.send(new GetTopicAttributesCommand({ TopicArn }));
      expect(JSON.parse(Attributes?.["Policy"] ?? "")).toMatchObject({
        Statement: [
          { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } },
          {
            Effect: "Allow",
            Action: "sns:Publish",
            Resource: TopicArn,
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
          },
        ],
      });
      // SNS has it wait until it is confirmed; moto takes every subscription for confirmed.
      const { Subscriptions = [] } = await services.sns.send(
        new ListSubscriptionsByTopicCommand({ TopicArn }),
      );
      expect(Subscriptions).toContainEqual(expect.objectContaining({ Protocol: "email", Endpoint: EMAIL }));
    });

    test("brings each alarm to whoever is subscribed, with what to do about it", async () => {
      const { services, stack } = deployed;
      const receive = await listen(deployed);
      const alarms = await listAlarms(deployed);
      for (const { AlarmName } of alarms) {
        const state = { StateValue: "ALARM", StateReason: "Threshold Crossed" } as const;
        await services.cloudWatch.send(new SetAlarmStateCommand({ AlarmName, ...state }));
      }
      const rung = await listAlarms(deployed);
      expect(rung.map(({ StateValue }) => StateValue)).toEqual(alarms.map(() => "ALARM"));
      // moto's alarms change their state, and carry out no action.
      expect(await receive()).toEqual([]);
      for (const alarm of rung) {
        const Message = printAlarmMessage(alarm, "2026-11-22T20:00:00.000+0000");
        const Subject = `ALARM: "${alarm.AlarmName}" in US East (N. Virginia)`.slice(0, 100);
        for (const TopicArn of alarm.AlarmActions ?? [])
          await services.sns.send(new PublishCommand({ TopicArn, Subject, Message }));
      }
      const received = await receive();
      expect(received).toHaveLength(6);
      const description = expect.stringContaining(nameOf(stack, "AWS::Logs::LogGroup")) as string;
      for (const { AlarmName } of alarms) {
        expect(received).toContainEqual(
          expect.objectContaining({ AlarmName, AlarmDescription: description, NewStateValue: "ALARM" }),
        );
      }
    });

    onServer("ric", (ric) => {
      test("has a function that makes the tables, as it was uploaded and configured", async () => {
        const { stack, services, zip, database } = deployed;
        const FunctionName = nameOf(stack, "AWS::Lambda::Function");
        const { Configuration } = await services.lambda.send(new GetFunctionCommand({ FunctionName }));
        const asset = await makeFolder("asset");
        const files = Object.entries(unzipSync(zip)).map(([key, bytes]) => ({ key, bytes }));
        await putFiles(asset, files);
        const environment = { ...Configuration?.Environment?.Variables, AWS_ENDPOINT_URL: endpoint };
        const lambda = await LambdaFunction.create({ ric, asset, environment });
        onTestFinished(() => lambda.close());
        const { ending } = await lambda.call({ from: "2026-10-01", to: "2026-10-31" });
        expect(ending).toMatchObject({
          kind: "answer",
          payload: { accounts: 1, partitions: { created: 1 } },
        });
        const tables = await readTables(openMotoGlue(endpoint, database));
        expect(new Set(tables.map(({ Name }) => Name))).toEqual(
          new Set(["cloudtrail", `cloudtrail_${ACCOUNT}`]),
        );
      });
    });
  });
}
