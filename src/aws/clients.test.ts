import { AthenaClient } from "@aws-sdk/client-athena";
import { GetTablesCommand, GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { startAwsDouble } from "../../test/doubles/aws-double.ts";
import { UserError } from "../core/user-error.ts";
import { errorOf } from "../fixtures.contract.ts";
import { countRequests, makeClientConfig } from "./clients.ts";
import { explained } from "./explain-error.ts";

test.each([
  ["us-east-1", "amazonaws.com"],
  ["us-gov-west-1", "amazonaws.com"],
  ["cn-north-1", "amazonaws.com.cn"],
  ["eusc-de-east-1", "amazonaws.eu"],
])("the endpoints of %s are below %s", (Region, domain) => {
  const config = makeClientConfig({ awsRegion: Region });
  const place = { Region, UseDualStack: false, UseFIPS: false };
  const hosts = [new GlueClient(config), new AthenaClient(config), new S3Client(config)].map(
    (client) => client.config.endpointProvider(place).url.hostname,
  );
  expect(hosts).toEqual(["glue", "athena", "s3"].map((service) => `${service}.${Region}.${domain}`));
});

test("every request is counted by its service and operation, those that are tried again too", async () => {
  const aws = await startAwsDouble();
  onTestFinished(() => aws.close());
  aws.glue.makeDatabase("security");
  aws.faults.onCall(({ index }) => (index === 1 ? { kind: "throttle" } : undefined));
  const { endpoint: endpointUrl, region: awsRegion, credentials } = aws.clientConfig;
  const client = new GlueClient(makeClientConfig({ endpointUrl, awsRegion, credentials }));
  const requests = new Map<string, number>();
  countRequests(client, requests);
  await client.send(new GetTablesCommand({ DatabaseName: "security" }));
  expect([...requests]).toEqual([["Glue GetTables", 2]]);
  expect(aws.calls).toHaveLength(2);
});

test.each([
  ["InternalServiceException", 500, "AWS failed"],
  ["ResourceNumberLimitExceededException", 400, "a quota of AWS is used up"],
  ["InvalidInputException", 400, "AWS refused"],
  ["SomethingNewException", 400, "AWS refused"],
])("what AWS answers with %s is no bug of ours", async (code, status, said) => {
  const aws = await startAwsDouble();
  onTestFinished(() => aws.close());
  aws.faults.onCall(() => ({ kind: "error", status, code, message: "told so" }));
  const { endpoint: endpointUrl, region: awsRegion, credentials } = aws.clientConfig;
  const client = new GlueClient(makeClientConfig({ endpointUrl, awsRegion, credentials, maxAttempts: 1 }));
  const call = { action: "glue:GetTables", resource: "the database security" };
  const error = await errorOf(
    explained(call, () => client.send(new GetTablesCommand({ DatabaseName: "security" }))),
  );
  expect(error).toBeInstanceOf(UserError);
  for (const part of [said, "glue:GetTables", "the database security", code, "told so"])
    expect(String(error)).toContain(part);
});
