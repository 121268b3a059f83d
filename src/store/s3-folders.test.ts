import { assert, asyncProperty, constantFrom, array, integer, record } from "fast-check";
import { expect, test } from "vitest";
import { S3DoubleBucket } from "../../test/doubles/s3-double-bucket.ts";
import { collect } from "../fixtures.contract.ts";
import { openMemoryStore } from "./memory-store.ts";
import { listS3Folders } from "./s3-folders.ts";
import type { ListPage, S3Entry } from "./s3-pages.ts";
import { pathOf } from "./s3-pages.ts";
import { compareKeys } from "./store.ts";

/** Pages of a bucket, as small as wanted: what takes 1,000 keys on S3 happens on a few. */
function pagesOf(keys: readonly string[], maxKeys: number): ListPage {
  const bucket = new S3DoubleBucket({ region: undefined, requesterPays: false });
  for (const key of keys) {
    bucket.put(key, { bytes: Buffer.from(""), modified: 0, headers: {}, storageClass: "STANDARD" });
  }
  return ({ prefix, delimiter = "", startAfter = "", token }) => {
    const { objects, groups, next } = bucket.list({ prefix, delimiter, startAfter, token, maxKeys });
    const entries: S3Entry[] = [
      ...objects.map(([key, { etag }]) => ({
        kind: "object" as const,
        key,
        size: 0,
        modified: 0,
        tag: etag.replaceAll(`"`, ""),
      })),
      ...groups.map((group) => ({ kind: "group" as const, prefix: group })),
    ];
    return Promise.resolve({
      entries: entries.toSorted((a, b) => compareKeys(pathOf(a), pathOf(b))),
      token: next,
    });
  };
}

/** Pieces that make folders, infixes inside and across names, and names that sort before and behind a slash. */
const path = array(constantFrom("a", "b", "/", "/", "_I_", "_I", "I_", "!", "0", "\u{10FFFF}"), {
  minLength: 1,
  maxLength: 9,
}).map((parts) => parts.join(""));

const listing = record({
  keys: array(path, { maxLength: 40 }),
  prefix: constantFrom("", "a/", "b/"),
  from: constantFrom("", "a/", "a/b/", "b/a_I_/", "a_I_/b/", "a!/"),
  levels: integer({ min: 1, max: 3 }),
  maxKeys: integer({ min: 1, max: 4 }),
});

test("listS3Folders gives what a plain listing of all keys gives, whatever the names and pages", async () => {
  await assert(
    asyncProperty(listing, async ({ keys, prefix, maxKeys, ...options }) => {
      const memory = openMemoryStore(new Map(keys.map((key) => [key, Buffer.from("")])));
      const expected = await collect(memory.listFolders(prefix, { ...options, infix: "_I_" }));
      const pages = pagesOf(keys, maxKeys);
      expect(await collect(listS3Folders(pages, prefix, { ...options, infix: "_I_" }))).toEqual(expected);
    }),
    { numRuns: 3000, seed: 1 },
  );
});
