import { expect, test } from "vitest";
import { collect } from "../fixtures.contract.ts";
import { openMemoryStore } from "./memory-store.ts";
import { storeContract } from "./store.contract.ts";

storeContract("memory", (files) =>
  Promise.resolve({
    store: openMemoryStore(new Map(files.map(({ key, bytes }) => [key, bytes]))),
    close: () => Promise.resolve(),
  }),
);

test("memory: the URL and the time of change are those that were given", async () => {
  const store = openMemoryStore(new Map([["a", Buffer.from("")]]), { url: "s3://bucket/logs", modified: 7 });
  expect(store.url).toBe("s3://bucket/logs");
  expect(await collect(store.listChildren(""))).toEqual([{ kind: "object", key: "a", size: 0, modified: 7 }]);
});

test("memory: a file that is put in later is seen", async () => {
  const files = new Map<string, Uint8Array>();
  const store = openMemoryStore(files);
  files.set("a", Buffer.from(""));
  expect(await collect(store.listChildren(""))).toHaveLength(1);
});
