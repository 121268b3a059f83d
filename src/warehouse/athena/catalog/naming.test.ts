import { expect, test } from "vitest";
import { tableName } from "../../../core/catalog.ts";
import { coverageTableName, datasetTableName, parseName, sharedTableName } from "./naming.ts";

test.each(["cloudtrail", "ct_2", "cloudtrail_eu"])(
  "names with the prefix %s say what they stand for",
  (prefix) => {
    expect(parseName(prefix, prefix)).toEqual({ kind: "all" });
    expect(parseName(sharedTableName(prefix), prefix)).toEqual({ kind: "shared" });
    expect(parseName(tableName(prefix, "000000000012"), prefix)).toEqual({
      kind: "account",
      account: "000000000012",
    });
    for (const dataset of ["data", "insight", "network-activity"] as const)
      expect(parseName(datasetTableName(prefix, dataset), prefix)).toEqual({ kind: "dataset", dataset });
    expect(parseName(coverageTableName(prefix), prefix)).toEqual({ kind: "coverage" });
  },
);

test("the lake's tables are called after what they have", () => {
  expect(datasetTableName("cloudtrail", "data")).toBe("cloudtrail_lake");
  expect(datasetTableName("cloudtrail", "insight")).toBe("cloudtrail_insight");
  expect(datasetTableName("cloudtrail", "network-activity")).toBe("cloudtrail_network_activity");
  expect(coverageTableName("cloudtrail")).toBe("cloudtrail_coverage");
});

test.each([
  "cloudtrail_",
  "cloudtrail_12",
  "cloudtrail_0000000000123",
  "cloudtrail_raw_2",
  "cloudtrail_data",
  "cloudtrail_network-activity",
  "cloudtrail_lake_000000000012",
  "cloudtrail_eu_000000000012",
  "cloudtrail000000000012",
  "other_000000000012",
  "",
])("%s is none of the names with the prefix cloudtrail", (name) => {
  expect(parseName(name, "cloudtrail")).toBeUndefined();
});
