import type { DeleteObjectsCommandOutput, ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, expect, test } from "vitest";
import { errorOf } from "../../src/fixtures.contract.ts";
import { startAwsDouble } from "./aws-double.ts";
import { makeS3Double } from "./s3-double.ts";
import type { DoubleResponse } from "./service.ts";

const double = await startAwsDouble();
const client = new S3Client({ ...double.clientConfig, forcePathStyle: true });
afterAll(() => double.close());

function put(
  Bucket: string,
  Key: string,
  options: { IfMatch?: string; IfNoneMatch?: string } = {},
): Promise<unknown> {
  return client.send(new PutObjectCommand({ Bucket, Key, Body: "new", ...options }));
}

test("s3 double: a bucket is made, filled, emptied and deleted", async () => {
  await client.send(new CreateBucketCommand({ Bucket: "made" }));
  await put("made", "a b+c/é\u001b🦊");
  expect(double.s3.keys("made")).toEqual(["a b+c/é\u001b🦊"]);
  expect(await errorOf(client.send(new DeleteBucketCommand({ Bucket: "made" })))).toMatchObject({
    name: "BucketNotEmpty",
  });
  await client.send(new DeleteObjectCommand({ Bucket: "made", Key: "a b+c/é\u001b🦊" }));
  await client.send(new DeleteBucketCommand({ Bucket: "made" }));
  expect(await errorOf(put("made", "a"))).toMatchObject({ name: "NoSuchBucket" });
});

test("s3 double: an object comes back with its headers, whole and in part", async () => {
  double.s3.createBucket("bucket");
  await client.send(
    new PutObjectCommand({
      Bucket: "bucket",
      Key: "a",
      Body: "0123456789",
      ContentEncoding: "gzip",
      Metadata: { signature: "abc" },
    }),
  );
  const read = async (Range?: string): Promise<string | undefined> =>
    (
      await client.send(new GetObjectCommand({ Bucket: "bucket", Key: "a", Range }))
    ).Body?.transformToString();
  expect(await read()).toBe("0123456789");
  expect(await read("bytes=2-4")).toBe("234");
  expect(await read("bytes=8-99")).toBe("89");
  expect(await read("bytes=7-")).toBe("789");
  expect(await read("bytes=-2")).toBe("89");
  expect(await errorOf(read("bytes=10-"))).toMatchObject({ name: "InvalidRange" });
  expect(await client.send(new HeadObjectCommand({ Bucket: "bucket", Key: "a" }))).toMatchObject({
    ContentLength: 10,
    ContentEncoding: "gzip",
    ETag: '"781e5e245d69b566979b86e28d23f2c7"',
    Metadata: { signature: "abc" },
  });
});

test("s3 double: conditions of a write are kept", async () => {
  double.s3.put("conditions", "there", Buffer.from("old"));
  const etag = '"149603e6c03516362a8da23f624db945"';
  const failed = { name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } };
  expect(await errorOf(put("conditions", "there", { IfNoneMatch: "*" }))).toMatchObject(failed);
  expect(await errorOf(put("conditions", "there", { IfMatch: '"other"' }))).toMatchObject(failed);
  expect(await errorOf(put("conditions", "missing", { IfMatch: etag }))).toMatchObject({ name: "NoSuchKey" });
  await put("conditions", "there", { IfMatch: etag });
  await put("conditions", "missing", { IfNoneMatch: "*" });
  expect(Buffer.from(double.s3.read("conditions", "there") ?? []).toString()).toBe("new");
});

function readIf(IfMatch: string): Promise<unknown> {
  return client.send(new GetObjectCommand({ Bucket: "conditions", Key: "read", IfMatch }));
}

test("s3 double: conditions of a read are kept", async () => {
  double.s3.put("conditions", "read", Buffer.from("old"));
  await readIf('"149603e6c03516362a8da23f624db945"');
  double.s3.put("conditions", "read", Buffer.from("new"));
  expect(await errorOf(readIf('"149603e6c03516362a8da23f624db945"'))).toMatchObject({
    name: "PreconditionFailed",
    $metadata: { httpStatusCode: 412 },
  });
});

function removeAll(Quiet: boolean, Keys: readonly string[]): Promise<DeleteObjectsCommandOutput> {
  const Objects = Keys.map((Key) => ({ Key }));
  return client.send(new DeleteObjectsCommand({ Bucket: "deletions", Delete: { Quiet, Objects } }));
}

test("s3 double: many objects are deleted at once, and refused one by one", async () => {
  const keys = ["a", "b & <c>", "é/🦊", "left"];
  for (const key of keys) double.s3.put("deletions", key, Buffer.from("x"));
  double.deny("s3:DeleteObject", "arn:aws:s3:::deletions/a");
  const { Deleted, Errors } = await removeAll(false, ["missing", ...keys.slice(0, 3)]);
  expect(Deleted).toEqual(["missing", "b & <c>", "é/🦊"].map((Key) => ({ Key })));
  expect(Errors).toMatchObject([{ Key: "a", Code: "AccessDenied" }]);
  double.allowAll();
  expect((await removeAll(true, ["a"])).Deleted).toBeUndefined();
  expect(double.s3.keys("deletions")).toEqual(["left"]);
  const tooMany = Array.from({ length: 1001 }, (_, index) => `${index}`);
  expect(await errorOf(removeAll(true, tooMany))).toMatchObject({ name: "MalformedXML" });
});

test("s3 double: what is put has the time of the double's clock, in whole seconds", async () => {
  const later = await startAwsDouble({ now: () => 1_700_000_000_999 });
  later.s3.createBucket("clock");
  const there = new S3Client({ ...later.clientConfig, forcePathStyle: true });
  await there.send(new PutObjectCommand({ Bucket: "clock", Key: "a", Body: "x" }));
  const { LastModified } = await there.send(new HeadObjectCommand({ Bucket: "clock", Key: "a" }));
  expect(LastModified?.getTime()).toBe(1_700_000_000_000);
  await later.close();
});

test("s3 double: a bucket insists on its Region", async () => {
  double.s3.createBucket("madrid", { region: "eu-south-2" });
  const redirected = await errorOf(client.send(new ListObjectsV2Command({ Bucket: "madrid" })));
  expect(redirected).toMatchObject({ name: "PermanentRedirect", $metadata: { httpStatusCode: 301 } });
  const local = new S3Client({ ...double.clientConfig, forcePathStyle: true, region: "eu-south-2" });
  expect(await local.send(new HeadBucketCommand({ Bucket: "madrid" }))).toMatchObject({
    BucketRegion: "eu-south-2",
  });
  expect(await local.send(new GetBucketLocationCommand({ Bucket: "madrid" }))).toMatchObject({
    LocationConstraint: "eu-south-2",
  });
});

test("s3 double: pages count groups too, and go on where they stopped", async () => {
  for (const key of ["a/1", "a/2", "b", "c/1", "d"]) double.s3.put("pages", key, Buffer.from("x"));
  const seen = [];
  let token: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await client.send(
      new ListObjectsV2Command({ Bucket: "pages", Delimiter: "/", MaxKeys: 1, ContinuationToken: token }),
    );
    seen.push({ keys: page.Contents, groups: page.CommonPrefixes, count: page.KeyCount });
    token = page.NextContinuationToken;
  } while (token !== undefined);
  expect(seen).toMatchObject([
    { groups: [{ Prefix: "a/" }], count: 1 },
    { keys: [{ Key: "b" }], count: 1 },
    { groups: [{ Prefix: "c/" }], count: 1 },
    { keys: [{ Key: "d" }], count: 1 },
  ]);
});

test("s3 double: names are encoded as S3 encodes them, and escaped", async () => {
  const s3 = makeS3Double();
  s3.put("names", "a b+c&(é)*~/<\u001b>", Buffer.from("x"));
  const list = (query: string): Promise<DoubleResponse> =>
    s3.handle({
      method: "GET",
      url: new URL(`http://127.0.0.1/names?list-type=2${query}`),
      headers: {},
      body: Buffer.alloc(0),
    });
  expect((await list("&encoding-type=url")).body).toContain(
    "<Key>a+b%2Bc%26%28%C3%A9%29*%7E/%3C%1B%3E</Key>",
  );
  expect((await list("")).body).toContain("<Key>a b+c&amp;(é)*~/&lt;&#x1b;&gt;</Key>");
});

test("s3 double: keys are in the order of UTF-8 bytes", () => {
  const s3 = makeS3Double();
  for (const key of ["🦊", "\uFFFD", "b", "B"]) s3.put("order", key, Buffer.from("x"));
  expect(s3.keys("order")).toEqual(["B", "b", "\uFFFD", "🦊"]);
});

test("s3 double: requests to other services are not its own", () => {
  const s3 = makeS3Double();
  const request = { method: "POST", url: new URL("http://127.0.0.1/"), headers: {}, body: Buffer.alloc(0) };
  expect(s3.nameCall(request)).toBeUndefined();
  expect(s3.nameCall({ ...request, headers: { "x-amz-target": "AWSGlue.GetTables" } })).toBeUndefined();
});
