import { describe, expect, onTestFinished, test } from "vitest";
import type { TestFile } from "../fixtures.contract.ts";
import { collect, errorOf } from "../fixtures.contract.ts";
import { SourceChanged } from "../core/source-changed.ts";
import type { Store, StoreEntry, StoreObject } from "./store.ts";
import { compareKeys } from "./store.ts";

/** A store that holds the files, and nothing else. */
export interface StoreFixture {
  readonly store: Store;
  /** Writes a file, or writes it anew: as other programs do while the store is open. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
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
  async function openFixture(...files: readonly TestFile[]): Promise<StoreFixture> {
    const fixture = await open(files);
    onTestFinished(fixture.close);
    return fixture;
  }

  async function openWith(...files: readonly TestFile[]): Promise<Store> {
    return (await openFixture(...files)).store;
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
        { kind: "object", key: "a.txt", size: 5, modified: expect.any(Number), tag: expect.any(String) },
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
      expect(entries[5]).toEqual({
        kind: "object",
        key: "us/a.txt",
        size: 5,
        modified: expect.any(Number),
        tag: expect.any(String),
      });
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

  describe(`${name}: listFiles`, () => {
    test("gives all files, however deep, with their keys and sizes", async () => {
      const store = await openWith(text("b/c/d/e.txt", "12345"), text("b/1.txt", "1"), text("a.txt", ""));
      const about = { kind: "object", modified: expect.any(Number), tag: expect.stringMatching(/./) };
      expect(await collect(store.listFiles(""))).toEqual([
        { ...about, key: "a.txt", size: 0 },
        { ...about, key: "b/1.txt", size: 1 },
        { ...about, key: "b/c/d/e.txt", size: 5 },
      ]);
    });

    test("gives what listChildren gives of each of them", async () => {
      const store = await openWith(text("a/b.txt", "12"), text("a/c.txt", "3"));
      expect(await collect(store.listFiles("a/"))).toEqual(await collect(store.listChildren("a/")));
    });

    test("gives the files of a folder only", async () => {
      const store = await openWith(
        text("a"),
        text("ab/c"),
        text("b/c"),
        text("b/d/e"),
        text("b0"),
        text("c/b/f"),
      );
      expect(await filesOf(store, "b/")).toEqual(["b/c", "b/d/e"]);
      expect(await filesOf(store, "b/d/")).toEqual(["b/d/e"]);
    });

    test("gives nothing where there is nothing", async () => {
      const store = await openWith(text("a/b.txt"));
      expect(await filesOf(store, "b/")).toEqual([]);
      expect(await filesOf(store, "a/c/")).toEqual([]);
      expect(await filesOf(store, "a/b.txt/")).toEqual([]);
      expect(await filesOf(await openWith(), "")).toEqual([]);
    });

    test.each<[string, string[]]>([
      ["a file and a folder of the same beginning", ["a!/x", "a-b", "a.txt", "a/x", "a/x!", "a0", "ab/c"]],
      ["folders in folders", ["a/b!", "a/b/c", "a/b0", "a/ba/a", "a0/a", "b"]],
      [
        "the last of the basic plane before what lies beyond it",
        ["z/a", "é", "日/a", "\uE000/a", "\uFFFD", "🦊/a", "🦊0"],
      ],
    ])("is in the order of UTF-8 bytes: %s", async (_, expected) => {
      const store = await openWith(...expected.toReversed().map((each) => text(each)));
      expect(await filesOf(store, "")).toEqual(expected);
      expect(expected).toEqual(expected.toSorted(compareKeys));
    });

    const FILES = [
      "us/2025/12/31/a",
      "us/2026/01/01/a",
      "us/2026/01/01/b/c",
      "us/2026/01/01/d",
      "us/2026/01/02/a",
    ];

    test.each([
      ["us/2026/01/01/", FILES.slice(1)],
      ["us/2026/01/01/a", FILES.slice(1)],
      ["us/2026/01/01/a!", FILES.slice(2)],
      ["us/2026/01/01/b/", FILES.slice(2)],
      ["us/2026/01/01/b/d", FILES.slice(3)],
      ["us/2026/01/01/c", FILES.slice(3)],
      ["us/2026/01/011", FILES.slice(4)],
      ["us/2026/0", FILES.slice(1)],
      ["us/2026/01/02/b", []],
      ["us/", FILES],
      ["u", FILES],
      ["eu/", FILES],
      ["us/\u{10FFFF}", []],
      ["us0", []],
      ["zz/", []],
    ])("from %s leaves out what sorts before it", async (from, expected) => {
      const store = await openWith(...[...FILES, "eu/a", "ut"].map((each) => text(each)));
      expect(await filesOf(store, "us/", from)).toEqual(expected);
      const whole = await filesOf(store, "", from);
      expect(whole.filter((key) => key.startsWith("us/"))).toEqual(expected);
    });

    test("gives all of 2,100 files, in order, and from any on", async () => {
      const keys = Array.from({ length: 2100 }, (_, index) => {
        const number = String(index).padStart(4, "0");
        return `many/${number.slice(0, 3)}/${number}.txt`;
      });
      const store = await openWith(...keys.toReversed().map((key) => text(key, "x")));
      expect(await filesOf(store, "many/")).toEqual(keys);
      expect(await filesOf(store, "many/", keys[1234])).toEqual(keys.slice(1234));
    });

    test("ends with the signal's reason", async () => {
      const store = await openWith(text("a"), text("b"));
      const listing = store.listFiles("", { signal: AbortSignal.abort() });
      expect(await errorOf(collect(listing))).toMatchObject({ name: "AbortError" });
    });

    test("ends when the signal comes half way", async () => {
      const store = await openWith(...["a", "b", "c"].map((each) => text(`${each}/${each}`)));
      const stop = new AbortController();
      const seen: string[] = [];
      const readUntilStopped = async (): Promise<void> => {
        for await (const { key } of store.listFiles("", { signal: stop.signal })) {
          seen.push(key);
          stop.abort(new Error("enough"));
        }
      };
      expect(await errorOf(readUntilStopped())).toMatchObject({ message: "enough" });
      expect(seen).toEqual(["a/a"]);
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
      const object = await find(store, key);
      expect(Buffer.from(await store.readListed(object)).toString()).toBe("content");
    },
  );

  describe(`${name}: readListed`, () => {
    test.each([
      ["no bytes", Buffer.alloc(0)],
      ["all bytes there are", Buffer.from(Array.from({ length: 256 }, (_, index) => index))],
      ["many bytes", Buffer.alloc(1_300_000, "0123456789abcdef-")],
    ])("gives the whole of a file of %s", async (_, bytes) => {
      const store = await openWith({ key: "a/b.bin", bytes });
      expect(Buffer.compare(await store.readListed(await find(store, "a/b.bin")), bytes)).toBe(0);
    });

    test.each([
      ["of the same size", "other"],
      ["longer", "longer than it was"],
      ["empty", ""],
    ])("says so where the file is another, %s", async (_, content) => {
      const { store, put } = await openFixture(text("a/b.txt", "first"));
      const object = await find(store, "a/b.txt");
      await put("a/b.txt", Buffer.from(content));
      const error = await errorOf(store.readListed(object));
      expect(error).toBeInstanceOf(SourceChanged);
      expect(error).toMatchObject({ key: "a/b.txt" });
      const again = await find(store, "a/b.txt");
      expect(again.tag).not.toBe(object.tag);
      expect(Buffer.from(await store.readListed(again)).toString()).toBe(content);
    });

    test.each(["a/b.txt", "c.txt"])("says so where the file %s is gone", async (key) => {
      const { store, remove } = await openFixture(text("a/b.txt"), text("c.txt"), text("d.txt"));
      const object = await find(store, key);
      await remove(key);
      const error = await errorOf(store.readListed(object));
      expect(error).toBeInstanceOf(SourceChanged);
      expect(error).toMatchObject({ key });
    });

    test("says so where a folder has the name of the file", async () => {
      const { store, put, remove } = await openFixture(text("a"));
      const object = await find(store, "a");
      await remove("a");
      await put("a/b", Buffer.from("a"));
      expect(await errorOf(store.readListed(object))).toBeInstanceOf(SourceChanged);
    });

    test("says so where size or tag are not the file's", async () => {
      const store = await openWith(text("a", "12345"));
      const object = await find(store, "a");
      for (const other of [{ size: 4 }, { size: 6 }, { tag: "0" }])
        expect(await errorOf(store.readListed({ ...object, ...other }))).toBeInstanceOf(SourceChanged);
    });

    test("gives a file that was not changed again and again, with one tag", async () => {
      const store = await openWith(text("a"), text("b"));
      const [first, second] = [await find(store, "a"), await find(store, "a")];
      expect(second).toEqual(first);
      expect(await store.readListed(first)).toEqual(await store.readListed(second));
    });

    test("ends with the signal's reason", async () => {
      const store = await openWith(text("a"));
      const object = await find(store, "a");
      const reading = store.readListed(object, { signal: AbortSignal.abort(new Error("enough")) });
      expect(await errorOf(reading)).toMatchObject({ message: "enough" });
    });
  });

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

async function filesOf(store: Store, prefix: string, from?: string): Promise<string[]> {
  return (await collect(store.listFiles(prefix, { from }))).map(({ key }) => key);
}

async function find(store: Store, key: string): Promise<StoreObject> {
  const object = (await collect(store.listFiles(""))).find((one) => one.key === key);
  if (object === undefined) throw new Error(`${key} is not listed`);
  return object;
}

async function foldersOf(
  store: Store,
  prefix: string,
  options: { readonly levels: number; readonly from?: string },
): Promise<string[]> {
  return (await collect(store.listFolders(prefix, { ...options, infix: INFIX }))).map(pathOf);
}
