import { describe, expect, onTestFinished, test } from "vitest";
import { collect, errorOf } from "../fixtures.contract.ts";
import { compareKeys } from "../store/store.ts";
import type { LakeStore } from "./lake-store.ts";

/** A lake without files. */
export interface LakeFixture {
  readonly lake: LakeStore;
  close(): Promise<void>;
}

/** What every lake has to do, wherever it lies. */
export function lakeStoreContract(name: string, open: () => Promise<LakeFixture>): void {
  async function openWith(files: Readonly<Record<string, string>> = {}): Promise<LakeStore> {
    const { lake, close } = await open();
    onTestFinished(close);
    for (const [key, content] of Object.entries(files)) await lake.write(key, [Buffer.from(content)]);
    return lake;
  }

  describe(`${name}: listFiles`, () => {
    test("gives files with their keys, sizes and times, however deep", async () => {
      const before = Date.now();
      const lake = await openWith({ "a/b/c.json": "12345", "a/d.json": "", "e/f": "1" });
      const listed = await collect(lake.listFiles("a/"));
      expect(listed).toEqual([
        { key: "a/b/c.json", size: 5, modified: expect.any(Number) },
        { key: "a/d.json", size: 0, modified: expect.any(Number) },
      ]);
      // S3 keeps whole seconds.
      for (const { modified } of listed) {
        expect(modified).toBeGreaterThan(before - 2000);
        expect(modified).toBeLessThan(Date.now() + 2000);
      }
      expect(await keysOf(lake, "")).toEqual(["a/b/c.json", "a/d.json", "e/f"]);
    });

    test("gives nothing where nothing was written, and none of other folders", async () => {
      const lake = await openWith();
      expect(await keysOf(lake, "")).toEqual([]);
      expect(await keysOf(lake, "manifests/")).toEqual([]);
      await lake.write("manifests2/a", [Buffer.from("a")]);
      await lake.write("manifests/data/a", [Buffer.from("a")]);
      expect(await keysOf(lake, "manifests/")).toEqual(["manifests/data/a"]);
      expect(await keysOf(lake, "manifests/insight/")).toEqual([]);
    });

    test("is in the order of UTF-8 bytes", async () => {
      const keys = ["a-b/x", "a.json", "a/b.v000001.json", "a/b.v000002.json", "a/b/c", "a0", "ü", "🦊"];
      const lake = await openWith(Object.fromEntries(keys.toReversed().map((key) => [key, "x"])));
      expect(await keysOf(lake, "")).toEqual(keys);
      expect(keys).toEqual(keys.toSorted(compareKeys));
    });

    test("ends with the signal's reason", async () => {
      const lake = await openWith({ a: "a", b: "b" });
      expect(await errorOf(collect(lake.listFiles("", aborted())))).toMatchObject(ENOUGH);
    });
  });

  describe(`${name}: write and read`, () => {
    test.each<[string, readonly Buffer[]]>([
      ["of no pieces", []],
      ["of an empty piece", [Buffer.alloc(0)]],
      ["of one piece", [Buffer.from("0123456789")]],
      ["of many pieces, empty ones among them", ["01", "", "2345", "", "6"].map((text) => Buffer.from(text))],
      ["of megabytes", [Buffer.alloc(3_000_000, "0123456789abcdef-"), Buffer.alloc(1_500_000, "xyz")]],
      ["of all bytes there are", [Buffer.from(Array.from({ length: 256 }, (_, index) => index))]],
    ])("a file %s", async (_, pieces) => {
      const lake = await openWith();
      await lake.write("data/account=1/part-00000.parquet", pieces);
      const bytes = await lake.read("data/account=1/part-00000.parquet");
      expect(Buffer.compare(bytes ?? Buffer.from("missing"), Buffer.concat(pieces))).toBe(0);
      const [listed] = await collect(lake.listFiles("data/"));
      expect(listed?.size).toBe(Buffer.concat(pieces).length);
    });

    test("a file anew: the last one counts", async () => {
      const lake = await openWith({ "a/b": "first and long" });
      await lake.write("a/b", [Buffer.from("second")]);
      expect(await readText(lake, "a/b")).toBe("second");
      expect(await keysOf(lake, "")).toEqual(["a/b"]);
    });

    test("many files at once", async () => {
      const lake = await openWith();
      const keys = Array.from({ length: 40 }, (_, index) => `a/${index % 7}/${index}`);
      await Promise.all(keys.map((key) => lake.write(key, [Buffer.from(key)])));
      expect(await Promise.all(keys.map((key) => readText(lake, key)))).toEqual(keys);
    });

    test("readers see one whole file or the other", async () => {
      const contents = ["a", "b"].map((letter) => letter.repeat(400_000));
      const lake = await openWith({ "a/b": contents[0] ?? "" });
      const seen = new Set<string | undefined>();
      const write = async (): Promise<void> => {
        for (let index = 0; index < 6; index++)
          await lake.write("a/b", [Buffer.from(contents[index % 2] ?? "")]);
      };
      const read = async (): Promise<void> => {
        for (let index = 0; index < 12; index++) seen.add(await readText(lake, "a/b"));
      };
      await Promise.all([write(), read()]);
      expect([...seen].filter((content) => !contents.includes(content ?? ""))).toEqual([]);
    });

    test.each(["missing", "a/missing", "a/b/c", "a"])(
      "nothing is read of %s, which is missing",
      async (key) => {
        const lake = await openWith({ "a/b": "x" });
        expect(await lake.read(key)).toBeUndefined();
      },
    );

    test("a write that the signal ends leaves a whole file or none", async () => {
      const lake = await openWith({ "a/b": "before" });
      const pieces = Array.from({ length: 20 }, () => Buffer.alloc(100_000));
      for (const key of ["a/b", "a/c", "d/e"]) {
        expect(await errorOf(lake.write(key, pieces, aborted()))).toMatchObject(ENOUGH);
        expect(await errorOf(lake.create(key, Buffer.from("x"), aborted()))).toMatchObject(ENOUGH);
      }
      const stop = new AbortController();
      const writing = lake.write("d/e", pieces, { signal: stop.signal }).catch((error: unknown) => error);
      setImmediate(() => stop.abort(new Error("enough")));
      const outcome = await writing;
      if (outcome !== undefined) expect(outcome).toMatchObject(ENOUGH);
      const [first, second] = (await collect(lake.listFiles(""))).map(({ key, size }) => `${key} ${size}`);
      expect(first).toBe("a/b 6");
      // S3 may have all of it by then.
      expect(["d/e 2000000", undefined]).toContain(second);
      expect(await readText(lake, "a/b")).toBe("before");
    });

    test("a read ends with the signal's reason", async () => {
      const lake = await openWith({ a: "a" });
      expect(await errorOf(lake.read("a", aborted()))).toMatchObject(ENOUGH);
    });
  });

  describe(`${name}: create`, () => {
    test("makes a file where there is none, and never changes one", async () => {
      const lake = await openWith();
      expect(await lake.create("manifests/a.json", Buffer.from("first"))).toBe(true);
      expect(await lake.create("manifests/a.json", Buffer.from("second, and longer"))).toBe(false);
      expect(await readText(lake, "manifests/a.json")).toBe("first");
      expect(await lake.create("manifests/b.json", Buffer.from("another"))).toBe(true);
      await lake.remove(["manifests/a.json"]);
      expect(await lake.create("manifests/a.json", Buffer.from("third"))).toBe(true);
      expect(await readText(lake, "manifests/a.json")).toBe("third");
    });

    test("leaves a file alone that was written otherwise", async () => {
      const lake = await openWith({ a: "written" });
      expect(await lake.create("a", Buffer.from("created"))).toBe(false);
      expect(await readText(lake, "a")).toBe("written");
    });

    test("succeeds once, however many try at once", async () => {
      const lake = await openWith();
      for (const key of ["a/1", "a/2", "b/c/3"]) {
        const made = await Promise.all(
          Array.from({ length: 12 }, (_, index) => lake.create(key, Buffer.from(`by ${index}`))),
        );
        expect(made.filter(Boolean)).toHaveLength(1);
        expect(await readText(lake, key)).toBe(`by ${made.indexOf(true)}`);
      }
      expect(await keysOf(lake, "")).toEqual(["a/1", "a/2", "b/c/3"]);
    });
  });

  describe(`${name}: remove`, () => {
    test("deletes files, and no others", async () => {
      const lake = await openWith({ "a/b": "1", "a/b.txt": "2", "a/c/d": "3", "a/c/e": "4", f: "5" });
      await lake.remove(["a/b", "a/c/d", "a/c/e"]);
      expect(await keysOf(lake, "")).toEqual(["a/b.txt", "f"]);
    });

    test("takes files that are gone for deleted", async () => {
      const lake = await openWith({ "a/b": "1" });
      await lake.remove(["a/b", "a/missing", "a/b/c", "x/y/z"]);
      await lake.remove(["a/b"]);
      await lake.remove([]);
      expect(await keysOf(lake, "")).toEqual([]);
    });

    test("leaves room for files of the same folders", async () => {
      const lake = await openWith({ "a/b/c": "1" });
      const removing = lake.remove(["a/b/c"]);
      await Promise.all([
        removing,
        lake.write("a/b/d", [Buffer.from("2")]),
        lake.create("a/e", Buffer.from("3")),
      ]);
      expect(await keysOf(lake, "")).toEqual(["a/b/d", "a/e"]);
    });

    test("ends with the signal's reason, before anything is deleted", async () => {
      const lake = await openWith({ a: "a" });
      expect(await errorOf(lake.remove(["a"], aborted()))).toMatchObject(ENOUGH);
      expect(await keysOf(lake, "")).toEqual(["a"]);
    });
  });

  test(`${name}: its URL has no slash at its end, and it says how much at once serves it`, async () => {
    const { url, callsAtOnce, requests } = await openWith();
    expect(url).toMatch(/[^/]$/);
    expect(callsAtOnce).toBeGreaterThanOrEqual(1);
    expect(requests.size).toBe(0);
  });
}

const ENOUGH = { message: "enough" };

function aborted(): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.abort(new Error("enough")) };
}

async function keysOf(lake: LakeStore, prefix: string): Promise<string[]> {
  return (await collect(lake.listFiles(prefix))).map(({ key }) => key);
}

async function readText(lake: LakeStore, key: string): Promise<string | undefined> {
  const bytes = await lake.read(key);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}
