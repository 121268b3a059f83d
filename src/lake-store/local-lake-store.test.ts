import { mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collect, errorOf, makeFolder, readTree } from "../fixtures.contract.ts";
import { lakeStoreContract } from "./lake-store.contract.ts";
import { explainLinkError } from "./local-lake-parts.ts";
import { openLocalLakeStore } from "./local-lake-store.ts";

const X = Buffer.from("x");

lakeStoreContract("local", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ctp-test-"));
  return {
    lake: openLocalLakeStore(join(folder, "the/lake")),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

test("local: the folder is made by the first file, not by what reads", async () => {
  const folder = await makeFolder();
  const lake = openLocalLakeStore(join(folder, "a/lake/"));
  expect(lake.url).toBe(join(folder, "a/lake"));
  await collect(lake.listFiles(""));
  await lake.read("a");
  await lake.remove(["a", "b/c"]);
  expect(await readdir(folder)).toEqual([]);
  await lake.write("b/c", [X]);
  expect([...(await readTree(folder)).keys()]).toEqual([join(folder, "a/lake/b/c")]);
});

describe("local: remove", () => {
  test("deletes folders that it empties, and none that hold something, nor the lake's own", async () => {
    const folder = await makeFolder();
    const lake = openLocalLakeStore(folder);
    for (const key of ["a/b/c/1", "a/b/2", "d/e/3"]) await lake.write(key, [X]);
    await writeFile(join(folder, "d/notes.txt"), "of somebody else");
    await lake.remove(["a/b/c/1"]);
    expect(await readdir(join(folder, "a/b"))).toEqual(["2"]);
    await lake.remove(["a/b/2", "d/e/3"]);
    expect((await readdir(folder, { recursive: true })).toSorted()).toEqual(["d", "d/notes.txt"]);
    await rm(join(folder, "d"), { recursive: true });
    await lake.write("f", [X]);
    await lake.remove(["f"]);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  test("leaves a folder that is a link where it is", async () => {
    const [folder, elsewhere] = [await makeFolder(), await makeFolder()];
    await symlink(elsewhere, join(folder, "a"));
    const lake = openLocalLakeStore(folder);
    await lake.write("a/b/c", [X]);
    expect(await collect(lake.listFiles("a/"))).toMatchObject([{ key: "a/b/c", size: 1 }]);
    await lake.remove(["a/b/c"]);
    expect(await readdir(elsewhere)).toEqual([]);
    expect(await readdir(folder)).toEqual(["a"]);
  });
});

describe("local: what is half written", () => {
  const LEFTOVER = ".cloudtrail-partitioner-0123456789abcdef.part";

  test("is listed by nobody, and neither is anything else whose name begins with a dot", async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, "a/.hidden"), { recursive: true });
    for (const name of [LEFTOVER, ".DS_Store", "a/.b", "a/.hidden/c", "a/d"])
      await writeFile(join(folder, name), "x");
    expect(await collect(openLocalLakeStore(folder).listFiles(""))).toMatchObject([{ key: "a/d" }]);
  });

  test.each(["write", "create", "remove"] as const)(
    "and is older than an hour is removed with the first %s; nothing else is",
    async (call) => {
      const folder = await makeFolder();
      const others = [
        ".cloudtrail-partitioner-fedcba9876543210.part",
        ".cloudtrail-partitioner-mine.part",
        ".DS_Store",
        "old.part",
      ];
      for (const name of [LEFTOVER, ...others]) await writeFile(join(folder, name), "x");
      for (const name of [LEFTOVER, ...others.slice(1)]) await age(join(folder, name), 61);
      await age(join(folder, others[0] ?? ""), 59);
      const lake = openLocalLakeStore(folder);
      await {
        write: () => lake.write("a", [X]),
        create: () => lake.create("a", X),
        remove: () => lake.remove(["a"]),
      }[call]();
      const left = (await readdir(folder)).filter((name) => name !== "a");
      expect(left.toSorted()).toEqual(others.toSorted());
    },
  );

  test("is not left behind by writes, whether they succeed, fail or are ended", async () => {
    const folder = await makeFolder();
    const lake = openLocalLakeStore(folder);
    await lake.write("a", [X]);
    await lake.create("a", X);
    await lake.create("b", X);
    await errorOf(lake.write("a/b", [X]));
    const stop = new AbortController();
    const writing = lake.write("c", Array<Buffer>(50).fill(Buffer.alloc(100_000)), { signal: stop.signal });
    setTimeout(() => stop.abort(), 1);
    await writing.catch(() => undefined);
    expect((await readdir(folder)).filter((name) => name !== "c")).toEqual(["a", "b"]);
  });
});

describe("local: errors that the user can put right", () => {
  test("a file where a folder should be", async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, "file"), "x");
    for (const [lake, key] of [
      [openLocalLakeStore(folder), "file/b"],
      [openLocalLakeStore(folder), "file/b/c"],
      [openLocalLakeStore(join(folder, "file")), "b"],
      [openLocalLakeStore(join(folder, "file/lake")), "b"],
    ] as const) {
      for (const write of [() => lake.write(key, [X]), () => lake.create(key, X)]) {
        expect(await errorOf(write())).toMatchObject({
          name: "UserError",
          message: expect.stringContaining(join(folder, "file")),
          hint: expect.stringContaining("another folder for the lake"),
        });
      }
    }
    expect(await collect(openLocalLakeStore(join(folder, "file")).listFiles(""))).toEqual([]);
  });

  test("a folder where a file should be", async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, "a/b"), { recursive: true });
    const error = await errorOf(openLocalLakeStore(folder).write("a/b", [X]));
    expect(error).toMatchObject({ name: "UserError", message: expect.stringContaining(join(folder, "a/b")) });
  });

  test("a file system without hard links", () => {
    const refused = Object.assign(new Error("EPERM: operation not permitted, link"), { code: "EPERM" });
    expect(explainLinkError(refused, "/mnt/stick/a")).toMatchObject({
      name: "UserError",
      message: expect.stringContaining("/mnt/stick/a cannot be written: its file system has no hard links"),
      cause: refused,
    });
    const full = Object.assign(new Error("ENOSPC: no space left on device, link"), { code: "ENOSPC" });
    expect(explainLinkError(full, "/mnt/stick/a")).toBe(full);
  });

  test.skipIf(process.getuid?.() === 0)(
    "a folder that may not be written (skipped for root, who may write everywhere)",
    async () => {
      const folder = await makeFolder();
      const lake = openLocalLakeStore(folder);
      await lake.write("a/b", [X]);
      await mkdir(join(folder, "closed"), { mode: 0o500 });
      expect(await errorOf(lake.write("closed/a", [X]))).toMatchObject({
        name: "UserError",
        message: expect.stringContaining("permission denied"),
      });
    },
  );
});

async function age(path: string, minutes: number): Promise<void> {
  const time = Date.now() / 1000 - minutes * 60;
  await utimes(path, time, time);
}
