import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TestFile } from "../fixtures.contract.ts";
import { collect } from "../fixtures.contract.ts";
import { openS3Store } from "./s3-store.ts";
import type { StoreFixture } from "./store.contract.ts";
import { storeContract } from "./store.contract.ts";
import type { Store } from "./store.ts";

/** What moto 5.2 cannot do. */
export const MOTO_SKIPS = [
  { test: /line\\nbreak/, reason: "its web server knows no path with a line break in it, and answers 404" },
];

/** A server that speaks S3; credentials are those of the environment. */
export interface S3Server {
  readonly endpointUrl: string;
  readonly region: string;
  /** Tests that the server cannot pass, by their names, each with its reason. */
  readonly skip?: readonly { readonly test: RegExp; readonly reason: string }[];
}

/** Runs the store's contract on any S3: in one bucket of a random name, which is deleted in the end. */
export function s3ContractOn(name: string, { endpointUrl, region, skip = [] }: S3Server): void {
  const client = new S3Client({ endpoint: endpointUrl, region, forcePathStyle: true });
  const bucket = `ctp-contract-${randomUUID()}`;
  const keys: string[] = [];
  let stores = 0;

  async function open(files: readonly TestFile[]): Promise<StoreFixture> {
    const prefix = `contract/${++stores}`;
    const put = async (key: string, bytes: Uint8Array): Promise<void> => {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/${key}`, Body: bytes }));
      keys.push(`${prefix}/${key}`);
    };
    const remove = async (key: string): Promise<void> => {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${prefix}/${key}` }));
    };
    await forEach(files, ({ key, bytes }) => put(key, bytes));
    const store = openS3Store({ bucket, prefix, aws: { endpointUrl, awsRegion: region } });
    return { store, put, remove, close: () => Promise.resolve() };
  }

  describe(`S3 contract on ${name}`, () => {
    beforeAll(async () => {
      const place =
        region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK's list of Regions ends somewhere
      await client.send(new CreateBucketCommand({ Bucket: bucket, ...place } as { Bucket: string }));
    });
    beforeEach((context) => {
      const known = skip.find((one) => one.test.test(context.task.name));
      if (known !== undefined) context.skip(known.reason);
    });
    afterAll(async () => {
      await forEach(keys, (key) => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
      await client.send(new DeleteBucketCommand({ Bucket: bucket }));
    });
    s3StoreContract(name, open);
  });
}

/** What every store has to do, what a folder on a disk cannot show, and what S3 alone promises. */
export function s3StoreContract(
  name: string,
  open: (files: readonly TestFile[]) => Promise<StoreFixture>,
): void {
  storeContract(name, open);

  async function openWith(...keys: readonly string[]): Promise<Store> {
    return (await open(keys.map((key) => ({ key, bytes: Buffer.from(key.endsWith("/") ? "" : "x") })))).store;
  }

  test(`${name}: a file and a folder of one name are both listed`, async () => {
    const store = await openWith("a", "a/b", "x/a", "x/a/b");
    expect(await collect(store.listChildren(""))).toMatchObject([
      { key: "a" },
      { prefix: "a/" },
      { prefix: "x/" },
    ]);
    expect(await collect(store.listFolders("x/", { levels: 1, infix: "_CloudTrail_" }))).toMatchObject([
      { key: "x/a" },
      { prefix: "x/a/" },
    ]);
  });

  test(`${name}: the empty key of a folder is no child of it, and is nothing in it`, async () => {
    const store = await openWith("a/", "a/b/", "a/c/", "a/c/d", "a/e", "a/f/g/");
    expect(await collect(store.listChildren("a/"))).toMatchObject([
      { prefix: "a/b/" },
      { prefix: "a/c/" },
      { key: "a/e" },
      { prefix: "a/f/" },
    ]);
    expect(await collect(store.listFolders("a/", { levels: 1, infix: "_CloudTrail_" }))).toMatchObject([
      { prefix: "a/c/" },
      { key: "a/e" },
      { prefix: "a/f/" },
    ]);
    expect(await collect(store.listFiles(""))).toMatchObject([{ key: "a/c/d" }, { key: "a/e" }]);
  });

  test(`${name}: listFolders costs one request for the files of many days`, async () => {
    const days = Array.from({ length: 40 }, (_, index) => `2026/${String(index).padStart(2, "0")}/`);
    const store = await openWith(
      ...days.flatMap((day) => [1, 2, 3].map((file) => `${day}111122223333_CloudTrail_${file}`)),
    );
    const listed = await collect(store.listFolders("", { levels: 2, infix: "_CloudTrail_" }));
    expect(listed).toEqual(days.map((prefix) => ({ kind: "folder", prefix })));
    expect(store.requests).toEqual(new Map([["S3 ListObjectsV2", 1]]));
  });
}

/** As many at once as servers that are written for tests can bear. */
const AT_ONCE = 16;

async function forEach<T>(items: readonly T[], run: (item: T) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    await Promise.all(items.slice(start, start + AT_ONCE).map(run));
  }
}
