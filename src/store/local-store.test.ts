import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collect, errorOf, makeFolder, putFiles, readTree } from "../fixtures.contract.ts";
import { openLocalStore } from "./local-store.ts";
import { storeContract } from "./store.contract.ts";

storeContract("local", async (files) => {
  const folder = await mkdtemp(join(tmpdir(), "ctp-test-"));
  await putFiles(folder, files);
  let later = Date.now() / 1000;
  return {
    store: openLocalStore(folder),
    put: async (key, bytes) => {
      await putFiles(folder, [{ key, bytes }]);
      // The clock of a file system may stand still for some milliseconds.
      await utimes(join(folder, key), ++later, later);
    },
    remove: (key) => rm(join(folder, key)),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

describe("local: links", () => {
  test("to files and folders are followed", async () => {
    const [folder, elsewhere] = [await makeFolder(), await makeFolder()];
    await putFiles(elsewhere, [{ key: "logs/a.txt", bytes: Buffer.from("12345") }]);
    await symlink(join(elsewhere, "logs"), join(folder, "folder"));
    await symlink(join(elsewhere, "logs/a.txt"), join(folder, "file"));
    const store = openLocalStore(folder);
    expect(await collect(store.listChildren(""))).toMatchObject([
      { kind: "object", key: "file", size: 5 },
      { kind: "folder", prefix: "folder/" },
    ]);
    expect(await collect(store.listChildren("folder/"))).toMatchObject([{ key: "folder/a.txt", size: 5 }]);
    expect(await collect(store.listFiles(""))).toMatchObject([
      { key: "file" },
      { key: "folder/a.txt", size: 5 },
    ]);
    expect(Buffer.concat(await collect(store.read("folder/a.txt"))).toString()).toBe("12345");
  });

  test("to folders are in the order of folders", async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, "target"));
    await putFiles(folder, [{ key: "a.txt", bytes: Buffer.from("") }]);
    await symlink("target", join(folder, "a"));
    const entries = await collect(openLocalStore(folder).listChildren(""));
    expect(entries.map((entry) => (entry.kind === "folder" ? entry.prefix : entry.key))).toEqual([
      "a.txt",
      "a/",
      "target/",
    ]);
  });

  test("to nothing are passed over", async () => {
    const folder = await makeFolder();
    await symlink(join(folder, "nothing"), join(folder, "dangling"));
    await putFiles(folder, [{ key: "z.txt", bytes: Buffer.from("") }]);
    expect(await collect(openLocalStore(folder).listChildren(""))).toMatchObject([{ key: "z.txt" }]);
    expect(await collect(openLocalStore(folder).listFiles(""))).toMatchObject([{ key: "z.txt" }]);
  });

  test("to themselves are passed over", async () => {
    const folder = await makeFolder();
    await symlink("loop", join(folder, "loop"));
    await putFiles(folder, [{ key: "z.txt", bytes: Buffer.from("") }]);
    expect(await collect(openLocalStore(folder).listChildren(""))).toMatchObject([{ key: "z.txt" }]);
  });

  test("that lead back are not followed for ever", async () => {
    const [folder, elsewhere] = [await makeFolder("store"), await makeFolder()];
    await putFiles(folder, [{ key: "a/b.txt", bytes: Buffer.from("") }]);
    await putFiles(elsewhere, [{ key: "c.txt", bytes: Buffer.from("") }]);
    await symlink("..", join(folder, "a/up"));
    await symlink(join(folder, ".."), join(folder, "above"));
    await symlink(elsewhere, join(folder, "there"));
    await symlink(folder, join(elsewhere, "back"));
    const files = await collect(openLocalStore(folder).listFiles(""));
    expect(files.map(({ key }) => key)).toEqual(["a/b.txt", "there/c.txt"]);
  });

  test("the folder itself may be one", async () => {
    const folder = await makeFolder();
    await putFiles(folder, [{ key: "target/a.txt", bytes: Buffer.from("") }]);
    await symlink("target", join(folder, "link"));
    const store = openLocalStore(join(folder, "link"));
    expect(await collect(store.listChildren(""))).toMatchObject([{ key: "a.txt" }]);
  });
});

test("local: a relative folder becomes an absolute URL", () => {
  expect(openLocalStore("logs/").url).toBe(join(process.cwd(), "logs"));
});

test("local: keys are paths of its folder", async () => {
  const folder = await makeFolder();
  expect(openLocalStore(`${folder}/`).folder).toBe(folder);
});

test("local: a change by less than a millisecond shows in the tag", async () => {
  const folder = await makeFolder();
  await putFiles(folder, [{ key: "a.txt", bytes: Buffer.from("") }]);
  const tags = new Set<string>();
  for (const time of [1_700_000_000, 1_700_000_000.0003]) {
    await utimes(join(folder, "a.txt"), time, time);
    for await (const { tag } of openLocalStore(folder).listFiles("")) tags.add(tag);
  }
  expect(tags.size).toBe(2);
});

test("local: other work goes on while files are listed", async () => {
  const folder = await makeFolder();
  const names = Array.from({ length: 60 }, (_, index) => `${index}/a`);
  await putFiles(
    folder,
    names.map((key) => ({ key, bytes: Buffer.from("") })),
  );
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  for await (const { key } of openLocalStore(folder).listFiles("")) {
    // As slow as a disk that takes a millisecond a file.
    const start = performance.now();
    while (performance.now() - start < 1) expect(key).toMatch(/a$/);
  }
  clearInterval(timer);
  expect(turns).toBeGreaterThanOrEqual(2);
});

test("local: the time of change is in whole milliseconds", async () => {
  const folder = await makeFolder();
  await putFiles(folder, [{ key: "a.txt", bytes: Buffer.from("") }]);
  await utimes(join(folder, "a.txt"), 1_700_000_000, 1_700_000_000.0005);
  const [entry] = await collect(openLocalStore(folder).listChildren(""));
  expect(entry).toMatchObject({ modified: 1_700_000_000_000 });
});

test.skipIf(process.getuid?.() === 0)(
  "local: a folder that may not be read is said to the user (skipped for root, who may read everything)",
  async () => {
    const folder = await makeFolder("closed");
    await chmod(folder, 0);
    const store = openLocalStore(folder);
    const errors = [
      await errorOf(collect(store.listChildren(""))),
      await errorOf(collect(store.listFiles(""))),
      await errorOf(store.readListed({ key: "a", size: 1, tag: "1" })),
    ];
    await chmod(folder, 0o700);
    for (const error of errors) {
      expect(error).toMatchObject({ name: "UserError", message: expect.stringContaining(folder) });
      expect(String(error)).toContain("permission denied");
    }
  },
);

test("local: listing and reading write nothing", async () => {
  const folder = await makeFolder();
  await putFiles(folder, [{ key: "a/b.txt", bytes: Buffer.from("b") }]);
  await writeFile(join(folder, "c.txt"), "c");
  const before = await readTree(folder);
  const store = openLocalStore(folder);
  await collect(store.listChildren(""));
  await collect(store.listChildren("a/"));
  await collect(store.listChildren("missing/"));
  await collect(store.read("a/b.txt"));
  for await (const object of store.listFiles("")) await store.readListed(object);
  await errorOf(collect(store.read("missing")));
  expect(await readTree(folder)).toEqual(before);
});

test("local: listFolders leaves out folders without anything in them, and follows links", async () => {
  const [folder, elsewhere] = [await makeFolder(), await makeFolder()];
  await putFiles(elsewhere, [{ key: "20/a.txt", bytes: Buffer.from("a") }]);
  await mkdir(join(folder, "2026/10/01"), { recursive: true });
  await mkdir(join(folder, "2026/12"));
  await symlink(elsewhere, join(folder, "2026/11"));
  await symlink("nothing", join(folder, "2026/10/01/dangling"));
  const store = openLocalStore(folder);
  expect(await collect(store.listFolders("", { levels: 3, infix: "_" }))).toEqual([
    { kind: "folder", prefix: "2026/11/20/" },
  ]);
});
