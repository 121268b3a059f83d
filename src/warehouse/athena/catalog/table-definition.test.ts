import { describe, expect, test } from "vitest";
import type { Day } from "../../../core/day.ts";
import { PartitionSet } from "../../../core/partition-set.ts";
import { placePartitions, SHARED_KEYS } from "./places.ts";
import {
  defineTable,
  isShared,
  makePartitionInput,
  makeTableInput,
  parseDefinition,
  printDefinition,
  readDefinition,
} from "./table-definition.ts";

const ACCOUNT = "111122223333";
const PLAIN = { projected: false, partitionIndex: false };

function partitionsUnder(...roots: string[]): PartitionSet {
  return new PartitionSet(
    roots.map((root, index) => ({
      account: ACCOUNT,
      region: "us-east-1",
      day: `2026-11-2${index}` as Day,
      roots: [root],
    })),
  );
}

describe("a table lies in the deepest folder that is above all of its partitions", () => {
  const [A, B] = ["s3://logs/AWSLogs/", "s3://logs/AWSLogs/o-aa111bb222/"] as const;

  test.each<[string, string[], string, string]>([
    ["one root", [A], "s3://logs/AWSLogs/111122223333/CloudTrail/", A],
    [
      "one root, below a prefix",
      ["s3://l/a/b/AWSLogs/"],
      "s3://l/a/b/AWSLogs/111122223333/CloudTrail/",
      "s3://l/a/b/AWSLogs/",
    ],
    ["two roots, one in the other", [A, B], A, A],
    ["two roots side by side", ["s3://logs/a/AWSLogs/", "s3://logs/b/AWSLogs/"], "s3://logs/", "s3://logs/"],
    [
      "two roots whose names begin alike",
      ["s3://logs/ab/AWSLogs/", "s3://logs/ac/AWSLogs/"],
      "s3://logs/",
      "s3://logs/",
    ],
    ["two buckets", ["s3://more-logs/AWSLogs/", "s3://logs/AWSLogs/"], "s3://logs/", "s3://logs/"],
  ])("%s", (_, roots, own, shared) => {
    const partitions = partitionsUnder(...roots);
    expect(defineTable(ACCOUNT, partitions, PLAIN).location).toBe(own);
    expect(defineTable(undefined, partitions, PLAIN).location).toBe(shared);
  });
});

describe("a table's definition", () => {
  const definition = defineTable(ACCOUNT, partitionsUnder("s3://logs/AWSLogs/"), PLAIN);
  const input = makeTableInput("cloudtrail_111122223333", definition, { version: "1.2.3" });

  test("is AWS's form of a table over raw logs, with keys of text", () => {
    expect(input).toMatchObject({
      TableType: "EXTERNAL_TABLE",
      PartitionKeys: ["region", "year", "month", "day"].map((Name) => ({ Name, Type: "string" })),
      StorageDescriptor: {
        InputFormat: "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
        OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        SerdeInfo: { SerializationLibrary: "org.apache.hive.hcatalog.data.JsonSerDe" },
      },
      Parameters: {
        EXTERNAL: "TRUE",
        classification: "cloudtrail",
        "cloudtrail_partitioner.version": "1.2.3",
      },
    });
  });

  test("is read from Glue as it was written, and parsed as it was printed", () => {
    const text = printDefinition(definition);
    expect(printDefinition(parseDefinition(text))).toBe(text);
    expect(readDefinition({ ...input, Name: "cloudtrail_111122223333" })).toBe(text);
  });

  test("does not depend on the tool's version or on parameters that others set", () => {
    const Parameters = { ...input.Parameters, owner_team: "x", "cloudtrail_partitioner.version": "9" };
    const read = readDefinition({ ...input, Name: "cloudtrail_111122223333", Parameters });
    expect(read).toBe(printDefinition(definition));
  });

  test.each([
    ["a column less", { StorageDescriptor: { ...input.StorageDescriptor, Columns: [] } }],
    ["another location", { StorageDescriptor: { ...input.StorageDescriptor, Location: "s3://logs/" } }],
    ["other keys", { PartitionKeys: SHARED_KEYS.map((Name) => ({ Name, Type: "string" })) }],
    ["another format", { StorageDescriptor: { ...input.StorageDescriptor, InputFormat: "x" } }],
    ["projection", { Parameters: { ...input.Parameters, "projection.enabled": "true" } }],
    ["an older schema", { Parameters: { ...input.Parameters, "cloudtrail_partitioner.schema": "0" } }],
    ["an index", { Parameters: { ...input.Parameters, "partition_filtering.enabled": "true" } }],
  ])("differs for %s", (_, change) => {
    const read = readDefinition({ ...input, Name: "cloudtrail_111122223333", ...change });
    expect(read).not.toBe(printDefinition(definition));
  });

  test("keeps the owner, the retention and the parameters of others, and no more", () => {
    const existing = {
      Name: "cloudtrail_111122223333",
      Owner: "security",
      Retention: 7,
      Parameters: {
        owner_team: "x",
        presto_view: "true",
        comment: "Presto View",
        "projection.enabled": "true",
        "partition_filtering.enabled": "true",
        "cloudtrail_partitioner.version": "0",
      },
    };
    const kept = makeTableInput("cloudtrail_111122223333", definition, { version: "1.2.3", existing });
    expect(kept).toMatchObject({ Owner: "security", Retention: 7 });
    expect(kept.Parameters).toEqual({ ...input.Parameters, owner_team: "x" });
  });
});

test("a partition carries its columns, its location and the version of the schema", () => {
  const root = "s3://logs/AWSLogs/";
  const definition = defineTable(undefined, partitionsUnder(root), PLAIN);
  const [place] = placePartitions(partitionsUnder(root), { shared: isShared(definition) });
  expect(makePartitionInput(place!, definition)).toEqual({
    Values: [ACCOUNT, "us-east-1", "2026", "11", "20", "logs/AWSLogs"],
    StorageDescriptor: {
      Columns: definition.columns.map(([Name, Type]) => ({ Name, Type })),
      Location: "s3://logs/AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/20/",
      ...definition.format,
    },
    Parameters: { "cloudtrail_partitioner.schema": "1" },
  });
});
