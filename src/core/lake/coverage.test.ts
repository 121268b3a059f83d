import { expect, test } from "vitest";
import type { Day } from "../day.ts";
import { countRegions } from "./count-regions.ts";
import { COVERAGE_COLUMNS, printCoverage } from "./coverage.ts";
import type { Manifest } from "./manifest.ts";
import { MANIFEST_FORMAT, parseManifest, printManifest, totalCounts } from "./manifest.ts";
import type { SourceOutcome } from "./source-list.ts";
import { parseSources, printSource } from "./source-list.ts";

const READ: SourceOutcome = {
  key: "AWSLogs/a.json.gz",
  region: "us-east-1",
  size: 100,
  tag: "1.5",
  sha256: "00",
  events: 7,
  duplicates: 2,
  setAside: undefined,
  part: 0,
  late: true,
};
const BROKEN: SourceOutcome = {
  key: "AWSLogs/b.json.gz",
  region: "eu-west-1",
  size: 30,
  tag: "2",
  sha256: undefined,
  events: undefined,
  duplicates: 0,
  setAside: "not gzip",
  part: undefined,
  late: false,
};
const SOURCES = [READ, BROKEN, { ...READ, key: "AWSLogs/c.json.gz", late: false }];

const TIMES = new Map([["us-east-1", { first: "2026-11-20T01:00:00Z", last: "2026-11-20T02:00:00Z" }]]);

function makeManifest(): Manifest {
  const regions = countRegions(SOURCES, TIMES);
  return {
    format: MANIFEST_FORMAT,
    dataset: "insight",
    account: "111122223333",
    day: "2026-11-20" as Day,
    version: 3,
    fingerprint: "0f",
    schema: 1,
    files: [],
    sources: { sha256: "00", bytes: 1 },
    regions,
    total: totalCounts(regions),
    setAside: [],
  };
}

test("Regions are counted, and their sum is that of their objects and events", () => {
  const { regions, total } = makeManifest();
  expect(regions.map(({ region }) => region)).toEqual(["eu-west-1", "us-east-1"]);
  expect(total).toEqual({
    objects: 3,
    bytes: 230,
    setAside: 1,
    late: 1,
    events: 14,
    duplicates: 4,
    records: 10,
  });
});

test("coverage has a row for each Region, with the columns that its table has", () => {
  const rows = printCoverage(makeManifest())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const row of rows) expect(Object.keys(row)).toEqual(COVERAGE_COLUMNS.map(({ name }) => name));
  expect(rows[0]).toMatchObject({ region: "eu-west-1", set_aside: 1, first_event_time: null });
  expect(rows[1]).toMatchObject({
    kind: "CloudTrail-Insight",
    region: "us-east-1",
    year: "2026",
    month: "11",
    day: "20",
    objects: 2,
    bytes: 200,
    events: 14,
    duplicates: 4,
    records: 10,
    late: 1,
    first_event_time: "2026-11-20T01:00:00Z",
    last_event_time: "2026-11-20T02:00:00Z",
  });
});

test("a list of objects is read as it was written", () => {
  expect(parseSources(SOURCES.map(printSource).join(""))).toEqual(SOURCES);
});

test("a manifest is read as it was written", () => {
  const manifest = makeManifest();
  expect(parseManifest(printManifest(manifest), manifest)).toEqual(JSON.parse(JSON.stringify(manifest)));
});

test.each([
  ["cut", (text: string) => text.slice(0, -10)],
  ["without a format", (text: string) => text.replace('"format": 1', '"shape": 1')],
  ["of another account", (text: string) => text.replace("111122223333", "000000000000")],
  ["of another version", (text: string) => text.replace('"version": 3', '"version": 4')],
  ["no object", () => "null"],
  ["empty", () => ""],
])("a manifest that is %s is none", (_, change) => {
  const manifest = makeManifest();
  expect(parseManifest(change(printManifest(manifest)), manifest)).toBeUndefined();
});
