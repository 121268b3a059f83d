import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startAwsDouble } from "../../test/doubles/aws-double.ts";
import type { TestFile } from "../fixtures.contract.ts";
import { collect, errorOf } from "../fixtures.contract.ts";
import { s3StoreContract } from "./s3-fixture.contract.ts";
import type { S3StoreOptions } from "./s3-store.ts";
import { openS3Store } from "./s3-store.ts";
import type { StoreFixture } from "./store.contract.ts";
import type { Store } from "./store.ts";

const double = await startAwsDouble({ recordInputs: false });
afterAll(() => double.close());
beforeEach(() => {
  double.faults.heal();
  double.allowAll();
});

const AWS = {
  endpointUrl: double.endpoint,
  awsRegion: "us-east-1",
  credentials: double.clientConfig.credentials,
};
let buckets = 0;

function openS3(options: Partial<S3StoreOptions> = {}): Store {
  return openS3Store({ bucket: "logs", prefix: "", aws: AWS, ...options });
}

/** A store over a bucket of its own that holds the files and, beside the prefix, others. */
function openFilled(prefix: string, files: readonly TestFile[]): Promise<StoreFixture> {
  const bucket = `bucket-${++buckets}`;
  double.s3.createBucket(bucket);
  const base = prefix === "" ? "" : `${prefix}/`;
  for (const { key, bytes } of files) double.s3.put(bucket, `${base}${key}`, bytes);
  if (prefix !== "") {
    for (const key of [prefix, `${prefix}.txt`, `${prefix}0/a`])
      double.s3.put(bucket, key, Buffer.from("beside"));
  }
  return Promise.resolve({
    store: openS3({ bucket, prefix }),
    put: async (key, bytes) => double.s3.put(bucket, `${base}${key}`, bytes),
    remove: async (key) => double.s3.remove(bucket, `${base}${key}`),
    close: () => Promise.resolve(),
  });
}

s3StoreContract("S3", (files) => openFilled("", files));
s3StoreContract("S3 below a prefix", (files) => openFilled("a prefix/été+_CloudTrail_", files));

test.each([
  ["", "s3://logs"],
  ["/", "s3://logs"],
  ["a/b", "s3://logs/a/b"],
  ["a/b//", "s3://logs/a/b"],
])("S3: the URL of the prefix %j is %s", (prefix, url) => {
  expect(openS3({ prefix }).url).toBe(url);
});

const INFIX = "_CloudTrail_";

/** Folders of so many days, which need not be days of a calendar. */
function daysOf(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `us/${2000 + Math.floor(index / 100)}/${String(index % 100).padStart(2, "0")}/`,
  );
}

function filesOf(folders: readonly string[], { files, infix }: { files: number; infix: string }): TestFile[] {
  const bytes = Buffer.from("x");
  return folders.flatMap((folder) =>
    Array.from({ length: files }, (_, index) => ({
      key: `${folder}111122223333${infix}${index}.json.gz`,
      bytes,
    })),
  );
}

describe("S3: listFolders costs", () => {
  test.each([
    { days: 90, files: 50, infix: INFIX, requests: 1 },
    { days: 3500, files: 2, infix: INFIX, requests: 4 },
    { days: 1000, files: 2, infix: INFIX, requests: 1 },
    { days: 1001, files: 2, infix: INFIX, requests: 2 },
    { days: 1, files: 30_000, infix: "_", requests: 2 },
    { days: 5, files: 4000, infix: "_", requests: 6 },
    { days: 90, files: 50, infix: "_", requests: 5 },
  ])("$requests for $days days of $files files with $infix in their names", async ({ requests, ...made }) => {
    const days = daysOf(made.days);
    const { store } = await openFilled("", filesOf(days, made));
    const listed = await collect(store.listFolders("us/", { levels: 2, infix: INFIX }));
    expect(listed).toEqual(days.map((prefix) => ({ kind: "folder", prefix })));
    expect(store.requests).toEqual(new Map([["S3 ListObjectsV2", requests]]));
  });

  test("what comes from a day on, and nothing for the days before", async () => {
    const days = daysOf(3500);
    const { store } = await openFilled("", filesOf(days, { files: 2, infix: INFIX }));
    const from = days[2700] ?? "";
    const listed = await collect(store.listFolders("us/", { levels: 2, infix: INFIX, from }));
    expect(listed).toEqual(days.slice(2700).map((prefix) => ({ kind: "folder", prefix })));
    expect(store.requests).toEqual(new Map([["S3 ListObjectsV2", 1]]));
  });

  test("few requests where every file's name has the infix in another place", async () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => `us/01/${index}${INFIX}`);
    const { store } = await openFilled(
      "",
      [...keys, "us/02/x"].map((key) => ({ key, bytes: Buffer.from("x") })),
    );
    expect(await collect(store.listFolders("us/", { levels: 1, infix: INFIX }))).toHaveLength(2);
    expect(store.requests).toEqual(new Map([["S3 ListObjectsV2", 2]]));
  });
});

describe("S3: listFiles costs", () => {
  test.each([
    { from: "", keys: 2500, requests: 3 },
    { from: "us/2012/50/", keys: 1250, requests: 2 },
    { from: `us/2022/99/111122223333${INFIX}0`, keys: 201, requests: 1 },
    { from: "us/2024/99/1112", keys: 0, requests: 1 },
    { from: "ut", keys: 0, requests: 0 },
  ])("$requests requests for $keys files from $from", async ({ from, keys, requests }) => {
    const { store } = await openFilled("", filesOf(daysOf(2500), { files: 1, infix: INFIX }));
    expect(await collect(store.listFiles("us/", { from }))).toHaveLength(keys);
    expect(store.requests.get("S3 ListObjectsV2") ?? 0).toBe(requests);
  });
});

test("S3: a folder is left behind even where its keys sort behind all others", async () => {
  const last = "\u{10FFFF}";
  const keys = Array.from({ length: 2500 }, (_, index) => `01/${last}${String(index).padStart(4, "0")}`);
  const { store } = await openFilled(
    "",
    [...keys, "02/x"].map((key) => ({ key, bytes: Buffer.from("x") })),
  );
  expect(await collect(store.listFolders("", { levels: 1, infix: INFIX }))).toEqual([
    { kind: "folder", prefix: "01/" },
    { kind: "folder", prefix: "02/" },
  ]);
});

test("S3: the time of change is that of S3, and the tag is the ETag without quotes", async () => {
  double.s3.put("times", "a", Buffer.from("1"), { modified: 1_700_000_000_000 });
  expect(await collect(openS3({ bucket: "times" }).listChildren(""))).toEqual([
    {
      kind: "object",
      key: "a",
      size: 1,
      modified: 1_700_000_000_000,
      tag: "c4ca4238a0b923820dcc509a6f75849b",
    },
  ]);
});

test("S3: 64 listings at once are sent at once", async () => {
  const { store } = await openFilled("", [{ key: "a/b", bytes: Buffer.from("x") }]);
  let [open, most] = [0, 0];
  double.faults.onCall(() => {
    most = Math.max(most, ++open);
    setTimeout(() => open--, 200);
    return { kind: "delay", ms: 200 };
  });
  await Promise.all(Array.from({ length: 64 }, () => collect(store.listChildren("a/"))));
  expect(most).toBe(64);
});

describe("S3: a bucket of another Region", () => {
  test("is followed to it once, not once a request", async () => {
    double.s3.createBucket("frankfurt", { region: "eu-central-1" });
    for (const { key, bytes } of filesOf(daysOf(3), { files: 1, infix: INFIX }))
      double.s3.put("frankfurt", key, bytes);
    const store = openS3({ bucket: "frankfurt" });
    expect(await collect(store.listChildren("us/"))).toHaveLength(1);
    await Promise.all(daysOf(3).map((day) => collect(store.listChildren(day))));
    await collect(store.read(`${daysOf(1)[0]}111122223333${INFIX}0.json.gz`));
    expect(store.requests).toEqual(
      new Map([
        ["S3 ListObjectsV2", 5],
        ["S3 GetObject", 1],
      ]),
    );
  });

  test("is followed by requests that are on their way at once", async () => {
    double.s3.createBucket("paris", { region: "eu-west-3" });
    double.s3.put("paris", "a/b", Buffer.from("x"));
    const store = openS3({ bucket: "paris" });
    const listings = await Promise.all(Array.from({ length: 20 }, () => collect(store.listChildren("a/"))));
    expect(listings.flat()).toHaveLength(20);
  });

  test("is found without any Region in the settings", async () => {
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_CONFIG_FILE", "/nothing");
    double.s3.createBucket("milan", { region: "eu-south-1" });
    double.s3.put("milan", "a", Buffer.from("x"));
    const store = openS3({ bucket: "milan", aws: { ...AWS, awsRegion: undefined } });
    expect(await collect(store.listChildren(""))).toHaveLength(1);
    vi.unstubAllEnvs();
  });

  test("that will not have its own Region either is named with it", async () => {
    refuseWith({
      status: 400,
      code: "AuthorizationHeaderMalformed",
      message: "the region 'us-east-1' is wrong; expecting 'ap-south-1'",
    });
    expect(await errorOf(collect(openS3().listChildren("")))).toMatchObject({
      name: "UserError",
      message: expect.stringContaining("the bucket logs lies in the Region ap-south-1"),
      hint: expect.stringContaining("--aws-region ap-south-1"),
    });
  });
});

describe("S3: a bucket whose requester pays", () => {
  test("is read with request_payer", async () => {
    double.s3.createBucket("paid", { requesterPays: true });
    double.s3.put("paid", "a", Buffer.from("x"));
    const store = openS3({ bucket: "paid", requestPayer: true });
    expect(await collect(store.listChildren(""))).toHaveLength(1);
    expect(await collect(store.read("a"))).toHaveLength(1);
  });

  test("is hinted at where access is denied", async () => {
    double.s3.createBucket("paid", { requesterPays: true });
    expect(await errorOf(collect(openS3({ bucket: "paid" }).listChildren("")))).toMatchObject({
      message: expect.stringContaining("s3:ListBucket on s3://paid"),
      hint: expect.stringContaining("request_payer: requester"),
    });
  });
});

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

function refuseWith(refusal: Refusal): void {
  double.faults.onCall(() => ({ kind: "error", ...refusal }));
}

describe("S3: errors that the user can put right", () => {
  test("a bucket that does not exist", async () => {
    for (const pending of [
      collect(openS3({ bucket: "nobody" }).listChildren("")),
      collect(openS3({ bucket: "nobody" }).listFolders("", { levels: 1, infix: INFIX })),
      collect(openS3({ bucket: "nobody" }).listFiles("")),
      collect(openS3({ bucket: "nobody" }).read("a")),
      openS3({ bucket: "nobody" }).readListed({ key: "a", size: 1, tag: "1" }),
    ]) {
      expect(await errorOf(pending)).toMatchObject({
        name: "UserError",
        message: "there is no bucket nobody",
      });
    }
  });

  test("a key that does not exist", async () => {
    const { store } = await openFilled("prefix", []);
    expect(await errorOf(collect(store.read("a/b")))).toMatchObject({
      name: "UserError",
      message: `there is no file ${store.url}/a/b`,
    });
  });

  test("access denied", async () => {
    double.s3.put("logs", "a", Buffer.from("x"));
    double.deny("s3:ListBucket");
    double.deny("s3:GetObject");
    const [listed, read] = [
      errorOf(collect(openS3().listChildren(""))),
      errorOf(collect(openS3().read("a"))),
    ];
    expect(await listed).toMatchObject({
      hint: expect.stringContaining("allow s3:ListBucket on s3://logs;"),
    });
    expect(await read).toMatchObject({ hint: expect.stringContaining("allow s3:GetObject on s3://logs/a;") });
  });

  test.each<Refusal>([
    {
      status: 403,
      code: "AccessDenied",
      message: "User: x is not authorized to perform: kms:Decrypt on resource: y",
    },
    {
      status: 403,
      code: "AccessDenied",
      message: "The ciphertext refers to a customer master key that does not exist",
    },
    { status: 400, code: "KMS.DisabledException", message: "arn:aws:kms:us-east-1:1:key/2 is disabled." },
    { status: 400, code: "KMS.KMSInvalidStateException", message: "arn is pending deletion." },
  ])("a key of KMS: $code, $message", async (refusal) => {
    refuseWith(refusal);
    expect(await errorOf(collect(openS3().read("a")))).toMatchObject({
      name: "UserError",
      message: expect.stringContaining("s3://logs/a"),
      hint: expect.stringContaining("kms:Decrypt on the trail's key"),
    });
  });

  test("an object in an archive", async () => {
    double.s3.put("logs", "old", Buffer.from("x"), { storageClass: "GLACIER" });
    expect(await errorOf(collect(openS3().read("old")))).toMatchObject({
      name: "UserError",
      message: expect.stringContaining("s3://logs/old is in an archive"),
      hint: expect.stringContaining("restore"),
    });
  });
});

test("S3: throttling and dropped connections are got over", async () => {
  const { store } = await openFilled("", [{ key: "a", bytes: Buffer.from("x") }]);
  double.clearCalls();
  double.faults.onCall(({ index }) =>
    index <= 2 ? { kind: "throttle" } : index === 3 ? { kind: "drop" } : undefined,
  );
  expect(await collect(store.listChildren(""))).toHaveLength(1);
  expect(store.requests).toEqual(new Map([["S3 ListObjectsV2", 4]]));
});

describe("S3: readListed", () => {
  const BYTES = Buffer.alloc(3_000_000, "0123456789abcdef-");

  test("asks for the very object that was listed, in one request", async () => {
    const { store } = await openFilled("prefix", [{ key: "a", bytes: BYTES }]);
    const [object] = await collect(store.listFiles(""));
    expect(Buffer.compare(await store.readListed(object!), BYTES)).toBe(0);
    expect(store.requests.get("S3 GetObject")).toBe(1);
  });

  test("gets over answers that break off, and gives up on those that always do", async () => {
    const { store } = await openFilled("", [{ key: "a", bytes: BYTES }]);
    const [object] = await collect(store.listFiles(""));
    double.clearCalls();
    double.faults.onCall(({ index }) => (index <= 2 ? { kind: "cut" } : undefined));
    expect(Buffer.compare(await store.readListed(object!), BYTES)).toBe(0);
    double.faults.onCall(() => ({ kind: "cut" }));
    expect(await errorOf(store.readListed(object!))).toMatchObject({
      name: "UserError",
      message: expect.stringContaining("s3:GetObject on s3://"),
    });
  });

  test("ends with the signal's reason in the middle of an answer", async () => {
    const { store } = await openFilled("", [{ key: "a", bytes: BYTES }]);
    const [object] = await collect(store.listFiles(""));
    const stop = new AbortController();
    double.faults.onCall(() => {
      setTimeout(() => stop.abort(new Error("enough")), 100);
      return { kind: "stall" };
    });
    const reading = store.readListed(object!, { signal: stop.signal });
    expect(await errorOf(reading)).toMatchObject({ message: "enough" });
  });

  test("names what is denied, and what is in an archive", async () => {
    double.s3.put("logs", "old", Buffer.from("x"), { storageClass: "GLACIER" });
    double.s3.put("logs", "a", Buffer.from("x"));
    double.deny("s3:GetObject", "arn:aws:s3:::logs/a");
    const store = openS3();
    for (const [key, message] of [
      ["a", "not allowed: s3:GetObject on s3://logs/a"],
      ["old", "s3://logs/old is in an archive"],
    ] as const) {
      const object = (await collect(store.listFiles(""))).find((one) => one.key === key);
      expect(await errorOf(store.readListed(object!))).toMatchObject({
        name: "UserError",
        message: expect.stringContaining(message),
      });
    }
  });

  test("pays where the requester pays", async () => {
    double.s3.createBucket("paid", { requesterPays: true });
    double.s3.put("paid", "a", Buffer.from("x"));
    const store = openS3({ bucket: "paid", requestPayer: true });
    const object = (await collect(store.listFiles(""))).find(({ key }) => key === "a");
    expect(await store.readListed(object!)).toHaveLength(1);
  });
});

describe("S3: the signal ends", () => {
  test("a listing between two pages, with its reason", async () => {
    const { store } = await openFilled("", filesOf(["a/"], { files: 2500, infix: INFIX }));
    const stop = new AbortController();
    double.faults.onCall(({ index }) => (index > 1 ? { kind: "delay", ms: 5000 } : undefined));
    double.clearCalls();
    const listing = store.listChildren("a/", { signal: stop.signal });
    const reading = (async () => {
      let seen = 0;
      for await (const _ of listing)
        if (++seen === 1000) setTimeout(() => stop.abort(new Error("enough")), 20);
    })();
    expect(await errorOf(reading)).toMatchObject({ message: "enough" });
  });

  test("a reading half way, with its reason", async () => {
    const { store } = await openFilled("", [{ key: "big", bytes: Buffer.alloc(20_000_000) }]);
    const stop = new AbortController();
    const reading = (async () => {
      for await (const _ of store.read("big", { signal: stop.signal })) stop.abort(new Error("enough"));
    })();
    expect(await errorOf(reading)).toMatchObject({ message: "enough" });
  });
});

test("a server that gives one page again and again is told from S3", async () => {
  const page =
    "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken>" +
    "<Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>";
  const server = createServer((_, response) => response.end(page));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const listing = collect(openS3({ aws: { ...AWS, endpointUrl } }).listChildren(""));
    expect(await errorOf(listing)).toMatchObject({
      name: "UserError",
      message: expect.stringContaining("the same page of keys again and again"),
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
