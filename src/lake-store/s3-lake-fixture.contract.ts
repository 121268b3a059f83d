import { CreateBucketCommand, DeleteBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../fixtures.contract.ts";
import type { LakeFixture } from "./lake-store.contract.ts";
import { lakeStoreContract } from "./lake-store.contract.ts";
import type { LakeStore } from "./lake-store.ts";
import { openS3LakeStore } from "./s3-lake-store.ts";

/** A server that speaks S3, of us-east-1; credentials are those of the environment. */
export interface LakeServer {
  readonly endpointUrl: string;
}

/** Runs the lake's contract on any S3: in one bucket of a random name, which is deleted in the end. */
export function lakeContractOn(name: string, { endpointUrl }: LakeServer): void {
  const client = new S3Client({ endpoint: endpointUrl, region: "us-east-1", forcePathStyle: true });
  const bucket = `ctp-lake-${randomUUID()}`;
  let lakes = 0;

  function open(): Promise<LakeFixture> {
    const aws = { endpointUrl, awsRegion: "us-east-1" };
    const lake = openS3LakeStore({ bucket, prefix: `lakes/${++lakes}`, aws });
    const close = async (): Promise<void> => {
      await lake.remove((await collect(lake.listFiles(""))).map(({ key }) => key));
    };
    return Promise.resolve({ lake, close });
  }

  describe(`S3 lake contract on ${name}`, () => {
    beforeAll(() => client.send(new CreateBucketCommand({ Bucket: bucket })));
    afterAll(() => client.send(new DeleteBucketCommand({ Bucket: bucket })));
    s3LakeStoreContract(name, open, putAll);
  });
}

/** @param fill puts files of one byte into a lake */
export function s3LakeStoreContract(
  name: string,
  open: () => Promise<LakeFixture>,
  fill: (lake: LakeStore, keys: readonly string[]) => Promise<void>,
): void {
  lakeStoreContract(name, open);

  test(`${name}: 1,050 files are deleted with two requests`, async () => {
    const { lake, close } = await open();
    const keys = Array.from({ length: 1050 }, (_, index) => `a/${index}`);
    await fill(lake, keys);
    expect(await collect(lake.listFiles(""))).toHaveLength(1050);
    await lake.remove(keys);
    expect(await collect(lake.listFiles(""))).toEqual([]);
    expect(lake.requests.get("S3 DeleteObjects")).toBe(2);
    await close();
  });
}

/** As many at once as servers that are written for tests can bear. */
const AT_ONCE = 16;

async function putAll(lake: LakeStore, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += AT_ONCE)
    await Promise.all(keys.slice(start, start + AT_ONCE).map((key) => lake.write(key, [Buffer.from("x")])));
}
