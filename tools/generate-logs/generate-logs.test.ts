import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { parseLogKey, parseStamp } from "../../src/core/log-key.ts";
import type { GenerateLogsOptions, Layout } from "./generate-logs.ts";
import { generateLogs } from "./generate-logs.ts";
import { readRecords } from "./read-generated.ts";
import { LAYOUTS } from "./options.ts";
import { PARTITIONS } from "./regions.ts";

const SMALL = { accounts: 2, regions: 2, days: 3, records: 3 } as const satisfies GenerateLogsOptions;

function keysOf(options: GenerateLogsOptions): readonly string[] {
  return [...generateLogs({ ...SMALL, ...options })].map(({ key }) => key);
}

test("the same seed gives the same keys and bytes", () => {
  const options = { ...SMALL, noise: true, broken: true, duplicates: 0.2 };
  const [first, second] = [[...generateLogs(options)], [...generateLogs(options)]];
  expect(first.map(({ key }) => key)).toEqual(second.map(({ key }) => key));
  expect(
    first.filter(({ bytes }, index) => !Buffer.from(bytes).equals(second[index]?.bytes ?? bytes)),
  ).toEqual([]);
});

test("another seed gives other keys", () => {
  const others = new Set(keysOf({ seed: 2 }));
  expect(keysOf({ seed: 1 }).filter((key) => others.has(key))).toEqual([]);
});

test.each([0, 1, 2, 17, 500])("%i files are asked for, and made", (files) => {
  const kinds = [...generateLogs({ ...SMALL, files })].map(({ kind }) => kind);
  expect(kinds).toEqual(Array.from({ length: files }, () => "log"));
});

test("no two files have one key", () => {
  const keys = keysOf({ files: 600, records: 1, noise: true, broken: true });
  expect(new Set(keys).size).toBe(keys.length);
});

test.each(LAYOUTS)("every key of the layout %s is a log key with a stamp", (layout) => {
  for (const key of keysOf({ layout, prefix: "a/b" })) {
    const parsed = parseLogKey(key);
    expect(parsed, key).toMatchObject({ kind: "CloudTrail" });
    expect(key).toMatch(/^a\/b\//);
    expect(parseStamp(parsed?.file ?? ""), key).toBeDefined();
  }
});

test.each<[Layout, readonly RegExp[]]>([
  ["account", [/^AWSLogs\/$/]],
  ["organization", [/^AWSLogs\/o-[a-z0-9]{10}\/$/]],
  ["control-tower", [/^(o-[a-z0-9]{10})\/AWSLogs\/\1\/$/]],
  ["mixed", [/^AWSLogs\/$/, /^AWSLogs\/o-\w+\/$/, /^o-\w+\/AWSLogs\/$/, /^(o-\w+)\/AWSLogs\/\1\/$/]],
])("the layout %s has the roots %j", (layout, patterns) => {
  const roots = [
    ...new Set(keysOf({ layout, accounts: 3, days: 10 }).map((key) => parseLogKey(key)?.root ?? "")),
  ];
  expect(roots).toHaveLength(patterns.length);
  for (const pattern of patterns) expect(roots.filter((root) => pattern.test(root))).toHaveLength(1);
});

test("in the mixed layout an account lies under two roots", () => {
  const parsed = keysOf({ layout: "mixed", days: 10 }).map((key) => parseLogKey(key));
  for (const account of new Set(parsed.map((key) => key?.account))) {
    const roots = parsed.filter((key) => key?.account === account).map((key) => key?.root);
    expect(new Set(roots).size).toBe(2);
  }
});

test.each(PARTITIONS)("the partition %s has its own Regions and ARNs", (partition) => {
  const files = [...generateLogs({ ...SMALL, partition, files: 20, records: 10 })];
  const text = JSON.stringify(files.flatMap(readRecords));
  const partitions = new Set([...text.matchAll(/"arn:([a-z-]+):/g)].map((match) => match[1]));
  expect([...partitions]).toEqual([partition]);
});

test("one file of a million is made at once", () => {
  const begin = performance.now();
  const first = generateLogs({ accounts: 100, files: 1_000_000 }).next();
  expect(first.done).toBe(false);
  expect(performance.now() - begin).toBeLessThan(5000);
});

test("a wrong option is refused before the first file is asked for", () => {
  expect(() => generateLogs({ days: 0 })).toThrow("--days 0");
});

test("the large file holds nearly 50 MB, and its records are counted", () => {
  const [large] = [...generateLogs({ files: 0, largeFile: true })];
  if (large === undefined) throw new Error("no file");
  const text = gunzipSync(large.bytes).toString("latin1");
  const records = text.split('{"eventVersion":').length - 1;
  expect(large).toMatchObject({ kind: "log", records, note: "large" });
  expect(text.length).toBeGreaterThan(48_000_000);
  expect(text.length).toBeLessThan(50_000_000);
});
