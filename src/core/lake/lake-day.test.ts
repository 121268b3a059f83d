import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Day } from "../day.ts";
import type { Dataset, LakeVersion } from "./lake-day.ts";
import {
  DATASETS,
  parseLakeKey,
  printDataFolder,
  printManifestKey,
  printPartName,
  printSourcesKey,
} from "./lake-day.ts";

const version: fc.Arbitrary<LakeVersion> = fc.record({
  dataset: fc.constantFrom(...(Object.keys(DATASETS) as Dataset[])),
  account: fc.constantFrom("111122223333", "000000000001"),
  day: fc.constantFrom("2026-11-20", "2024-02-29").map((day) => day as Day),
  version: fc.integer({ min: 1, max: 2_000_000 }),
  fingerprint: fc.constantFrom("0123456789abcdef", "ffff0000ffff0000"),
});

describe("parseLakeKey", () => {
  test("reads every key that is printed", () => {
    fc.assert(
      fc.property(version, fc.nat({ max: 200_000 }), (at, part) => {
        const { fingerprint, ...slot } = at;
        const folder = printDataFolder(at);
        expect(parseLakeKey(`${folder}${printPartName(part)}`)).toEqual({ kind: "data", ...at, folder });
        expect(parseLakeKey(printSourcesKey(at))).toEqual({ kind: "sources", ...slot, fingerprint });
        expect(parseLakeKey(printManifestKey(at))).toEqual({ kind: "manifest", ...slot });
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    "",
    "notes.txt",
    "data/account=111122223333/year=2026/month=11/day=20/part-00000.parquet",
    "data/account=111122223333/year=2026/month=11/day=20/v000001-0f/other.parquet",
    "data/account=111122223333/year=2026/month=02/day=30/v000001-0f/part-00000.parquet",
    "data/account=11112222333/year=2026/month=11/day=20/v000001-0f/part-00000.parquet",
    "mine/account=111122223333/year=2026/month=11/day=20/v000001-0f/part-00000.parquet",
    "toString/account=111122223333/year=2026/month=11/day=20/v000001-0f/part-00000.parquet",
    "x/data/account=111122223333/year=2026/month=11/day=20/v000001-0f/part-00000.parquet",
    "manifests/data/account=111122223333/2026-11-20.v000001-0f.json",
    "manifests/data/account=111122223333/2026-11-20.v000001.json.bak",
    "sources/data/account=111122223333/2026-11-20.v000001.ndjson.gz",
    "sources/data/account=111122223333/2026-11-31.v000001-0f.ndjson.gz",
  ])("takes %j for none of ours", (key) => {
    expect(parseLakeKey(key)).toBeUndefined();
  });
});
