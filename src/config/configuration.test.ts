import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { errorOf, makeFolder } from "../fixtures.contract.ts";
import type { Configuration } from "./configuration.ts";
import { readConfiguration } from "./configuration-file.ts";
import type { Settings } from "./settings.ts";
import { decideSettings } from "./settings.ts";

type Environment = Readonly<Record<string, string>>;

async function writeConfiguration(yaml: string): Promise<string> {
  const file = join(await makeFolder(), "settings.yaml");
  await writeFile(file, yaml);
  return file;
}

async function read(yaml: string, environment: Environment = {}): Promise<Configuration> {
  return readConfiguration(await writeConfiguration(yaml), environment);
}

async function decide(yaml: string, environment: Environment = {}): Promise<Settings> {
  return decideSettings({}, await read(yaml, environment));
}

/** Duo Labs' config.yaml.demo, filled in. */
const PREDECESSORS = `
# Bucket with the logs
s3_bucket_containing_logs: my-logs
alarm_sns_arn: arn:aws:sns:us-east-1:000000000012:alarms
cloudtrail_prefix: trails/all
partition_days: 30
output_s3_bucket: default
database: security
table_prefix: ct
`;

describe("the predecessor's file is read unchanged:", () => {
  test("all of it", async () => {
    expect(await read(PREDECESSORS)).toEqual({
      s3_bucket_containing_logs: "my-logs",
      alarm_sns_arn: "arn:aws:sns:us-east-1:000000000012:alarms",
      cloudtrail_prefix: "trails/all",
      partition_days: 30,
      output_s3_bucket: "default",
      database: "security",
      table_prefix: "ct",
    });
    expect(await decide(PREDECESSORS)).toMatchObject({
      logs: "s3://my-logs/trails/all",
      engine: "athena",
      database: "security",
      tablePrefix: "ct",
      partitionDays: 30,
    });
  });

  test.each([
    ["with no prefix", "", "s3://my-logs"],
    ["with an empty prefix", "cloudtrail_prefix:", "s3://my-logs"],
    ["with an empty prefix in quotes", 'cloudtrail_prefix: ""', "s3://my-logs"],
    ["without a slash", "cloudtrail_prefix: trails", "s3://my-logs/trails"],
    ["with a slash at its end", "cloudtrail_prefix: trails/", "s3://my-logs/trails"],
    ["with two slashes at its end", "cloudtrail_prefix: trails//", "s3://my-logs/trails"],
    ["that is a number", "cloudtrail_prefix: 0123", "s3://my-logs/0123"],
    ["of several folders", "cloudtrail_prefix: a/b/", "s3://my-logs/a/b"],
  ])("a cloudtrail_prefix %s", async (_, line, logs) => {
    expect(await decide(`s3_bucket_containing_logs: my-logs\n${line}\n`)).toMatchObject({ logs });
  });

  test("with nothing but a bucket, by its defaults", async () => {
    expect(await decide("s3_bucket_containing_logs: my-logs")).toMatchObject({
      engine: "athena",
      database: "default",
      tablePrefix: "cloudtrail",
      partitionDays: 90,
    });
  });

  test("with empty values, by its defaults", async () => {
    const empty = "partition_days:\ndatabase:\ntable_prefix:\nalarm_sns_arn:\noutput_s3_bucket:\n";
    expect(await decide(`s3_bucket_containing_logs: my-logs\n${empty}`)).toMatchObject({
      database: "default",
      tablePrefix: "cloudtrail",
      partitionDays: 90,
    });
  });

  test("with Windows' line ends and a byte order mark", async () => {
    expect(await read(`\uFEFF${PREDECESSORS.replaceAll("\n", "\r\n")}`)).toMatchObject({
      database: "security",
    });
  });
});

describe("the predecessor's environment is read unchanged:", () => {
  const environment = {
    S3_BUCKET_CONTAINING_LOGS: "my-logs",
    CLOUDTRAIL_PREFIX: "trails/",
    PARTITION_DAYS: "7",
    OUTPUT_S3_BUCKET: "default",
    DATABASE: "security",
    TABLE_PREFIX: "ct",
  };

  test("all of it", async () => {
    expect(await decide("", environment)).toMatchObject({
      logs: "s3://my-logs/trails",
      engine: "athena",
      database: "security",
      tablePrefix: "ct",
      partitionDays: 7,
    });
  });

  test("over its file", async () => {
    expect(await decide(PREDECESSORS, environment)).toMatchObject({
      logs: "s3://my-logs/trails",
      tablePrefix: "ct",
      partitionDays: 7,
    });
  });

  test.each([
    ["without its bucket", {}],
    ["with an empty bucket", { S3_BUCKET_CONTAINING_LOGS: "" }],
  ])("but for stray variables of common names %s", async (_, bucket) => {
    const stray = { DATABASE: "stray", TABLE_PREFIX: "stray", PARTITION_DAYS: "1", ...bucket };
    expect(await decide("logs: /logs", stray)).toEqual(await decide("logs: /logs"));
  });

  test("even where a stray variable is wrong", async () => {
    expect(await decide("logs: /logs", { PARTITION_DAYS: "many" })).toMatchObject({ logs: "/logs" });
  });
});

describe("values", () => {
  test("that look like numbers stay text: account ids begin with zeros", async () => {
    const yaml = "accounts: [000000000012, 0123456789012, 1e5]\ntable_prefix: ct\nlogs: /012345678901\n";
    expect(await read(yaml)).toMatchObject({
      accounts: ["000000000012", "0123456789012", "1e5"],
      logs: "/012345678901",
    });
  });

  test.each([
    ["a list", "accounts:\n  - 000000000012\n  - 111122223333\n"],
    ["a list on one line", "accounts: [000000000012, 111122223333]"],
    ["words with commas", "accounts: 000000000012,111122223333"],
    ["words with commas and spaces", "accounts: 000000000012, 111122223333"],
    ["words with spaces", "accounts: 000000000012 111122223333"],
  ])("of accounts may be %s", async (_, yaml) => {
    expect((await decide(yaml)).accounts).toEqual(["000000000012", "111122223333"]);
  });

  test.each(["accounts:", 'accounts: ""', "accounts: []", "regions:", "lake:", "memory:"])(
    "that are empty are as if they were not there: %s",
    async (yaml) => {
      expect(await decide(yaml)).toEqual(await decide("{}"));
    },
  );

  test("that are paths are relative to the file they stand in", async () => {
    const file = await writeConfiguration("logs: ../logs\ndatabase: catalog.duckdb\nlake: ../lake\n");
    const settings = decideSettings({}, await readConfiguration(file, {}));
    expect(settings).toMatchObject({
      logs: join(file, "../../logs"),
      lake: join(file, "../../lake"),
      database: join(file, "../catalog.duckdb"),
    });
  });

  test("that are URLs or absolute stay as they are", async () => {
    expect(await read("logs: s3://bucket/prefix")).toMatchObject({ logs: "s3://bucket/prefix" });
    expect(await read("logs: /var/logs")).toMatchObject({ logs: "/var/logs" });
    for (const lake of ["s3://bucket/lake", "gs://bucket/lake", "/var/lake"])
      expect(await read(`lake: ${lake}`)).toMatchObject({ lake });
  });
});

describe("precedence:", () => {
  const yaml = "logs: /file\ndatabase: file.duckdb\ntable_prefix: file\npartition_days: 1\n";
  const environment = {
    CLOUDTRAIL_PARTITIONER_LOGS: "/environment",
    CLOUDTRAIL_PARTITIONER_DATABASE: "/environment.duckdb",
    CLOUDTRAIL_PARTITIONER_TABLE_PREFIX: "environment",
    CLOUDTRAIL_PARTITIONER_PARTITION_DAYS: "2",
    CLOUDTRAIL_PARTITIONER_ACCOUNTS: "000000000012",
  };

  test("the environment is over the file", async () => {
    expect(await decide(yaml, environment)).toMatchObject({
      logs: "/environment",
      database: "/environment.duckdb",
      tablePrefix: "environment",
      partitionDays: 2,
      accounts: ["000000000012"],
    });
  });

  test("the environment names a lake and its memory, too", async () => {
    const lake = { CLOUDTRAIL_PARTITIONER_LAKE: "/lake", CLOUDTRAIL_PARTITIONER_MEMORY: "2GB" };
    expect(await decide("lake: /file\nmemory: 1GB\n", lake)).toMatchObject({
      lake: "/lake",
      memory: 2_000_000_000,
    });
  });

  test("an empty variable is none", async () => {
    expect(await decide(yaml, { CLOUDTRAIL_PARTITIONER_LOGS: "" })).toMatchObject({ logs: "/file" });
  });

  test("flags are over both", async () => {
    const configuration = await read(yaml, environment);
    const flags = { logs: "/flag", database: "flag", engine: "athena" } as const;
    expect(decideSettings(flags, configuration)).toMatchObject(flags);
  });

  test("our own variables are over the predecessor's", async () => {
    const both = { ...environment, S3_BUCKET_CONTAINING_LOGS: "bucket", DATABASE: "theirs" };
    expect(await decide("", both)).toMatchObject({ logs: "/environment", database: "/environment.duckdb" });
  });

  test("the predecessor's bucket in the environment is over logs in the file", async () => {
    const bucket = { S3_BUCKET_CONTAINING_LOGS: "bucket" };
    expect(await decide("logs: /file", bucket)).toMatchObject({ logs: "s3://bucket", engine: "athena" });
  });

  test("logs in the environment are over the predecessor's bucket in the file", async () => {
    const own = { CLOUDTRAIL_PARTITIONER_LOGS: "/environment" };
    expect(await decide(PREDECESSORS, own)).toMatchObject({ logs: "/environment", engine: "duckdb" });
  });
});

describe("what is wrong is said, with the file's name:", () => {
  test.each<[string, string, string[]]>([
    ["an unknown key, with the nearest", "databse: x", ['"databse"', "database"]],
    ["a key with a dash", "table-prefix: x", ['"table-prefix"', "table_prefix"]],
    ["a key in capitals", "LOGS: x", ['"LOGS"', "logs"]],
    ["an unknown key, with all where none is near", "colour: red", ['"colour"', "logs, engine, database"]],
    ["a syntax error", "logs: [", ["is not YAML"]],
    ["a key twice", "logs: a\nlogs: b", ["is not YAML"]],
    ["a tab", "logs:\n\t- a", ["is not YAML"]],
    ["two documents", "logs: a\n---\nlogs: b", ["is not YAML"]],
    ["an alias of nothing", "logs: *nothing", []],
    ["a list at the top", "- logs", []],
    ["a word at the top", "logs", []],
    ["days that are no number", "partition_days: many", ["partition_days", "a number of days"]],
    ["a lake that is misspelt, with the nearest", "lak: x", ['"lak"', "lake"]],
    ["days that are negative", "partition_days: -1", ["partition_days"]],
    ["an engine nobody knows", "engine: postgres", ["engine"]],
    ["a list where a word is wanted", "logs: [a, b]", ["logs"]],
    ["a mapping where a list is wanted", "accounts: {a: b}", ["accounts"]],
  ])("%s", async (_, yaml, said) => {
    const file = await writeConfiguration(yaml);
    const error = await errorOf(readConfiguration(file, {}));
    expect(error).toMatchObject({ name: "UserError" });
    const text = `${String(error)} ${(error as { hint?: string }).hint}`;
    for (const part of [file, ...said]) expect(text).toContain(part);
  });

  test("a file that does not exist", async () => {
    const file = join(await makeFolder(), "missing.yaml");
    expect(await errorOf(readConfiguration(file, {}))).toMatchObject({
      name: "UserError",
      message: expect.stringContaining(file),
    });
  });

  test("a file that is a folder", async () => {
    const file = await makeFolder("settings.yaml");
    expect(await errorOf(readConfiguration(file, {}))).toMatchObject({ name: "UserError" });
  });

  test("a variable of no key, with the nearest", async () => {
    const error = await errorOf(read("", { CLOUDTRAIL_PARTITIONER_ALARM_MAIL: "a@example.com" }));
    expect(error).toMatchObject({
      message: 'the environment has an unknown key "alarm_mail"',
      hint: "did you mean alarm_email?",
    });
  });

  test("a wrong variable, as the environment's", async () => {
    const error = await errorOf(read("", { CLOUDTRAIL_PARTITIONER_PARTITION_DAYS: "many" }));
    expect(error).toMatchObject({ name: "UserError", message: expect.stringContaining("the environment") });
    expect(String(error)).toContain("partition_days");
  });
});

test.each(["", "# nothing\n", "---\n", "{}"])("a file that says nothing is as none: %j", async (yaml) => {
  expect(await read(yaml)).toEqual({});
});

test("without a file and an environment there is nothing, and no error", async () => {
  // There is no cloudtrail-partitioner.yaml in the working directory of the tests.
  expect(await readConfiguration(undefined, {})).toEqual({});
});
