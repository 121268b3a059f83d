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

const INFIX = "_CloudTrail_";

/** A file with the infix in its name, as CloudTrail names its own. */
function log(folder: string, number: number): TestFile {
  return text(`${folder}111122223333${INFIX}us-east-1_${number}.json.gz`, "x");
}

const ALL_FOLDERS = [
  "us/2025/12/31/",
  "us/2026/01/01/",
  "us/2026/01/02!",
  "us/2026/01/02.txt",
  "us/2026/01/02/",
  "us/2026/01/02z",
  "us/2026/01/03/",
  "us/2026/02/01/",
];

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

  describe(`${name}: listFolders`, () => {
    test("gives the folders at a level that hold something, once each, at every level", async () => {
      const store = await openWith(
        log("us/2025/12/31/", 1),
        log("us/2025/12/31/", 2),
        log("us/2026/01/01/", 1),
        log("us/2026/01/02/", 1),
        log("eu/2026/01/02/", 1),
      );
      expect(await foldersOf(store, "us/", { levels: 1 })).toEqual(["us/2025/", "us/2026/"]);
      expect(await foldersOf(store, "us/", { levels: 2 })).toEqual(["us/2025/12/", "us/2026/01/"]);
      expect(await foldersOf(store, "us/", { levels: 3 })).toEqual([
        "us/2025/12/31/",
        "us/2026/01/01/",
        "us/2026/01/02/",
      ]);
      expect(await foldersOf(store, "", { levels: 1 })).toEqual(["eu/", "us/"]);
    });

    test("gives files that lie higher up, with their sizes, among the folders", async () => {
      const store = await openWith(
        text("us/a.txt", "12345"),
        text("us/2026/01!"),
        text("us/2026/01.txt"),
        log("us/2026/01/", 1),
        text("us/2026/012"),
        log("us/2026/", 9),
        text("us/a_CloudTrail_b"),
        log("us/zz/", 1),
      );
      const entries = await collect(store.listFolders("us/", { levels: 2, infix: INFIX }));
      expect(entries.map(pathOf)).toEqual([
        "us/2026/01!",
        "us/2026/01.txt",
        "us/2026/01/",
        "us/2026/012",
        log("us/2026/", 9).key,
        "us/a.txt",
        "us/a_CloudTrail_b",
        log("us/zz/", 1).key,
      ]);
      expect(entries[5]).toEqual({ kind: "object", key: "us/a.txt", size: 5, modified: expect.any(Number) });
    });

    test("gives a folder for what lies deeper than the level, and no folder for files at it", async () => {
      const store = await openWith(
        log("us/2026/01/02/03/deep/", 1),
        text("us/2026/01/02/03/deep/x"),
        text("us/2026/01/02.txt"),
      );
      expect(await foldersOf(store, "us/", { levels: 2 })).toEqual(["us/2026/01/"]);
      expect(await foldersOf(store, "us/", { levels: 3 })).toEqual(["us/2026/01/02.txt", "us/2026/01/02/"]);
    });

    test("gives folders of files without the infix, and of both kinds once", async () => {
      const store = await openWith(
        text("us/01/a"),
        text("us/01/b"),
        log("us/02/", 1),
        text("us/02/0"),
        text("us/02/z"),
        text("us/03/_CloudTrail_"),
        text("us/04/x_CloudTrail"),
      );
      expect(await foldersOf(store, "us/", { levels: 1 })).toEqual(["us/01/", "us/02/", "us/03/", "us/04/"]);
    });

    test("gives what lies below folders that have the infix in their own names", async () => {
      const store = await openWith(
        text("us/a_CloudTrail_/b/c"),
        text("us/a_CloudTrail_/c/_CloudTrail_/d"),
        text("us/a_CloudTrail_/file"),
        text("us/a_CloudTrail_b_CloudTrail_c/d/e"),
        text("us_CloudTrail_/b/c"),
      );
      expect(await foldersOf(store, "us/", { levels: 1 })).toEqual([
        "us/a_CloudTrail_/",
        "us/a_CloudTrail_b_CloudTrail_c/",
      ]);
      const below = ["us/a_CloudTrail_/b/", "us/a_CloudTrail_/c/", "us/a_CloudTrail_/file"];
      expect(await foldersOf(store, "us/", { levels: 2 })).toEqual([
        ...below,
        "us/a_CloudTrail_b_CloudTrail_c/d/",
      ]);
      expect(await foldersOf(store, "us/", { levels: 2, from: "us/a_CloudTrail_/c/" })).toEqual([
        ...below.slice(1),
        "us/a_CloudTrail_b_CloudTrail_c/d/",
      ]);
    });

    test.each([
      ["us/2026/01/02/", ["us/2026/01/02/", "us/2026/01/02z", "us/2026/01/03/", "us/2026/02/01/"]],
      ["us/2026/01/021/", ["us/2026/01/02z", "us/2026/01/03/", "us/2026/02/01/"]],
      ["us/2026/01/02/x/", ["us/2026/01/02z", "us/2026/01/03/", "us/2026/02/01/"]],
      ["us/2026/02/", ["us/2026/02/01/"]],
      ["us/2027/", []],
      ["us/", ALL_FOLDERS],
      ["eu/", ALL_FOLDERS],
      ["zz/", []],
    ])("from %s leaves out what sorts before it", async (from, expected) => {
      const store = await openWith(
        ...ALL_FOLDERS.map((path) => (path.endsWith("/") ? log(path, 1) : text(path))),
      );
      expect(await foldersOf(store, "us/", { levels: 3, from })).toEqual(expected);
    });

    test("gives nothing where there is nothing", async () => {
      const store = await openWith(log("us/2026/", 1));
      expect(await foldersOf(store, "eu/", { levels: 1 })).toEqual([]);
      expect(await foldersOf(store, "us/2026/x/", { levels: 2 })).toEqual([]);
      expect(await foldersOf(await openWith(), "", { levels: 1 })).toEqual([]);
    });

    test.each<[string, string[]]>([
      ["a file and a folder of the same beginning", ["a!", "a-b/", "a.txt", "a/", "a0/", "ab"]],
      [
        "the last of the basic plane before what lies beyond it",
        ["z/", "é", "日/", "\uE000/", "\uFFFD/", "🦊/"],
      ],
      ["beyond all letters", ["a", "a\u{10FFFF}/", "b/", "\u{10FFFF}/", "\u{10FFFF}a/"]],
    ])("is in the order of UTF-8 bytes: %s", async (_, expected) => {
      const files = expected.flatMap((path) =>
        path.endsWith("/") ? [log(`us/${path}`, 1), text(`us/${path}x`)] : [text(`us/${path}`)],
      );
      const store = await openWith(...files.toReversed());
      const listed = await foldersOf(store, "us/", { levels: 1 });
      expect(listed).toEqual(expected.map((path) => `us/${path}`));
      expect(listed).toEqual(listed.toSorted(compareKeys));
    });

    test("gives all of 1,500 folders, in order", async () => {
      const paths = Array.from({ length: 1500 }, (_, index) => `us/${String(index).padStart(4, "0")}/`);
      const store = await openWith(...paths.toReversed().map((path) => log(path, 1)));
      expect(await foldersOf(store, "us/", { levels: 1 })).toEqual(paths);
      expect(await foldersOf(store, "us/", { levels: 1, from: "us/0700/" })).toEqual(paths.slice(700));
    });

    test("gives a folder of 1,500 files without the infix once, and what follows it", async () => {
      const names = Array.from({ length: 1500 }, (_, index) => String(index).padStart(4, "0"));
      const store = await openWith(
        ...names.map((each) => text(`us/01/${each}`, "x")),
        log("us/01/", 1),
        text("us/010", "x"),
        text("us/02/\u{10FFFF}\u{10FFFF}", "x"),
        text("us/03", "x"),
      );
      expect(await foldersOf(store, "us/", { levels: 1 })).toEqual(["us/01/", "us/010", "us/02/", "us/03"]);
    });

    test("ends with the signal's reason", async () => {
      const store = await openWith(log("us/01/", 1), log("us/02/", 1));
      const signal = AbortSignal.abort();
      const listing = store.listFolders("us/", { levels: 1, infix: INFIX, signal });
      expect(await errorOf(collect(listing))).toMatchObject({ name: "AbortError" });
    });

    test("ends when the signal comes half way", async () => {
      const store = await openWith(
        ...Array.from({ length: 1500 }, (_, index) => log(`us/${String(index).padStart(4, "0")}/`, 1)),
      );
      const stop = new AbortController();
      let seen = 0;
      const countUntilStopped = async (): Promise<void> => {
        const listing = store.listFolders("us/", { levels: 1, infix: INFIX, signal: stop.signal });
        for await (const _ of listing) if (++seen === 2) stop.abort(new Error("enough"));
      };
      expect(await errorOf(countUntilStopped())).toMatchObject({ message: "enough" });
      expect(seen).toBeLessThan(1500);
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
      expect(await foldersOf(store, "", { levels: 1 })).toEqual([`${odd}/`]);
      expect(await foldersOf(store, "", { levels: 2 })).toEqual([key]);
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

  test(`${name}: has manners, and counts what it asks of an API`, async () => {
    const { manners, requests } = await openWith();
    expect(manners.listingsAtOnce).toBeGreaterThanOrEqual(1);
    expect(manners.searchAtMost).toBeGreaterThanOrEqual(1);
    expect(requests.size).toBe(0);
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

async function foldersOf(
  store: Store,
  prefix: string,
  options: { readonly levels: number; readonly from?: string },
): Promise<string[]> {
  return (await collect(store.listFolders(prefix, { ...options, infix: INFIX }))).map(pathOf);
}
