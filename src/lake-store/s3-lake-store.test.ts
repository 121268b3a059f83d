import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { startAwsDouble } from "../../test/doubles/aws-double.ts";
import { collect, errorOf } from "../fixtures.contract.ts";
import { parseS3Url } from "../store/locate-logs.ts";
import type { LakeStore } from "./lake-store.ts";
import { s3LakeStoreContract } from "./s3-lake-fixture.contract.ts";
import type { S3LakeOptions } from "./s3-lake-store.ts";
import { openS3LakeStore } from "./s3-lake-store.ts";

const double = await startAwsDouble({ recordInputs: false });
afterAll(() => double.close());
beforeEach(() => {
  double.faults.heal();
  double.allowAll();
  double.clearCalls();
});

const AWS = {
  endpointUrl: double.endpoint,
  awsRegion: "us-east-1",
  credentials: double.clientConfig.credentials,
};
const X = Buffer.from("x");
let buckets = 0;

/** A lake in a bucket of its own, which it has for itself unless there is a prefix. */
function openS3(options: Partial<S3LakeOptions> = {}): LakeStore & { readonly bucket: string } {
  const bucket = options.bucket ?? `lake-${++buckets}`;
  if (options.bucket === undefined) double.s3.createBucket(bucket);
  return { ...openS3LakeStore({ prefix: "", aws: AWS, ...options, bucket }), bucket };
}

async function fill({ url }: LakeStore, keys: readonly string[]): Promise<void> {
  const { bucket, path } = parseS3Url(url);
  for (const key of keys) double.s3.put(bucket, path === "" ? key : `${path}/${key}`, X);
}

s3LakeStoreContract(
  "S3 below a prefix",
  () => {
    const lake = openS3({ prefix: "a prefix/été+" });
    for (const key of ["a prefix/été+", "a prefix/été+0/a", "a"]) double.s3.put(lake.bucket, key, X);
    return Promise.resolve({ lake, close: () => Promise.resolve() });
  },
  fill,
);

test.each([
  ["", "s3://logs"],
  ["a/b", "s3://logs/a/b"],
  ["a/b//", "s3://logs/a/b"],
])("S3: the URL of the prefix %j is %s", (prefix, url) => {
  expect(openS3({ bucket: "logs", prefix }).url).toBe(url);
});

test("S3: nothing is touched beside the prefix, and four operations do", async () => {
  const lake = openS3({ prefix: "lake" });
  double.s3.put(lake.bucket, "AWSLogs/a", X);
  await lake.write("a", [X]);
  await lake.create("b", X);
  await lake.read("b");
  await collect(lake.listFiles(""));
  await lake.remove(["a", "AWSLogs/a"]);
  expect(double.s3.keys(lake.bucket)).toEqual(["AWSLogs/a", "lake/b"]);
  expect(double.actionsUsed()).toEqual(
    new Set(["s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:DeleteObject"]),
  );
});

test("S3: the empty key of a folder is no file", async () => {
  const lake = openS3();
  double.s3.put(lake.bucket, "a/", Buffer.from(""));
  await lake.write("a/b", [X]);
  expect(await collect(lake.listFiles("a/"))).toMatchObject([{ key: "a/b" }]);
});

test("S3: a bucket of another Region is followed to it, by writes too", async () => {
  double.s3.createBucket("frankfurt-lake", { region: "eu-central-1" });
  const lake = openS3({ bucket: "frankfurt-lake" });
  await lake.write("a", [X]);
  expect(await lake.create("a", X)).toBe(false);
  await lake.remove(["a"]);
  expect(double.s3.keys("frankfurt-lake")).toEqual([]);
});

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** @param times how often; later calls are answered */
function refuse(operation: string, refusal: Refusal, times = Infinity): void {
  let left = times;
  double.faults.onCall(({ name }) =>
    name === `S3 ${operation}` && left-- > 0 ? { kind: "error", ...refusal } : undefined,
  );
}

const CONFLICT = {
  status: 409,
  code: "ConditionalRequestConflict",
  message: "A conflicting conditional operation is currently in progress",
};

describe("S3: create", () => {
  test("comes again where S3 asks for it", async () => {
    const lake = openS3();
    refuse("PutObject", CONFLICT, 3);
    expect(await lake.create("a", X)).toBe(true);
    expect(lake.requests.get("S3 PutObject")).toBe(4);
  });

  test("is false where another has come first in the meantime", async () => {
    const lake = openS3();
    refuse("PutObject", CONFLICT, 1);
    const creating = lake.create("a", X);
    double.s3.put(lake.bucket, "a", Buffer.from("another's"));
    expect(await creating).toBe(false);
  });

  test("ends with the signal's reason while it waits to come again", async () => {
    const lake = openS3();
    refuse("PutObject", CONFLICT);
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("enough")), 50);
    expect(await errorOf(lake.create("a", X, { signal: stop.signal }))).toMatchObject({ message: "enough" });
  });

  test("is false where the answer to it got lost, though the file is its own", async () => {
    const lake = openS3();
    const isFirst = (): boolean => lake.requests.get("S3 PutObject") === 1;
    double.faults.onCall(() => (isFirst() ? { kind: "drop-after" } : undefined));
    expect(await lake.create("a", Buffer.from("mine"))).toBe(false);
    expect(Buffer.from((await lake.read("a")) ?? []).toString()).toBe("mine");
  });

  test("says what is missing where the server has no conditional writes", async () => {
    const lake = openS3();
    const message = "A header you provided implies functionality that is not implemented";
    refuse("PutObject", { status: 501, code: "NotImplemented", message });
    expect(await errorOf(lake.create("a", X))).toMatchObject({
      name: "UserError",
      message: expect.stringContaining("no conditional writes (PutObject with If-None-Match)"),
      hint: expect.stringContaining("a bucket of S3"),
    });
  });
});

describe("S3: remove", () => {
  test("deletes what it may, and names what it may not", async () => {
    const lake = openS3();
    for (const key of ["a", "b", "c"]) await lake.write(key, [X]);
    double.deny("s3:DeleteObject", `arn:aws:s3:::${lake.bucket}/b`);
    expect(await errorOf(lake.remove(["a", "b", "c"]))).toMatchObject({
      name: "UserError",
      message: expect.stringContaining(`not allowed: s3:DeleteObject on s3://${lake.bucket}/b`),
    });
    expect(double.s3.keys(lake.bucket)).toEqual(["b"]);
  });

  test.each([
    ["SlowDown", 1],
    ["InternalError", 2],
  ])("asks again for keys that S3 answers with %s", async (code, times) => {
    const lake = openS3();
    for (const key of ["a", "b"]) await lake.write(key, [X]);
    let left = times;
    double.faults.onCall(({ name }) =>
      name === "S3 DeleteObjects" && left-- > 0
        ? {
            kind: "answer",
            body: `<DeleteResult><Error><Key>b</Key><Code>${code}</Code><Message>later</Message></Error></DeleteResult>`,
          }
        : undefined,
    );
    await lake.remove(["a", "b"]);
    // The first answer told of "a" that it was deleted; it is asked for no more.
    expect(double.s3.keys(lake.bucket)).toEqual(["a"]);
    expect(lake.requests.get("S3 DeleteObjects")).toBe(times + 1);
  });
});

describe("S3: errors that the user can put right", () => {
  test.each<[string, string, (lake: LakeStore) => Promise<unknown>]>([
    ["s3:PutObject", "/a", (lake) => lake.write("a", [X])],
    ["s3:PutObject", "/a", (lake) => lake.create("a", X)],
    ["s3:GetObject", "/a", (lake) => lake.read("a")],
    ["s3:DeleteObject", "/a", (lake) => lake.remove(["a"])],
    ["s3:ListBucket", "", (lake) => collect(lake.listFiles(""))],
  ])("%s is denied on the bucket%s", async (action, path, call) => {
    const lake = openS3();
    double.deny(action);
    const error = await errorOf(call(lake));
    expect(error).toMatchObject({
      name: "UserError",
      message: expect.stringContaining(`not allowed: ${action} on s3://${lake.bucket}${path}`),
      hint: expect.stringContaining(`allow ${action} on s3://${lake.bucket}`),
    });
    expect((error as { hint: string }).hint).not.toContain("requester");
  });

  test("a bucket that does not exist", async () => {
    const lake = openS3({ bucket: "nobody" });
    const calls = [
      () => lake.write("a", [X]),
      () => lake.create("a", X),
      () => lake.read("a"),
      () => lake.remove(["a"]),
    ];
    for (const call of calls) {
      expect(await errorOf(call())).toMatchObject({
        name: "UserError",
        message: "there is no bucket nobody",
      });
    }
  });

  test("the key of the bucket", async () => {
    const lake = openS3();
    const message = "User: x is not authorized to perform: kms:GenerateDataKey on resource: y";
    refuse("PutObject", { status: 403, code: "AccessDenied", message });
    expect(await errorOf(lake.write("a", [X]))).toMatchObject({
      name: "UserError",
      hint: expect.stringContaining("kms:GenerateDataKey on the key of the lake's bucket"),
    });
  });
});

test("S3: what breaks off is written and read again", async () => {
  const lake = openS3();
  const bytes = Buffer.alloc(200_000, "abc");
  double.faults.onCall(() => (lake.requests.get("S3 PutObject") === 1 ? { kind: "drop" } : undefined));
  await lake.write("a", [bytes]);
  double.faults.onCall(() => (lake.requests.get("S3 GetObject") === 1 ? { kind: "cut" } : undefined));
  expect(Buffer.compare((await lake.read("a")) ?? X, bytes)).toBe(0);
});

test("S3: a write that the signal ends on its way leaves nothing", async () => {
  const lake = openS3();
  const stop = new AbortController();
  double.faults.onCall(() => {
    setTimeout(() => stop.abort(new Error("enough")), 20);
    return { kind: "delay", ms: 5000 };
  });
  const writing = lake.write("a", [Buffer.alloc(1_000_000)], { signal: stop.signal });
  expect(await errorOf(writing)).toMatchObject({ message: "enough" });
});
