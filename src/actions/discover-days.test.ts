import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AwsDouble } from "../../test/doubles/aws-double.ts";
import { startAwsDouble } from "../../test/doubles/aws-double.ts";
import { generateLogs } from "../../tools/generate-logs/generate-logs.ts";
import type { Inventory } from "../core/inventory.ts";
import { AccessDenied } from "../core/user-error.ts";
import type { TestFile } from "../fixtures.contract.ts";
import { day, errorOf, makeLog } from "../fixtures.contract.ts";
import { openMemoryStore } from "../store/memory-store.ts";
import { openS3Store } from "../store/s3-store.ts";
import type { Store } from "../store/store.ts";
import type { DiscoverOptions } from "./discover.ts";
import { discover } from "./discover.ts";

const [A, B, C] = ["111122223333", "444455556666", "777788889999"] as const;
const ORGANIZATION = "o-aa111bb222";

let aws: AwsDouble;
let buckets = 0;

beforeAll(async () => {
  aws = await startAwsDouble();
});
afterAll(() => aws.close());
beforeEach(() => {
  aws.faults.heal();
  aws.allowAll();
});

function openBucket(files: readonly TestFile[], prefix = ""): Store {
  const bucket = `logs-${++buckets}`;
  aws.s3.createBucket(bucket);
  for (const { key, bytes } of files) aws.s3.put(bucket, prefix === "" ? key : `${prefix}/${key}`, bytes);
  const { endpoint: endpointUrl, region: awsRegion, credentials } = aws.clientConfig;
  aws.clearCalls();
  return openS3Store({ bucket, prefix, aws: { endpointUrl, awsRegion, credentials } });
}

function openMemory(files: readonly TestFile[]): Store {
  return openMemoryStore(new Map(files.map(({ key, bytes }) => [key, bytes])));
}

function listings(): number {
  return aws.calls.filter(({ call }) => call === "S3 ListObjectsV2").length;
}

function discoverDays(store: Store, options: DiscoverOptions = {}): Promise<Inventory> {
  return discover(store, { ...options, detail: "days" });
}

function daysOf({ partitions }: Inventory): string[] {
  return partitions
    .filter(({ kind }) => kind === "CloudTrail")
    .map(({ root, account, region, day: date }) => `${root}${account} ${region} ${date}`);
}

function keys(...names: string[]): TestFile[] {
  return names.map((key) => ({ key, bytes: new Uint8Array(60) }));
}

describe("discover finds the same days with and without the files", () => {
  const layouts = ["account", "organization", "control-tower", "mixed"] as const;
  const scopes: readonly DiscoverOptions[] = [
    {},
    { range: { from: day("2026-11-20"), to: day("2026-11-21") } },
    { range: { from: day("2026-11-21") }, regions: ["us-east-1"] },
  ];

  test.each(layouts)("of the layout %s, in a bucket and in memory", async (layout) => {
    const files = [
      ...generateLogs({ layout, accounts: 4, days: 4, regions: 3, files: 90, records: 1, noise: true }),
    ];
    const accounts = [...new Set(files.flatMap(({ key }) => /\d{12}/.exec(key)?.[0] ?? []))];
    const stores = [openMemory(files), openBucket(files), openBucket(files, "a/b")];
    for (const options of [...scopes, { accounts: accounts.slice(1, 3) }]) {
      const counted = daysOf(await discover(openMemory(files), options));
      expect(counted.length).toBeGreaterThan(3);
      for (const store of stores) expect(daysOf(await discoverDays(store, options))).toEqual(counted);
    }
  });
});

describe("discover of days lists a bucket", () => {
  const files = [A, B].flatMap((account) =>
    ["us-east-1", "eu-west-1", "us-west-2"].flatMap((region) =>
      ["2026-10-01", "2026-11-20", "2026-11-21", "2026-11-22"].flatMap((date) =>
        ["0", "1", "2"].map((file) =>
          makeLog({ account, region, day: date, file: `${account}_CloudTrail_${region}_${file}.json.gz` }),
        ),
      ),
    ),
  );
  const window = { range: { from: day("2026-11-20"), to: day("2026-11-22") } };

  test("once for itself, and once a root, an account, and an account and Region", async () => {
    const store = openBucket(files);
    const found = await discoverDays(store, window);
    expect(found.partitions).toHaveLength(2 * 3 * 3);
    expect(listings()).toBe(1 + 1 + 2 + 2 * 3);
    expect(found.listings).toBe(listings());
    expect(store.requests).toEqual(new Map([["S3 ListObjectsV2", 10]]));
  });

  test("once for each root more", async () => {
    const organization = files.map(({ key, bytes }) => ({
      key: key.replace("AWSLogs/", `AWSLogs/${ORGANIZATION}/`),
      bytes,
    }));
    await discoverDays(openBucket([...files, ...organization]), window);
    expect(listings()).toBe(1 + 2 + 4 + 4 * 3);
  });

  test("for no other account than those that are asked for", async () => {
    const found = await discoverDays(openBucket(files), { ...window, accounts: [B, C] });
    expect(listings()).toBe(1 + 1 + 1 + 3);
    expect(found.unseen).toEqual([`AWSLogs/${A}/`]);
  });

  test("for no other Region than those that are asked for", async () => {
    const found = await discoverDays(openBucket(files), { ...window, regions: ["us-east-1"] });
    expect(listings()).toBe(1 + 1 + 2 + 2);
    expect(found.unseen).toHaveLength(4);
  });

  test("twice for an account without CloudTrail's logs, to name what it has instead", async () => {
    const others = keys(`AWSLogs/${C}/Config/us-east-1/2026/1/2/a.json.gz`, `AWSLogs/${C}/Cloudtrail/x`);
    const found = await discoverDays(openBucket([...files, ...others]), window);
    expect(listings()).toBe(10 + 2);
    expect(found.otherServices).toEqual(["Config"]);
    expect(found.oddities).toEqual([
      {
        reason: "almost a CloudTrail folder (its name has another spelling)",
        count: 1,
        examples: [`AWSLogs/${C}/Cloudtrail/`],
      },
    ]);
  });

  test("page by page where it has 2,100 accounts", async () => {
    const accounts = Array.from({ length: 2100 }, (_, index) => String(index * 7919).padStart(12, "0"));
    const bucket = accounts.map((account) => ({
      key: `AWSLogs/${account}/CloudTrail/us-east-1/2026/11/22/${account}_CloudTrail_a.json.gz`,
      bytes: new Uint8Array(60),
    }));
    const found = await discoverDays(openBucket(bucket), { ...window, accounts: accounts.slice(-2) });
    expect(found.partitions.map(({ account }) => account)).toEqual(accounts.slice(-2));
    expect(found.unseen).toHaveLength(2098);
    expect(listings()).toBe(1 + 3 + 2 + 2);
  });

  test("reads no object", async () => {
    await discoverDays(openBucket(files));
    expect(new Set(aws.calls.map(({ call }) => call))).toEqual(new Set(["S3 ListObjectsV2"]));
  });
});

describe("discover of days reports", () => {
  test("dates that are none, each with what is wrong", async () => {
    const region = `AWSLogs/${A}/CloudTrail/us-east-1`;
    const files = keys(
      `${region}/2026/11/22/a.json.gz`,
      `${region}/26/11/22/a.json.gz`,
      `${region}/2026/13/22/a.json.gz`,
      `${region}/2026/02/30/a.json.gz`,
      `${region}/2026/1/22/a.json.gz`,
      `${region}/2026/11/notes.txt`,
      `${region}/_temporary/11/22/a.json.gz`,
      `AWSLogs/${A}/CloudTrail/Frankfurt/2026/11/22/a.json.gz`,
    );
    for (const store of [openMemory(files), openBucket(files)]) {
      const found = await discoverDays(store);
      expect(daysOf(found)).toEqual([`AWSLogs/${A} us-east-1 2026-11-22`]);
      expect(found.oddities).toEqual([
        {
          reason: "a file above the folder of a day",
          count: 1,
          examples: [`${region}/2026/11/notes.txt`],
        },
        {
          reason: "not a Region (wanted a name such as us-east-1)",
          count: 1,
          examples: [`AWSLogs/${A}/CloudTrail/Frankfurt/`],
        },
        {
          reason: "not a day (wanted a day of that month, two digits)",
          count: 1,
          examples: [`${region}/2026/02/30/`],
        },
        {
          reason: "not a month (wanted 01 to 12)",
          count: 2,
          examples: [`${region}/2026/1/22/`, `${region}/2026/13/22/`],
        },
        {
          reason: "not a year (wanted four digits)",
          count: 1,
          examples: [`${region}/26/11/22/`],
        },
      ]);
    }
  });

  test("what it has found, as it goes", async () => {
    const regions = Array.from({ length: 30 }, (_, index) => `xx-east-${index}`);
    const days = Array.from({ length: 80 }, (_, index) => new Date(Date.UTC(2026, 8, index)).toISOString());
    const files = regions.flatMap((region) =>
      days.map((time) => makeLog({ region, day: time.slice(0, 10) })),
    );
    const seen: unknown[] = [];
    await discoverDays(openMemory(files), { onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([
      { step: "listing days", done: 1000 },
      { step: "listing days", done: 2000 },
    ]);
  });
});

describe("discover of days finds", () => {
  test("Control Tower's doubled organization, and account trails beside it", async () => {
    const roots = [`${ORGANIZATION}/AWSLogs/${ORGANIZATION}/`, `${ORGANIZATION}/AWSLogs/`];
    const found = await discoverDays(openBucket(roots.map((root) => makeLog({ root }))));
    expect(found.roots).toEqual(roots.toSorted());
    expect(daysOf(found)).toEqual(roots.toSorted().map((root) => `${root}${A} us-east-1 2026-11-20`));
  });

  test("logs behind 3,000 keys that sort before AWSLogs/", async () => {
    const before = Array.from({ length: 3000 }, (_, index) => `0-${String(index).padStart(4, "0")}.txt`);
    const found = await discoverDays(openBucket([...keys(...before), makeLog()]));
    expect(daysOf(found)).toEqual([`AWSLogs/${A} us-east-1 2026-11-20`]);
  });

  test("no day for a folder that stands in a bucket as an empty key", async () => {
    const folders = keys(`AWSLogs/${A}/CloudTrail/us-east-1/2026/11/21/`, `AWSLogs/${B}/CloudTrail/`);
    const found = await discoverDays(openBucket([makeLog(), ...folders]));
    expect(daysOf(found)).toEqual([`AWSLogs/${A} us-east-1 2026-11-20`]);
    expect(found.oddities).toEqual([]);
  });
});

describe("discover of days without permission", () => {
  test("to list the bucket's top looks into AWSLogs/, and says that it may not be all", async () => {
    const store = openBucket([makeLog(), makeLog({ root: `${ORGANIZATION}/AWSLogs/` })]);
    aws.faults.onCall(({ index }) =>
      index === 1 ? { kind: "error", status: 403, code: "AccessDenied", message: "no" } : undefined,
    );
    const found = await discoverDays(store);
    expect(daysOf(found)).toEqual([`AWSLogs/${A} us-east-1 2026-11-20`]);
    expect(found.oddities).toEqual([
      {
        reason: "AWSLogs folders were looked for nowhere else: there is no permission to list them",
        count: 1,
        examples: ["AWSLogs/"],
      },
    ]);
  });

  test("to list a folder beside AWSLogs/ goes on, and names it", async () => {
    const store = openMemory([makeLog(), makeLog({ root: "other/AWSLogs/" })]);
    const listChildren: Store["listChildren"] = (prefix, options) => {
      if (prefix === "other/") throw new AccessDenied("not allowed");
      return store.listChildren(prefix, options);
    };
    const found = await discoverDays({ ...store, listChildren });
    expect(daysOf(found)).toEqual([`AWSLogs/${A} us-east-1 2026-11-20`]);
    expect(found.oddities).toEqual([
      {
        reason: "not searched for AWSLogs folders: there is no permission to list it",
        count: 1,
        examples: ["other/"],
      },
    ]);
  });

  test("to list anything at all fails, and names the permission", async () => {
    const store = openBucket([makeLog()]);
    aws.deny("s3:ListBucket");
    expect(await errorOf(discoverDays(store))).toMatchObject({
      message: expect.stringContaining("s3:ListBucket") as string,
    });
  });
});

test("discover names a folder without a name, below which Athena cannot read, and goes no further", async () => {
  const { key, bytes } = makeLog({ account: A });
  const found = await discoverDays(openBucket([{ key: `trail//${key}`, bytes }, makeLog({ account: B })]));
  expect(found.oddities).toMatchObject([
    { reason: expect.stringContaining("a folder without a name"), examples: ["trail//"] },
  ]);
  expect(found.partitions.map(({ account }) => account)).toEqual([B]);
});
