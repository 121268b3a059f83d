import { describe, expect, test } from "vitest";
import { decideSettings } from "./settings.ts";

describe("decideSettings", () => {
  test("of nothing gives the defaults", () => {
    expect(decideSettings({}, {})).toEqual({
      logs: undefined,
      engine: "duckdb",
      database: "cloudtrail.duckdb",
      tablePrefix: "cloudtrail",
      partitionDays: undefined,
      accounts: undefined,
      regions: undefined,
      lake: undefined,
      memory: 1_000_000_000,
      aws: { profile: undefined, awsRegion: undefined, endpointUrl: undefined },
      requestPayer: false,
      layout: "auto",
      partitions: "registered",
      partitionIndex: false,
      retentionDays: undefined,
      workgroup: undefined,
      output: undefined,
      maxScan: undefined,
      dollarsPerTerabyte: undefined,
    });
  });

  test("takes what is AWS's from the configuration, and flags over it", () => {
    const configuration = {
      layout: "unified",
      partitions: "projected",
      partition_index: "true",
      retention_days: 400,
      workgroup: "hunting",
      output_s3_bucket: "answers",
      max_scan: "1TB",
      dollars_per_terabyte: 6,
      request_payer: "requester",
      profile: "audit",
      aws_region: "eu-west-1",
      endpoint_url: "http://localhost:4566",
    } as const;
    const decided = decideSettings({}, configuration);
    expect(decided).toMatchObject({
      aws: { profile: "audit", awsRegion: "eu-west-1", endpointUrl: "http://localhost:4566" },
      requestPayer: true,
      layout: "unified",
      partitions: "projected",
      partitionIndex: true,
      retentionDays: 400,
      workgroup: "hunting",
      output: "answers",
      maxScan: "1TB",
      dollarsPerTerabyte: 6,
    });
    const flags = { profile: "other", awsRegion: "us-east-1", workgroup: "primary", maxScan: "1GB" };
    expect(decideSettings(flags, configuration)).toMatchObject({
      aws: { profile: "other", awsRegion: "us-east-1" },
      workgroup: "primary",
      maxScan: "1GB",
    });
  });

  test.each(["Security", "my-database", "cloudtrail.duckdb", "a b", ""])(
    "refuses %j as the name of a Glue database",
    (database) => {
      expect(() => decideSettings({ engine: "athena", database }, {})).toThrow("Glue database");
    },
  );

  test.each([
    ["a folder", "./logs", "duckdb"],
    ["a folder that is named like a bucket", "s3/bucket", "duckdb"],
    ["a bucket", "s3://bucket", "athena"],
    ["a bucket's prefix", "s3://bucket/prefix", "athena"],
  ])("chooses the engine by the logs: %s", (_, logs, engine) => {
    expect(decideSettings({ logs }, {}).engine).toBe(engine);
    expect(decideSettings({}, { logs }).engine).toBe(engine);
  });

  test("takes the engine that it is told over that of the logs", () => {
    expect(decideSettings({ logs: "s3://bucket", engine: "duckdb" }, {}).engine).toBe("duckdb");
    expect(decideSettings({ logs: "s3://bucket" }, { engine: "duckdb" }).engine).toBe("duckdb");
    expect(decideSettings({ engine: "duckdb" }, { engine: "athena" }).engine).toBe("duckdb");
  });

  test.each([
    ["duckdb", undefined, "cloudtrail.duckdb"],
    ["duckdb", "default", "cloudtrail.duckdb"],
    ["duckdb", "mine.duckdb", "mine.duckdb"],
    ["athena", undefined, "default"],
    ["athena", "default", "default"],
    ["athena", "security", "security"],
  ] as const)("for %s and the database %s is %s", (engine, database, decided) => {
    expect(decideSettings({ engine }, { database }).database).toBe(decided);
  });

  test("takes lake and memory from the configuration, and flags over it", () => {
    const configuration = { lake: "/lake", memory: "4GB" };
    expect(decideSettings({}, configuration)).toMatchObject({ lake: "/lake", memory: 4_000_000_000 });
    expect(decideSettings({ lake: "other", memory: "500 MB" }, configuration)).toMatchObject({
      lake: "other",
      memory: 500_000_000,
    });
  });

  test("takes a database that the user names default at its word", () => {
    expect(decideSettings({ engine: "duckdb", database: "default" }, {}).database).toBe("default");
  });

  test("covers 90 days with Athena, all with DuckDB, and as many as it is told", () => {
    expect(decideSettings({ engine: "athena" }, {}).partitionDays).toBe(90);
    expect(decideSettings({ engine: "duckdb" }, {}).partitionDays).toBeUndefined();
    expect(decideSettings({ engine: "duckdb" }, { partition_days: 7 }).partitionDays).toBe(7);
  });

  test.each(["cloudtrail", "ct_2", "_x", "a"])("takes the table prefix %s", (table_prefix) => {
    expect(decideSettings({}, { table_prefix }).tablePrefix).toBe(table_prefix);
  });

  test.each(["CloudTrail", "2ct", "cloud-trail", 'a"b', "a b", "a;b", "é", "a".repeat(102)])(
    "refuses the table prefix %s, which Athena would",
    (table_prefix) => {
      expect(() => decideSettings({}, { table_prefix })).toThrow(`table_prefix "${table_prefix}"`);
    },
  );

  test.each<[string, Parameters<typeof decideSettings>[0], Parameters<typeof decideSettings>[1]]>([
    ["accounts", {}, { accounts: ["44445555666"] }],
    ["regions", {}, { regions: ["us_east_1"] }],
    ["--endpoint-url", { endpointUrl: "foo" }, {}],
    ["--endpoint-url", {}, { endpoint_url: "http://" }],
    ["--aws-region", { awsRegion: "us east 1" }, {}],
    ['--memory "lots"', { memory: "lots" }, {}],
    ['--memory ""', { memory: "" }, {}],
    ['memory "2"', {}, { memory: "2" }],
    ["table_prefix", {}, { table_prefix: "cloudtrail_raw" }],
    ["table_prefix", {}, { table_prefix: "cloudtrail_lake" }],
    ["table_prefix", {}, { table_prefix: "cloudtrail_network_activity" }],
    ["table_prefix", {}, { table_prefix: "trail_111122223333" }],
  ])("refuses a wrong value of %s by its name", (name, flags, configuration) => {
    expect(() => decideSettings(flags, configuration)).toThrow(name);
  });
});
