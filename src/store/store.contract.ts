import { describe, expect, onTestFinished, test } from "vitest";
import type { TestFile } from "../fixtures.contract.ts";
import { collect, errorOf } from "../fixtures.contract.ts";
import type { Store, StoreEntry } from "./store.ts";
import { compareKeys } from "./store.ts";

/** A store that holds the files, and nothing else. */
export interface StoreFixture {
  readonly store: Store;
  close(): Promise<void>;
}

function text(key: string, content = key): TestFile {
  return { key, bytes: Buffer.from(content) };
}

/** What every store has to do, whichever it is. */
export function storeContract(
  name: string,
  open: (files: readonly TestFile[]) => Promise<StoreFixture>,
): void {
  async function openWith(...files: readonly TestFile[]): Promise<Store> {
    const { store, close } = await open(files);
    onTestFinished(close);
    return store;
  }

  describe(`${name}: listChildren`, () => {
    test("gives files with their keys and sizes, and folders once each with their slash", async () => {
      const store = await openWith(
        text("a.txt", "12345"),
        text("b/1.txt"),
        text("b/2.txt"),
        text("c/d/e.txt"),
      );
      expect(await collect(store.listChildren(""))).toEqual([
        { kind: "object", key: "a.txt", size: 5, modified: expect.any(Number) },
        { kind: "folder", prefix: "b/" },
        { kind: "folder", prefix: "c/" },
      ]);
    });

    test("gives the direct children of a folder only, with whole keys", async () => {
      const store = await openWith(
        text("a/b/c.txt"),
        text("a/b/d/e.txt"),
        text("a/bc/f.txt"),
        text("b/c.txt"),
      );
      expect(await list(store, "a/")).toEqual(["a/b/", "a/bc/"]);
      expect(await list(store, "a/b/")).toEqual(["a/b/c.txt", "a/b/d/"]);
    });

    test("gives nothing for a folder that does not exist", async () => {
      const store = await openWith(text("a/b.txt"));
      expect(await list(store, "b/")).toEqual([]);
      expect(await list(store, "a/c/")).toEqual([]);
      expect(await list(store, "a/b.txt/")).toEqual([]);
    });

    test("gives nothing for a store without files", async () => {
      expect(await list(await openWith())).toEqual([]);
    });

    test.each<[string, string[]]>([
      ["capitals, digits and small letters", ["-", "0", "A", "Z", "_", "a", "z", "~"]],
      ["numbers as text", ["1", "10", "2"]],
      ["a file before the folder of the same beginning", ["a", "a.txt", "a/x", "a0"]],
      ["a folder after what sorts before its slash", ["a!", "a-b", "a.txt", "a/x", "ab"]],
      [
        "the last of the basic plane before what lies beyond it",
        ["z", "é", "日", "\uE000", "\uFF5E", "\uFFFD", "🦊"],
      ],
      ["accents composed and apart", ["e\u0301", "f", "\u00E9"]],
    ])("is in the order of UTF-8 bytes: %s", async (_, expected) => {
      const names = expected.filter((each) => !expected.some((other) => other.startsWith(`${each}/`)));
      const store = await openWith(...names.toReversed().map((each) => text(each)));
      const listed = await list(store);
      expect(listed).toEqual(names.map((each) => each.replace(/\/.*/, "/")));
      expect(listed).toEqual(listed.toSorted(compareKeys));
    });

    test("gives all of 1,500 children, in order", async () => {
      const keys = Array.from({ length: 1500 }, (_, index) => `many/${String(index).padStart(4, "0")}.txt`);
      const folders = Array.from(
        { length: 1500 },
        (_, index) => `folders/${String(index).padStart(4, "0")}/x`,
      );
      const store = await openWith(...[...keys, ...folders].toReversed().map((key) => text(key, "x")));
      expect(await list(store, "many/")).toEqual(keys);
      expect(await list(store, "folders/")).toEqual(folders.map((key) => key.slice(0, -1)));
    });

    test("can be read a second time, and two at once", async () => {
      const store = await openWith(text("a.txt"), text("b.txt"));
      expect(await Promise.all([list(store), list(store)])).toEqual([
        ["a.txt", "b.txt"],
        ["a.txt", "b.txt"],
      ]);
      expect(await list(store)).toEqual(["a.txt", "b.txt"]);
    });

    test("can be left half way", async () => {
      const store = await openWith(text("a.txt"), text("b.txt"));
      for await (const entry of store.listChildren("")) {
        expect(pathOf(entry)).toBe("a.txt");
        break;
      }
      expect(await list(store)).toHaveLength(2);
    });

    test("ends with the signal's reason", async () => {
      const store = await openWith(text("a.txt"), text("b.txt"));
      const signal = AbortSignal.abort();
      expect(await errorOf(collect(store.listChildren("", { signal })))).toMatchObject({
        name: "AbortError",
      });
    });
  });

  const ODD_NAMES = [
    "with spaces",
    " leading and trailing ",
    "it's",
    'say "yes"',
    "line\nbreak",
    "tab\there",
    "back\\slash",
    "*?[a-z]{x,y}",
    "100%25+&#;$HOME`id`",
    "-rf",
    "...",
    ".hidden",
    "_hidden",
    "日本語 été 🦊",
    "e\u0301",
    "a:b|c<d>",
    "=cmd|'C calc'!A0",
    "\u001b[31mred",
  ];

  test.each(ODD_NAMES)(
    `${name}: a folder and a file named %j are listed and read as they are`,
    async (odd) => {
      const key = `${odd}/${odd}`;
      const store = await openWith(text(key, "content"));
      expect(await list(store)).toEqual([`${odd}/`]);
      expect(await list(store, `${odd}/`)).toEqual([key]);
      expect((await read(store, key)).toString()).toBe("content");
    },
  );

  describe(`${name}: read`, () => {
    test.each([
      ["no bytes", Buffer.alloc(0)],
      ["all bytes there are", Buffer.from(Array.from({ length: 256 }, (_, index) => index))],
      ["many bytes", Buffer.alloc(300_000, "0123456789abcdef-")],
    ])("gives the whole of a file of %s", async (_, bytes) => {
      const store = await openWith({ key: "a/b.bin", bytes });
      const whole = await read(store, "a/b.bin");
      expect(whole.equals(bytes)).toBe(true);
    });

    test.each(["missing.txt", "a/missing.txt", "a.txt/b", "a"])(
      "of %s, which is missing, names it",
      async (key) => {
        const store = await openWith(text("a.txt"), text("a/b.txt"));
        expect(await errorOf(read(store, key))).toMatchObject({
          name: "UserError",
          message: expect.stringContaining(key),
        });
      },
    );

    test("ends with the signal's reason", async () => {
      const store = await openWith(text("a.txt"));
      expect(await errorOf(read(store, "a.txt", AbortSignal.abort()))).toMatchObject({ name: "AbortError" });
    });
  });

  test(`${name}: the URL has no slash at its end`, async () => {
    expect((await openWith()).url).toMatch(/[^/]$/);
  });
}

function pathOf(entry: StoreEntry): string {
  return entry.kind === "folder" ? entry.prefix : entry.key;
}

async function read(store: Store, key: string, signal?: AbortSignal): Promise<Buffer> {
  return Buffer.concat(await collect(store.read(key, { signal })));
}

async function list(store: Store, prefix = ""): Promise<string[]> {
  return (await collect(store.listChildren(prefix))).map(pathOf);
}
