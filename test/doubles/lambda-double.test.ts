import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, onTestFinished, test } from "vitest";
import { errorOf } from "../../src/fixtures.contract.ts";
import type { AwsDouble } from "./aws-double.ts";
import { startAwsDouble } from "./aws-double.ts";

async function start(): Promise<{ aws: AwsDouble; lambda: LambdaClient }> {
  const aws = await startAwsDouble();
  onTestFinished(() => aws.close());
  aws.lambda.functions.add("partitioner");
  return { aws, lambda: new LambdaClient({ ...aws.clientConfig, maxAttempts: 1 }) };
}

function call(FunctionName: string, input: object = {}): InvokeCommand {
  return new InvokeCommand({ FunctionName, InvocationType: "Event", Payload: '{"days":7}', ...input });
}

const ARN = "arn:aws:lambda:us-east-1:123456789012:function:partitioner";

test("Lambda takes calls by name and by ARN, and records what they carry", async () => {
  const { aws, lambda } = await start();
  expect(await lambda.send(call("partitioner"))).toMatchObject({ StatusCode: 202 });
  await lambda.send(call(`${ARN}:live`, { Payload: undefined }));
  expect(aws.lambda.invocations).toEqual([
    { functionName: "partitioner", payload: { days: 7 } },
    { functionName: "partitioner", payload: {} },
  ]);
  expect(aws.calls).toEqual([
    { call: "Lambda Invoke", status: 202 },
    { call: "Lambda Invoke", status: 202 },
  ]);
  expect([...aws.actionsUsed()]).toEqual(["lambda:InvokeFunction"]);
});

test("Lambda refuses functions it does not have, payloads that are no JSON, and to wait", async () => {
  const { aws, lambda } = await start();
  expect(await errorOf(lambda.send(call("other")))).toMatchObject({
    name: "ResourceNotFoundException",
    message: "Function not found: arn:aws:lambda:us-east-1:123456789012:function:other",
  });
  expect(await errorOf(lambda.send(call("partitioner", { Payload: "{" })))).toMatchObject({
    name: "InvalidRequestContentException",
  });
  const waiting = call("partitioner", { InvocationType: "RequestResponse" });
  expect(await errorOf(lambda.send(waiting))).toMatchObject({ name: "NotImplemented" });
  expect(aws.lambda.invocations).toEqual([]);
});

test("Lambda throttles and refuses in its own words, on the function's ARN", async () => {
  const { aws, lambda } = await start();
  aws.faults.onCall(() => ({ kind: "throttle" }));
  expect(await errorOf(lambda.send(call("partitioner")))).toMatchObject({
    name: "TooManyRequestsException",
    $metadata: { httpStatusCode: 429 },
  });
  aws.faults.heal();
  aws.allowOnly({ Statement: { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: ARN } });
  await lambda.send(call("partitioner"));
  const denied = await errorOf(lambda.send(call("partitioner", { Qualifier: "live" })));
  expect(denied).toMatchObject({ name: "AccessDeniedException" });
  expect((denied as Error).message).toContain(`lambda:InvokeFunction on resource: ${ARN}:live`);
});
