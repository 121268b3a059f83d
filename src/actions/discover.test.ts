import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateLogs } from "../../tools/generate-logs/generate-logs.ts";
import type { Inventory } from "../core/inventory.ts";
import { parseLogKey } from "../core/log-key.ts";
import { SourceChanged } from "../core/source-changed.ts";
import { day, errorOf } from "../fixtures.contract.ts";
import { openMemoryStore } from "../store/memory-store.ts";
import type { Store, StoreEntry, StoreObject } from "../store/store.ts";
import { discover } from "./discover.ts";
import type { Scope } from "./scope.ts";

fc.configureGlobal({ seed: 20261122 });

const ORGANIZATION = "o-aa111bb222";
const DATE = "CloudTrail/us-east-1/2026/11/22";
const BYTES = new Uint8Array(100);

function storeOf(...keys: string[]): Store {
  return openMemoryStore(new Map(keys.map((key) => [key, BYTES])));
}

function discoverKeys(keys: string[], scope: Scope = {}): Promise<Inventory> {
  return discover(storeOf(...keys), scope);
}

function accountsOf({ partitions }: Inventory): string[] {
  return [...new Set(partitions.map(({ root, account }) => `${root}${account}`))];
}

function daysOf({ partitions }: Inventory): string[] {
  return partitions.map(({ account, region, day: date }) => `${account} ${region} ${date}`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe("discover finds", () => {
  test.each<[string, string[], string[]]>([
    ["account trails", ["AWSLogs/"], ["AWSLogs/"]],
    ["account trails below a prefix", ["a/b/AWSLogs/"], ["a/b/AWSLogs/"]],
    ["an organization trail", [`AWSLogs/${ORGANIZATION}/`], [`AWSLogs/${ORGANIZATION}/`]],
    [
      "Control Tower's doubled organization",
      [`${ORGANIZATION}/AWSLogs/${ORGANIZATION}/`],
      [`${ORGANIZATION}/AWSLogs/${ORGANIZATION}/`],
    ],
    [
      "Control Tower's accounts beside its older account trails",
      [`${ORGANIZATION}/AWSLogs/`, `${ORGANIZATION}/AWSLogs/${ORGANIZATION}/`],
      [`${ORGANIZATION}/AWSLogs/`, `${ORGANIZATION}/AWSLogs/${ORGANIZATION}/`],
    ],
    [
      "several roots of one bucket",
      ["AWSLogs/", `AWSLogs/${ORGANIZATION}/`, "b/AWSLogs/", "a/AWSLogs/"],
      ["AWSLogs/", `AWSLogs/${ORGANIZATION}/`, "a/AWSLogs/", "b/AWSLogs/"],
    ],
  ])("%s", async (_, roots, expected) => {
    const found = await discoverKeys(roots.map((root) => `${root}111122223333/${DATE}/a.json.gz`));
    expect(found.roots).toEqual(expected);
    expect(accountsOf(found)).toEqual(expected.map((root) => `${root}111122223333`));
    expect(found.oddities).toEqual([]);
    expect(found.outside).toEqual([]);
  });

  test("the same account under two roots, twice", async () => {
    const found = await discoverKeys([
      `AWSLogs/111122223333/${DATE}/a.json.gz`,
      `AWSLogs/${ORGANIZATION}/111122223333/${DATE}/b.json.gz`,
    ]);
    expect(found.partitions).toMatchObject([
      { root: "AWSLogs/", account: "111122223333", objects: 1 },
      { root: `AWSLogs/${ORGANIZATION}/`, account: "111122223333", objects: 1 },
    ]);
  });

  test("logs behind keys that sort before AWSLogs/, and beside other services", async () => {
    const found = await discoverKeys([
      "0-readme.txt",
      "AAA/notes/2026.txt",
      `AWSLogs/111122223333/${DATE}/a.json.gz`,
      "AWSLogs/111122223333/Config/us-east-1/2026/1/2/a.json.gz",
      "AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/11/22/a.log.gz",
      "AWSLogs/444455556666/elasticloadbalancing/us-east-1/2026/11/22/a.log.gz",
      "terraform.tfstate",
    ]);
    expect(daysOf(found)).toEqual(["111122223333 us-east-1 2026-11-22"]);
    expect(found.otherServices).toEqual(["Config", "elasticloadbalancing", "vpcflowlogs"]);
    expect(found.oddities).toEqual([]);
  });

  test("every kind of log, by its folder", async () => {
    const kinds = ["CloudTrail", "CloudTrail-Aggregated", "CloudTrail-Digest", "CloudTrail-Insight"];
    const found = await discoverKeys(
      kinds.map((kind) => `AWSLogs/111122223333/${kind}/us-east-1/2026/11/22/a.json.gz`),
    );
    expect(found.partitions.map(({ kind }) => kind).toSorted()).toEqual(kinds);
  });

  test("1,200 accounts, in order", async () => {
    const accounts = Array.from({ length: 1200 }, (_, index) => String(index * 7919).padStart(12, "0"));
    const found = await discoverKeys(accounts.toReversed().map((id) => `AWSLogs/${id}/${DATE}/a.json.gz`));
    expect(found.partitions.map(({ account }) => account)).toEqual(accounts);
  });

  test("partitions in the order of root, account, Region and day", async () => {
    const keys = ["us-east-1/2026/11/22", "us-east-1/2025/12/31", "eu-west-1/2026/01/01"].flatMap((place) =>
      ["444455556666", "000000000012"].map((id) => `AWSLogs/${id}/CloudTrail/${place}/a.json.gz`),
    );
    const days = daysOf(await discoverKeys(keys));
    expect(days).toHaveLength(6);
    expect(days).toEqual(days.toSorted());
  });

  test("nothing in an empty store", async () => {
    expect(await discoverKeys([])).toEqual({
      url: "/memory",
      roots: [],
      partitions: [],
      outside: [],
      unseen: [],
      oddities: [],
      otherServices: [],
      tooSmall: [],
      listings: 1,
    });
  });

  test.each(["account", "organization", "control-tower", "mixed"] as const)(
    "each log file that the generator makes in the layout %s, and nothing else",
    async (layout) => {
      const files = [
        ...generateLogs({
          layout,
          prefix: "logs",
          accounts: 4,
          days: 3,
          regions: 2,
          records: 1,
          noise: true,
          broken: true,
        }),
      ];
      const { partitions, otherServices } = await discover(
        openMemoryStore(new Map(files.map(({ key, bytes }) => [key, bytes]))),
      );
      const logs = files.filter(({ key }) => parseLogKey(key) !== undefined);
      expect(sum(partitions.map(({ objects }) => objects ?? 0))).toBe(logs.length);
      expect(sum(partitions.map(({ bytes }) => bytes ?? 0))).toBe(sum(logs.map(({ bytes }) => bytes.length)));
      expect(logs.filter(({ kind }) => kind !== "other").length).toBeGreaterThan(72);
      expect(otherServices).toContain("vpcflowlogs");
    },
  );
});

describe("discover counts", () => {
  test("files and bytes by partition", async () => {
    const store = openMemoryStore(
      new Map([
        [`AWSLogs/111122223333/${DATE}/a.json.gz`, new Uint8Array(100)],
        [`AWSLogs/111122223333/${DATE}/b.json.gz`, new Uint8Array(50)],
        ["AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/23/c.json.gz", new Uint8Array(7)],
      ]),
    );
    expect((await discover(store)).partitions).toMatchObject([
      { day: "2026-11-22", objects: 2, bytes: 150 },
      { day: "2026-11-23", objects: 1, bytes: 7 },
    ]);
  });

  test.each([
    [0, true],
    [20, true],
    [29, true],
    [30, false],
    [32, false],
  ])("a log file of %i bytes as too small: %s", async (size, small) => {
    const key = `AWSLogs/111122223333/${DATE}/a.json.gz`;
    const { tooSmall } = await discover(openMemoryStore(new Map([[key, new Uint8Array(size)]])));
    expect(tooSmall).toEqual(small ? [key] : []);
  });

  test("a digest of no bytes as no log file too small", async () => {
    const key = "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/11/22/a.json.gz";
    expect((await discover(openMemoryStore(new Map([[key, new Uint8Array(0)]])))).tooSmall).toEqual([]);
  });

  test("what it has found, as it goes", async () => {
    const keys = Array.from({ length: 2500 }, (_, index) => `AWSLogs/111122223333/${DATE}/${index}.json.gz`);
    const seen: unknown[] = [];
    await discover(storeOf(...keys), { onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([
      { step: "listing logs", done: 1000 },
      { step: "listing logs", done: 2000 },
    ]);
  });
});

describe("discover reports, and does not guess,", () => {
  const FILE = "a.json.gz";
  test.each([
    ["an account of 11 digits", `AWSLogs/11112222333/${DATE}/${FILE}`, "AWSLogs/11112222333/", "12 digits"],
    [
      "an account of 13 digits",
      `AWSLogs/1111222233334/${DATE}/${FILE}`,
      "AWSLogs/1111222233334/",
      "12 digits",
    ],
    [
      "an organization id too short",
      `AWSLogs/o-short/111122223333/${DATE}/${FILE}`,
      "AWSLogs/o-short/",
      "o- and 10 to 32",
    ],
    [
      "an organization in an organization",
      `AWSLogs/${ORGANIZATION}/o-bb111bb222/111122223333/${DATE}/${FILE}`,
      `AWSLogs/${ORGANIZATION}/o-bb111bb222/`,
      "12 digits",
    ],
    [
      "cloudtrail in lower case",
      `AWSLogs/111122223333/cloudtrail/us-east-1/2026/11/22/${FILE}`,
      "AWSLogs/111122223333/cloudtrail/",
      "spelling",
    ],
    [
      "a kind nobody knows",
      `AWSLogs/111122223333/CloudTrail-Backup/us-east-1/2026/11/22/${FILE}`,
      "AWSLogs/111122223333/CloudTrail-Backup/",
      "spelling",
    ],
    ["AWSLogs in lower case", `awslogs/111122223333/${DATE}/${FILE}`, "awslogs/", "spelling"],
    [
      "a Region as Hive writes it",
      `AWSLogs/111122223333/CloudTrail/region=us-east-1/2026/11/22/${FILE}`,
      "AWSLogs/111122223333/CloudTrail/region=us-east-1/",
      "Region",
    ],
    [
      "no Region",
      `AWSLogs/111122223333/CloudTrail/2026/11/22/${FILE}`,
      "AWSLogs/111122223333/CloudTrail/2026/",
      "Region",
    ],
    [
      "a year as Hive writes it",
      `AWSLogs/111122223333/CloudTrail/us-east-1/year=2026/11/22/${FILE}`,
      "AWSLogs/111122223333/CloudTrail/us-east-1/year=2026/",
      "four digits",
    ],
    [
      "month 13",
      `AWSLogs/111122223333/CloudTrail/us-east-1/2026/13/01/${FILE}`,
      "AWSLogs/111122223333/CloudTrail/us-east-1/2026/13/",
      "01 to 12",
    ],
    [
      "a month of one digit",
      `AWSLogs/111122223333/CloudTrail/us-east-1/2026/9/01/${FILE}`,
      "AWSLogs/111122223333/CloudTrail/us-east-1/2026/9/",
      "01 to 12",
    ],
    [
      "31 September",
      `AWSLogs/111122223333/CloudTrail/us-east-1/2026/09/31/${FILE}`,
      "AWSLogs/111122223333/CloudTrail/us-east-1/2026/09/31/",
      "day",
    ],
    [
      "a folder in a day",
      `AWSLogs/111122223333/${DATE}/retry/${FILE}`,
      `AWSLogs/111122223333/${DATE}/retry/`,
      "inside the folder of a day",
    ],
    [
      "a file above a day",
      `AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/${FILE}`,
      `AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/${FILE}`,
      "above",
    ],
    ["a file among accounts", `AWSLogs/${FILE}`, `AWSLogs/${FILE}`, "account folders"],
    [
      "a file that is no .json.gz",
      `AWSLogs/111122223333/${DATE}/a.json`,
      `AWSLogs/111122223333/${DATE}/a.json`,
      ".json.gz",
    ],
    [
      "a temporary file",
      `AWSLogs/111122223333/${DATE}/${FILE}.tmp`,
      `AWSLogs/111122223333/${DATE}/${FILE}.tmp`,
      ".json.gz",
    ],
  ])("%s", async (_, key, example, wanted) => {
    const good = `AWSLogs/999999999999/${DATE}/${FILE}`;
    const found = await discoverKeys([good, key]);
    expect(daysOf(found)).toEqual(["999999999999 us-east-1 2026-11-22"]);
    expect(found.oddities).toEqual([
      { reason: expect.stringContaining(wanted), count: 1, examples: [example] },
    ]);
  });

  test("hidden files and folders, which it passes over", async () => {
    const found = await discoverKeys([
      ".DS_Store",
      "AWSLogs/.DS_Store",
      `AWSLogs/111122223333/${DATE}/_SUCCESS`,
      `AWSLogs/111122223333/${DATE}/.a.json.gz`,
      `AWSLogs/111122223333/${DATE}/_temporary/a.json.gz`,
      `.trash/AWSLogs/111122223333/${DATE}/a.json.gz`,
    ]);
    expect(found.partitions).toEqual([]);
    expect(found.oddities).toEqual([]);
  });

  test("each reason once, with how many and the first three", async () => {
    const keys = Array.from({ length: 10 }, (_, index) => `AWSLogs/111122223333/${DATE}/${index}.txt`);
    const { oddities } = await discoverKeys(keys);
    expect(oddities).toEqual([{ reason: expect.any(String), count: 10, examples: keys.slice(0, 3) }]);
  });

  test("odd folders as outside, so that no table reads them", async () => {
    const odd = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/13/";
    const found = await discoverKeys([`AWSLogs/111122223333/${DATE}/a.json.gz`, `${odd}01/a.json.gz`]);
    expect(found.outside).toEqual([odd]);
  });
});

describe("discover keeps to a scope", () => {
  const keys = ["111122223333", "444455556666"].flatMap((account) =>
    ["us-east-1/2025/12/31", "us-east-1/2026/01/01", "us-east-1/2026/01/02", "eu-west-1/2026/01/01"].map(
      (place) => `AWSLogs/${account}/CloudTrail/${place}/a.json.gz`,
    ),
  );

  test.each<[string, Scope, string[]]>([
    [
      "of accounts",
      { accounts: ["444455556666"], regions: ["eu-west-1"] },
      ["444455556666 eu-west-1 2026-01-01"],
    ],
    [
      "of Regions",
      { regions: ["eu-west-1"] },
      ["111122223333 eu-west-1 2026-01-01", "444455556666 eu-west-1 2026-01-01"],
    ],
    [
      "from a day",
      { range: { from: day("2026-01-02") } },
      ["111122223333 us-east-1 2026-01-02", "444455556666 us-east-1 2026-01-02"],
    ],
    [
      "up to a day",
      { range: { to: day("2025-12-31") } },
      ["111122223333 us-east-1 2025-12-31", "444455556666 us-east-1 2025-12-31"],
    ],
    [
      "of days over the end of a year",
      {
        range: { from: day("2025-12-31"), to: day("2026-01-01") },
        accounts: ["111122223333"],
        regions: ["us-east-1"],
      },
      ["111122223333 us-east-1 2025-12-31", "111122223333 us-east-1 2026-01-01"],
    ],
    ["of a range without days", { range: { from: day("2024-01-01"), to: day("2024-12-31") } }, []],
    ["of an account that is not there", { accounts: ["999999999999"] }, []],
    [
      "within a day's folder",
      { within: "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/02/" },
      ["111122223333 us-east-1 2026-01-02"],
    ],
    [
      "within a month's folder",
      { within: "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/" },
      ["111122223333 us-east-1 2026-01-01", "111122223333 us-east-1 2026-01-02"],
    ],
    ["within a folder that is not there", { within: "AWSLogs/111122223333/CloudTrail/us-east-9/" }, []],
  ])("%s", async (_, scope, expected) => {
    expect(daysOf(await discoverKeys(keys, scope))).toEqual(expected);
  });

  test("within an account or a root", async () => {
    expect((await discoverKeys(keys, { within: "AWSLogs/111122223333/" })).partitions).toHaveLength(4);
    expect((await discoverKeys(keys, { within: "AWSLogs/" })).partitions).toHaveLength(8);
    expect((await discoverKeys(keys, { within: "" })).partitions).toHaveLength(8);
  });

  test("and names what it passed over, as high up as can be", async () => {
    const scope = { accounts: ["111122223333"], range: { from: day("2026-01-02") } };
    expect((await discoverKeys(keys, scope)).unseen).toEqual(
      expect.arrayContaining([
        "AWSLogs/111122223333/CloudTrail/us-east-1/2025/",
        "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/01/",
        "AWSLogs/444455556666/",
      ]),
    );
  });

  test("and does not list what lies outside", async () => {
    const all = await discoverKeys(keys);
    const some = await discoverKeys(keys, { range: { to: day("2025-12-31") }, accounts: ["111122223333"] });
    expect(all.listings).toBe(2 + 2 * (1 + 1 + 2 + 3 + 3 + 4));
    expect(some.listings).toBe(2 + (1 + 1 + 2 + 1 + 1 + 1));
  });
});

/** Keys that a bucket may hold: nearly logs, with one part of the path replaced. */
const anyKey = fc
  .tuple(
    fc.constantFrom("AWSLogs", "awslogs", "x/AWSLogs", `${ORGANIZATION}/AWSLogs`),
    fc.constantFrom("", `/${ORGANIZATION}`, "/o-short", `/${ORGANIZATION}/o-bb111bb222`, "/x"),
    fc.constantFrom("111122223333", "000000000012", "11112222333", "o-cc111cc222"),
    fc.constantFrom("CloudTrail", "CloudTrail-Digest", "cloudtrail", "Config"),
    fc.constantFrom("us-east-1", "cn-north-1", "US", "region=us-east-1"),
    fc.constantFrom(
      "2026/11/22",
      "2026/02/30",
      "2026/13/01",
      "2026/1/1",
      "2024/02/29",
      "2026/11/22/x",
      "2026/11",
    ),
    fc.constantFrom("a.json.gz", "a.json", "b c.json.gz"),
  )
  .map(([root, organization, ...rest]) => `${root}${organization}/${rest.join("/")}`);

test("discover counts exactly the keys that parseLogKey reads", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(anyKey, { maxLength: 20 }), async (keys) => {
      const { partitions } = await discoverKeys(keys);
      const counted = sum(partitions.map(({ objects }) => objects ?? 0));
      expect(counted).toBe(keys.filter((key) => parseLogKey(key) !== undefined).length);
    }),
    { numRuns: 300 },
  );
});

test("discover ends with the signal's reason", async () => {
  const store = storeOf(`AWSLogs/111122223333/${DATE}/a.json.gz`);
  expect(await errorOf(discover(store, { signal: AbortSignal.abort() }))).toMatchObject({
    name: "AbortError",
  });
});

test("discover reads no file", async () => {
  const store = storeOf(`AWSLogs/111122223333/${DATE}/a.json.gz`);
  const unreadable: Store = {
    ...store,
    read: () => {
      throw new Error("a file was read");
    },
  };
  expect((await discover(unreadable)).partitions).toHaveLength(1);
});

/** A store whose objects exist only while they are listed. */
function makeWideStore(days: readonly string[], objects: number): Store {
  const parts = ["AWSLogs", "111122223333", "CloudTrail", "us-east-1", "2026", "11"];
  const root = `${parts.join("/")}/`;
  return {
    url: "/wide",
    manners: { listingsAtOnce: 8, searchAtMost: 100 },
    folder: undefined,
    requests: new Map(),
    async *listFolders(): AsyncGenerator<StoreEntry> {},
    async *listFiles(): AsyncGenerator<StoreObject> {},
    readListed: ({ key }) => Promise.reject(new SourceChanged(key)),
    async *listChildren(prefix): AsyncGenerator<StoreEntry> {
      const depth = prefix.split("/").length - 1;
      if (depth < parts.length) yield { kind: "folder", prefix: `${prefix}${parts[depth]}/` };
      else if (prefix === root)
        yield* days.map((date) => ({ kind: "folder" as const, prefix: `${root}${date}/` }));
      else
        for (let index = 0; index < objects; index++) {
          const name = `111122223333_CloudTrail_us-east-1_20261122T0000Z_${String(index).padStart(16, "0")}`;
          yield { kind: "object", key: `${prefix}${name}.json.gz`, size: 1000, modified: 0, tag: "" };
        }
    },
    async *read(): AsyncGenerator<Uint8Array> {},
  };
}

test("discover of 200,000 files in five days keeps five partitions", async () => {
  const days = ["18", "19", "20", "21", "22"];
  const { partitions, ...rest } = await discover(makeWideStore(days, 40_000));
  expect(partitions.map(({ objects }) => objects ?? 0)).toEqual(days.map(() => 40_000));
  expect(JSON.stringify({ partitions, ...rest }).length).toBeLessThan(2000);
});

test("discover of a day of 200,000 files holds at no time more than a tenth of them", async () => {
  const wide = makeWideStore(["22"], 200_000);
  let yielded = 0;
  let counted = 0;
  let held = 0;
  const store: Store = {
    ...wide,
    async *listChildren(prefix) {
      for await (const entry of wide.listChildren(prefix)) {
        if (entry.kind === "object") held = Math.max(held, ++yielded - counted);
        yield entry;
      }
    },
  };
  await discover(store, { onProgress: ({ done }) => (counted = done) });
  expect(yielded).toBe(200_000);
  expect(held).toBeLessThan(20_000);
});
