import { AthenaClient } from "@aws-sdk/client-athena";
import { GetTablesCommand, GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { startAwsDouble } from "../../test/doubles/aws-double.ts";
import { countRequests, makeClientConfig } from "./clients.ts";

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
