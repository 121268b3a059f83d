import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import {
  CreateDatabaseCommand,
  GetDatabaseCommand,
  GetTablesCommand,
  GlueClient,
} from "@aws-sdk/client-glue";
import { GetObjectCommand, HeadBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, onTestFinished, test } from "vitest";
import { errorOf } from "../../src/fixtures.contract.ts";
import type { AwsDouble, AwsDoubleOptions } from "./aws-double.ts";
import { startAwsDouble } from "./aws-double.ts";
import type { PolicyText } from "./iam-policies.ts";

async function start(options?: AwsDoubleOptions): Promise<AwsDouble> {
  const aws = await startAwsDouble(options);
  onTestFinished(() => aws.close());
  return aws;
}

function makeGlue(aws: AwsDouble, maxAttempts = 1): GlueClient {
  return new GlueClient({ ...aws.clientConfig, maxAttempts });
}

function makeS3(aws: AwsDouble): S3Client {
  return new S3Client({ ...aws.clientConfig, forcePathStyle: true, maxAttempts: 1 });
}

const GET = new GetDatabaseCommand({ Name: "logs" });
const CREATE = new CreateDatabaseCommand({ DatabaseInput: { Name: "logs" } });

describe("startAwsDouble", () => {
  test("answers S3, Glue, STS and CloudTrail at one endpoint, and records their calls", async () => {
    const aws = await start();
    aws.s3.createBucket("bucket");
    aws.s3.put("bucket", "a/b", Buffer.from("text"));
    const listed = await makeS3(aws).send(new ListObjectsV2Command({ Bucket: "bucket" }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(["a/b"]);
    await makeGlue(aws).send(CREATE);
    const caller = await new STSClient(aws.clientConfig).send(new GetCallerIdentityCommand());
    expect(caller).toMatchObject({
      Account: "123456789012",
      Arn: "arn:aws:sts::123456789012:assumed-role/reader/session",
    });
    aws.cloudTrail.trails = [
      { Name: "all", TrailARN: "arn:trail", S3BucketName: "bucket", IsOrganizationTrail: true },
    ];
    const cloudTrail = new CloudTrailClient(aws.clientConfig);
    expect(await cloudTrail.send(new DescribeTrailsCommand())).toMatchObject({
      trailList: aws.cloudTrail.trails,
    });
    expect(await cloudTrail.send(new GetTrailStatusCommand({ Name: "all" }))).toMatchObject({
      IsLogging: true,
    });
    expect(aws.calls).toEqual([
      { call: "S3 ListObjectsV2", status: 200 },
      { call: "Glue CreateDatabase", input: { DatabaseInput: { Name: "logs" } }, status: 200 },
      { call: "STS GetCallerIdentity", status: 200 },
      { call: "CloudTrail DescribeTrails", input: {}, status: 200 },
      { call: "CloudTrail GetTrailStatus", input: { Name: "all" }, status: 200 },
    ]);
    expect([...aws.actionsUsed()]).toEqual([
      "s3:ListBucket",
      "glue:CreateDatabase",
      "sts:GetCallerIdentity",
      "cloudtrail:DescribeTrails",
      "cloudtrail:GetTrailStatus",
    ]);
  });

  test("is in another partition, Region and account on demand", async () => {
    const aws = await start({ partition: "aws-cn", region: "cn-north-1", account: "111122223333" });
    const { Arn } = await new STSClient(aws.clientConfig).send(new GetCallerIdentityCommand());
    expect(Arn).toBe("arn:aws-cn:sts::111122223333:assumed-role/reader/session");
  });

  test("records no inputs where that is off, and forgets calls", async () => {
    const aws = await start({ recordInputs: false });
    await makeGlue(aws).send(CREATE);
    expect(aws.calls).toEqual([{ call: "Glue CreateDatabase", status: 200 }]);
    aws.clearCalls();
    expect(aws.calls).toEqual([]);
    expect(aws.actionsUsed().size).toBe(0);
  });
});

describe("faults", () => {
  test("throttle as each service does", async () => {
    const aws = await start();
    aws.faults.onCall(() => ({ kind: "throttle" }));
    expect(await errorOf(makeGlue(aws).send(GET))).toMatchObject({
      name: "ThrottlingException",
      $metadata: { httpStatusCode: 400 },
    });
    expect(await errorOf(makeS3(aws).send(new ListObjectsV2Command({ Bucket: "b" })))).toMatchObject({
      name: "SlowDown",
      $metadata: { httpStatusCode: 503 },
    });
  });

  test("know a call's name, index and input, and let the SDK's retries through", async () => {
    const aws = await start();
    const seen: unknown[] = [];
    aws.faults.onCall((call) => {
      seen.push(call);
      return call.index === 1 ? { kind: "throttle" } : undefined;
    });
    await makeGlue(aws, 3).send(CREATE);
    const input = { DatabaseInput: { Name: "logs" } };
    expect(seen).toEqual([
      { name: "Glue CreateDatabase", index: 1, input },
      { name: "Glue CreateDatabase", index: 2, input },
    ]);
    expect(aws.calls.map(({ status }) => status)).toEqual([400, 200]);
  });

  test("drop a connection before the change, or after it", async () => {
    const aws = await start();
    aws.faults.onCall(() => ({ kind: "drop" }));
    expect(await errorOf(makeGlue(aws).send(CREATE))).toMatchObject({ code: "ECONNRESET" });
    expect(aws.glue.snapshot()).toEqual({});
    aws.faults.onCall(() => ({ kind: "drop-after" }));
    expect(await errorOf(makeGlue(aws).send(CREATE))).toMatchObject({ code: "ECONNRESET" });
    expect(Object.keys(aws.glue.snapshot())).toEqual(["logs"]);
    expect(aws.calls.map(({ status }) => status)).toEqual([0, 200]);
  });

  test("answer any error, or late", async () => {
    const aws = await start();
    aws.faults.onCall(() => ({
      kind: "error",
      status: 500,
      code: "InternalServiceException",
      message: "no",
    }));
    expect(await errorOf(makeGlue(aws).send(GET))).toMatchObject({
      name: "InternalServiceException",
      message: "no",
    });
    aws.faults.onCall(() => ({ kind: "delay", ms: 60 }));
    const begun = performance.now();
    await makeGlue(aws).send(CREATE);
    expect(performance.now() - begun).toBeGreaterThan(55);
  });

  test("kill the client after some calls, until healed", async () => {
    const aws = await start();
    aws.faults.killAfter(2);
    await makeGlue(aws).send(CREATE);
    await expect(makeGlue(aws).send(GET)).rejects.toThrow();
    await expect(makeGlue(aws).send(GET)).rejects.toThrow();
    aws.faults.heal();
    await makeGlue(aws).send(GET);
  });
});

describe("deny", () => {
  test("refuses an action in AWS's words", async () => {
    const aws = await start();
    aws.glue.makeDatabase("logs");
    aws.deny("glue:GetTables");
    const error = await errorOf(makeGlue(aws).send(new GetTablesCommand({ DatabaseName: "logs" })));
    expect(error).toMatchObject({
      name: "AccessDeniedException",
      message:
        "User: arn:aws:sts::123456789012:assumed-role/reader/session is not authorized to perform: glue:GetTables on resource: arn:aws:glue:us-east-1:123456789012:table/logs/* because no identity-based policy allows the glue:GetTables action",
    });
    await makeGlue(aws).send(GET);
    aws.allowAll();
    await makeGlue(aws).send(new GetTablesCommand({ DatabaseName: "logs" }));
  });

  test("refuses on one resource only", async () => {
    const aws = await start();
    aws.s3.createBucket("bucket");
    aws.s3.put("bucket", "logs/a", Buffer.from("a"));
    aws.s3.put("bucket", "lake/a", Buffer.from("a"));
    aws.deny("s3:GetObject", "arn:aws:s3:::bucket/logs/*");
    const s3 = makeS3(aws);
    const denied = await errorOf(s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "logs/a" })));
    expect(denied).toMatchObject({ name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "lake/a" }));
    expect(await Body?.transformToString()).toBe("a");
  });
});

function allow(Action: string, Resource: string | readonly string[], rest: object = {}): PolicyText {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource, ...rest }] };
}

function listBelow(Prefix?: string): ListObjectsV2Command {
  return new ListObjectsV2Command({ Bucket: "bucket", Prefix });
}

describe("allowOnly", () => {
  const place = "arn:aws:glue:us-east-1:123456789012";

  test("refuses all that no policy allows, until all is allowed again", async () => {
    const aws = await start();
    aws.glue.makeDatabase("logs");
    aws.allowOnly(allow("glue:GetDatabase", [`${place}:catalog`, `${place}:database/logs`]));
    await makeGlue(aws).send(GET);
    const error = await errorOf(makeGlue(aws).send(CREATE));
    expect(error).toMatchObject({ name: "AccessDeniedException" });
    expect((error as Error).message).toContain(`glue:CreateDatabase on resource: ${place}:database/logs`);
    aws.allowAll();
    await makeGlue(aws).send(new GetTablesCommand({ DatabaseName: "logs" }));
  });

  test("wants every resource of a call allowed, by whichever of the policies", async () => {
    const aws = await start();
    aws.glue.makeDatabase("logs");
    aws.allowOnly(allow("glue:*", `${place}:database/*`));
    const error = await errorOf(makeGlue(aws).send(GET));
    expect((error as Error).message).toContain(`on resource: ${place}:catalog`);
    aws.allowOnly(allow("glue:*", `${place}:database/*`), allow("glue:Get*", `${place}:catalog`));
    await makeGlue(aws).send(GET);
  });

  test("hands a listing's prefix to conditions, and HeadBucket none", async () => {
    const aws = await start();
    aws.s3.createBucket("bucket");
    const Condition = { StringLike: { "s3:prefix": ["", "AWSLogs/*"] } };
    aws.allowOnly(allow("s3:ListBucket", "arn:aws:s3:::bucket", { Condition }));
    const s3 = makeS3(aws);
    await s3.send(listBelow());
    await s3.send(listBelow("AWSLogs/1/"));
    const refused = { $metadata: { httpStatusCode: 403 } };
    expect(await errorOf(s3.send(listBelow("data/")))).toMatchObject({ name: "AccessDenied", ...refused });
    expect(await errorOf(s3.send(new HeadBucketCommand({ Bucket: "bucket" })))).toMatchObject(refused);
  });

  test("leaves what is denied refused", async () => {
    const aws = await start();
    aws.glue.makeDatabase("logs");
    aws.deny("glue:GetDatabase");
    aws.allowOnly(allow("glue:*", "*"));
    expect(await errorOf(makeGlue(aws).send(GET))).toMatchObject({ name: "AccessDeniedException" });
  });
});
