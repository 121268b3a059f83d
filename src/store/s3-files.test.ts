import { assert, asyncProperty, array, constantFrom, integer, record } from "fast-check";
import { expect, test } from "vitest";
import { S3DoubleBucket } from "../../test/doubles/s3-double-bucket.ts";
import { collect } from "../fixtures.contract.ts";
import { openMemoryStore } from "./memory-store.ts";
import { listS3Files } from "./s3-files.ts";
import type { ListPage } from "./s3-pages.ts";

/** Pages of a bucket, as small as wanted. */
function pagesOf(keys: readonly string[], maxKeys: number): ListPage {
  const bucket = new S3DoubleBucket({ region: undefined, requesterPays: false });
  for (const key of keys)
    bucket.put(key, { bytes: Buffer.from(""), modified: 0, headers: {}, storageClass: "STANDARD" });
  return ({ prefix, startAfter = "", token }) => {
    const { objects, next } = bucket.list({ prefix, delimiter: "", startAfter, token, maxKeys });
    const entries = objects.map(([key]) => ({ kind: "object" as const, key, size: 0, modified: 0, tag: "" }));
    return Promise.resolve({ entries, token: next });
  };
}

/** What sorts before and behind a slash, at the edges of what UTF-16 can say, and characters next to each other. */
const PIECES = [
  "a",
  "b",
  "c",
  "/",
  "/",
  "!",
  " ",
  "0",
  "\u0001",
  "\uD7FF",
  "\uE000",
  "\u{10000}",
  "\u{10FFFF}",
];

const path = array(constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));

const listing = record({
  keys: array(path, { maxLength: 30 }),
  prefix: constantFrom("", "a/", "b/"),
  from: path,
  maxKeys: integer({ min: 1, max: 4 }),
});

test("listS3Files gives what a plain listing of all keys gives, whatever the names and pages", async () => {
  await assert(
    asyncProperty(listing, async ({ keys, prefix, from, maxKeys }) => {
      const memory = openMemoryStore(new Map(keys.map((key) => [key, Buffer.from("")])));
      const expected = (await collect(memory.listFiles(prefix, { from }))).map(({ key }) => key);
      const listed = await collect(listS3Files(pagesOf(keys, maxKeys), prefix, { from }));
      expect(listed.map(({ key }) => key)).toEqual(expected);
    }),
    { numRuns: 2000, seed: 1 },
  );
});
