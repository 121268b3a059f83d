import type { GetPartitionsCommandInput, PartitionInput } from "@aws-sdk/client-glue";
import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchGetPartitionCommand,
  BatchUpdatePartitionCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GlueClient,
} from "@aws-sdk/client-glue";
import { describe, expect, onTestFinished, test } from "vitest";
import { errorOf } from "../../src/fixtures.contract.ts";
import type { AwsDouble } from "./aws-double.ts";
import { startAwsDouble } from "./aws-double.ts";
import type { SeedPartition } from "./glue-double.ts";

const COLUMNS = [{ Name: "eventid", Type: "string" }];
const AT = { DatabaseName: "logs", TableName: "t" };

async function start(): Promise<{ aws: AwsDouble; glue: GlueClient }> {
  const aws = await startAwsDouble();
  onTestFinished(() => aws.close());
  aws.glue.makeTable("logs", {
    Name: "t",
    PartitionKeys: ["region", "year"].map((Name) => ({ Name, Type: "string" })),
    StorageDescriptor: { Columns: COLUMNS, Location: "s3://b/t/" },
  });
  return { aws, glue: new GlueClient({ ...aws.clientConfig, maxAttempts: 1 }) };
}

function partition(...Values: string[]): PartitionInput {
  return { Values, StorageDescriptor: { Columns: COLUMNS, Location: `s3://b/t/${Values.join("/")}/` } };
}

function partitions(count: number): PartitionInput[] {
  return Array.from({ length: count }, (_, n) => partition("us-east-1", String(n)));
}

function entry(input: PartitionInput): { PartitionValueList: string[]; PartitionInput: PartitionInput } {
  return { PartitionValueList: input.Values ?? [], PartitionInput: input };
}

function expressionOf(length: number): string {
  return `region = '${"x".repeat(length - 11)}'`;
}

async function list(glue: GlueClient, input: Partial<GetPartitionsCommandInput> = {}): Promise<string[][]> {
  const found: string[][] = [];
  let token: string | undefined;
  do {
    const page = await glue.send(new GetPartitionsCommand({ ...AT, ...input, NextToken: token }));
    found.push(...(page.Partitions ?? []).map(({ Values }) => Values ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}

describe("BatchCreatePartition", () => {
  test("takes 100, and answers what is there already as errors of a good answer", async () => {
    const { aws, glue } = await start();
    const create = (PartitionInputList: PartitionInput[]): Promise<{ Errors?: unknown[] | undefined }> =>
      glue.send(new BatchCreatePartitionCommand({ ...AT, PartitionInputList }));
    expect((await create(partitions(100))).Errors).toEqual([]);
    const again = await create([partition("us-east-1", "7"), partition("eu-west-1", "7")]);
    expect(again.Errors).toEqual([
      {
        PartitionValues: ["us-east-1", "7"],
        ErrorDetail: { ErrorCode: "AlreadyExistsException", ErrorMessage: "Partition already exists." },
      },
    ]);
    expect(aws.glue.partitionCount("logs", "t")).toBe(101);
    expect(await errorOf(create(partitions(101)))).toMatchObject({ name: "ValidationException" });
    expect(await errorOf(create([partition("us-east-1")]))).toMatchObject({ name: "InvalidInputException" });
  });
});

describe("BatchUpdatePartition and BatchDeletePartition", () => {
  test("take 100 and 25, and answer what is not there as errors", async () => {
    const { aws, glue } = await start();
    aws.glue.seedPartitions("logs", "t", [{ values: ["us-east-1", "1"], location: "s3://b/old/" }]);
    const updated = await glue.send(
      new BatchUpdatePartitionCommand({ ...AT, Entries: partitions(2).map(entry) }),
    );
    expect(updated.Errors).toMatchObject([
      { PartitionValueList: ["us-east-1", "0"], ErrorDetail: { ErrorCode: "EntityNotFoundException" } },
    ]);
    expect(aws.glue.partitions("logs", "t")).toEqual([partition("us-east-1", "1")]);
    const many = new BatchUpdatePartitionCommand({ ...AT, Entries: partitions(101).map(entry) });
    expect(await errorOf(glue.send(many))).toMatchObject({ name: "ValidationException" });

    const remove = (count: number): Promise<{ Errors?: unknown[] | undefined }> =>
      glue.send(
        new BatchDeletePartitionCommand({
          ...AT,
          PartitionsToDelete: partitions(count).map(({ Values }) => ({ Values })),
        }),
      );
    expect((await remove(2)).Errors).toMatchObject([
      { PartitionValues: ["us-east-1", "0"], ErrorDetail: { ErrorCode: "EntityNotFoundException" } },
    ]);
    expect(aws.glue.partitionCount("logs", "t")).toBe(0);
    expect(await errorOf(remove(26))).toMatchObject({ name: "ValidationException" });
  });
});

describe("BatchGetPartition", () => {
  test("takes 1,000, leaves out what is missing, and can leave keys unprocessed", async () => {
    const { aws, glue } = await start();
    aws.glue.seedPartitions("logs", "t", [{ values: ["us-east-1", "1"], location: "s3://b/x/" }]);
    const read = (count: number): BatchGetPartitionCommand =>
      new BatchGetPartitionCommand({
        ...AT,
        PartitionsToGet: partitions(count).map(({ Values }) => ({ Values })),
      });
    const all = await glue.send(read(1000));
    expect(all.Partitions?.map(({ Values }) => Values)).toEqual([["us-east-1", "1"]]);
    expect(all.UnprocessedKeys).toEqual([]);
    aws.glue.processedKeys = 1;
    expect((await glue.send(read(2))).UnprocessedKeys).toEqual([{ Values: ["us-east-1", "1"] }]);
    expect(await errorOf(glue.send(read(1001)))).toMatchObject({ name: "ValidationException" });
    const missing = new GetPartitionCommand({ ...AT, PartitionValues: ["x", "y"] });
    expect(await errorOf(glue.send(missing))).toMatchObject({ name: "EntityNotFoundException" });
  });
});

function* seeds(count: number): Generator<SeedPartition> {
  for (let n = 0; n < count; n++)
    yield { values: [`region-${n % 17}`, String(n)], location: `s3://b/t/${n}/` };
}

describe("GetPartitions", () => {
  test("lists 1,000 a page, and each partition in one of the segments", async () => {
    const { aws, glue } = await start();
    aws.glue.seedPartitions("logs", "t", seeds(2500));
    expect((await glue.send(new GetPartitionsCommand(AT))).Partitions).toHaveLength(1000);
    expect(await list(glue)).toHaveLength(2500);
    const segments = await Promise.all(
      Array.from({ length: 10 }, (_, SegmentNumber) =>
        list(glue, { Segment: { SegmentNumber, TotalSegments: 10 }, MaxResults: 100 }),
      ),
    );
    expect(new Set(segments.flat().map(String)).size).toBe(2500);
    expect(segments.flat()).toHaveLength(2500);
    expect(Math.min(...segments.map(({ length }) => length))).toBeGreaterThan(150);
    for (const input of [{ MaxResults: 1001 }, { Segment: { SegmentNumber: 0, TotalSegments: 11 } }]) {
      expect(await errorOf(list(glue, input))).toMatchObject({ name: "ValidationException" });
    }
  });

  test("goes on behind the last page while partitions come and go", async () => {
    const { aws, glue } = await start();
    aws.glue.seedPartitions("logs", "t", seeds(10));
    const first = await glue.send(new GetPartitionsCommand({ ...AT, MaxResults: 5 }));
    await glue.send(
      new BatchDeletePartitionCommand({ ...AT, PartitionsToDelete: [{ Values: ["region-0", "0"] }] }),
    );
    const rest = await list(glue, { NextToken: first.NextToken, MaxResults: 5 });
    expect(rest).toHaveLength(9);
    const second = await glue.send(new GetPartitionsCommand({ ...AT, NextToken: first.NextToken }));
    expect(second.Partitions?.map(({ Values }) => Values?.[1])).toEqual(["5", "6", "7", "8", "9"]);
  });

  test("leaves columns out on demand, and says whose a partition is", async () => {
    const { aws, glue } = await start();
    aws.glue.seedPartitions("logs", "t", [
      { values: ["r", "1"], location: 's3://b/"x"/', parameters: { a: "b" } },
    ]);
    const { Partitions } = await glue.send(new GetPartitionsCommand({ ...AT, ExcludeColumnSchema: true }));
    expect(Partitions).toMatchObject([
      {
        Values: ["r", "1"],
        DatabaseName: "logs",
        TableName: "t",
        CatalogId: "123456789012",
        CreationTime: expect.any(Date) as Date,
        Parameters: { a: "b" },
        StorageDescriptor: { Location: 's3://b/"x"/', Compressed: false },
      },
    ]);
    expect(Partitions?.[0]?.StorageDescriptor).not.toHaveProperty("Columns");
    const whole = await glue.send(new GetPartitionsCommand(AT));
    expect(whole.Partitions?.[0]?.StorageDescriptor?.Columns).toEqual(COLUMNS);
  });

  test.each([
    ["region = 'a'", ["a 2025", "a 2026"]],
    ["region = 'a' AND year >= '2026'", ["a 2026"]],
    ["region <> 'a' and (year < '2026' or year > '2026')", ["b 2025", "b 2027"]],
    ["region IN ('b', 'c') AND year BETWEEN '2026' AND '2027'", ["b 2026", "b 2027"]],
    ["NOT region IN ('b') AND year != '2025'", ["a 2026"]],
    ["year <= '2025' OR region='b' AND year='2027'", ["a 2025", "b 2025", "b 2027"]],
  ])("understands %s", async (Expression, wanted) => {
    const { aws, glue } = await start();
    const values = ["a 2025", "a 2026", "b 2025", "b 2026", "b 2027"].map((text) => text.split(" "));
    aws.glue.seedPartitions(
      "logs",
      "t",
      values.map((all) => ({ values: all, location: "s3://b/" })),
    );
    expect((await list(glue, { Expression })).map((found) => found.join(" "))).toEqual(wanted);
  });

  test.each(["region", "region =", "other = 'a'", "region = 'a' year = 'b'", "upper(region) = 'A'"])(
    "refuses the expression %s",
    async (Expression) => {
      const { glue } = await start();
      expect(await errorOf(list(glue, { Expression }))).toMatchObject({ name: "InvalidInputException" });
    },
  );

  test("takes expressions of 2,048 characters", async () => {
    const { glue } = await start();
    expect(await list(glue, { Expression: expressionOf(2048) })).toEqual([]);
    expect(await errorOf(list(glue, { Expression: expressionOf(2049) }))).toMatchObject({
      name: "ValidationException",
    });
  });
});
