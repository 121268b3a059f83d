import { expect, test } from "vitest";
import { collect } from "../fixtures.contract.ts";
import { openMemoryStore } from "./memory-store.ts";
import { storeContract } from "./store.contract.ts";

storeContract("memory", (files) => {
  const content = new Map(files.map(({ key, bytes }) => [key, bytes]));
  return Promise.resolve({
    store: openMemoryStore(content),
    put: async (key, bytes) => void content.set(key, bytes),
    remove: async (key) => void content.delete(key),
    close: () => Promise.resolve(),
  });
});

test("memory: the URL and the time of change are those that were given", async () => {
  const store = openMemoryStore(new Map([["a", Buffer.from("")]]), { url: "s3://bucket/logs", modified: 7 });
  expect(store.url).toBe("s3://bucket/logs");
  expect(await collect(store.listChildren(""))).toMatchObject([
    { kind: "object", key: "a", size: 0, modified: 7 },
  ]);
});

test("memory: a file that is put in later is seen", async () => {
  const files = new Map<string, Uint8Array>();
  const store = openMemoryStore(files);
  files.set("a", Buffer.from(""));
  expect(await collect(store.listChildren(""))).toHaveLength(1);
});

test("memory: keys are no paths of a folder, and a key that ends in a slash is no file", async () => {
  const store = openMemoryStore(new Map([["a/", Buffer.from("")]]));
  expect(store.folder).toBeUndefined();
  expect(await collect(store.listFiles(""))).toEqual([]);
});
