import { expect, test } from "vitest";
import { collect } from "../fixtures.contract.ts";
import { lakeStoreContract } from "./lake-store.contract.ts";
import { openMemoryLakeStore } from "./memory-lake-store.ts";

lakeStoreContract("memory", () =>
  Promise.resolve({ lake: openMemoryLakeStore(), close: () => Promise.resolve() }),
);

test("memory: times of change are the given clock's", async () => {
  const files = new Map([["a", Buffer.from("a")]]);
  let now = 7;
  const lake = openMemoryLakeStore(files, { url: "s3://bucket/lake", now: () => now });
  await lake.write("b", [Buffer.from("b")]);
  now = 8;
  await lake.create("c", Buffer.from("c"));
  expect(lake.url).toBe("s3://bucket/lake");
  expect((await collect(lake.listFiles(""))).map(({ modified }) => modified)).toEqual([0, 7, 8]);
  expect([...files.keys()]).toEqual(["a", "b", "c"]);
});

test("memory: what was written is not what the caller does with the bytes later", async () => {
  const lake = openMemoryLakeStore();
  const bytes = Buffer.from("before");
  await lake.write("a", [bytes]);
  await lake.create("b", bytes);
  bytes.write("behind");
  expect(Buffer.from((await lake.read("a")) ?? []).toString()).toBe("before");
  expect(Buffer.from((await lake.read("b")) ?? []).toString()).toBe("before");
});
