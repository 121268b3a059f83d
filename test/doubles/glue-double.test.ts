import type { TableInput } from "@aws-sdk/client-glue";
import {
  BatchDeleteTableCommand,
  CreateDatabaseCommand,
  CreatePartitionIndexCommand,
  CreateTableCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetPartitionIndexesCommand,
  GetTableCommand,
  GetTablesCommand,
  GlueClient,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { describe, expect, onTestFinished, test } from "vitest";
import { errorOf } from "../../src/fixtures.contract.ts";
import type { AwsDouble } from "./aws-double.ts";
import { startAwsDouble } from "./aws-double.ts";

const NOON = Date.UTC(2026, 10, 22, 12);

async function start(): Promise<{ aws: AwsDouble; glue: GlueClient }> {
  const aws = await startAwsDouble({ now: () => NOON });
  onTestFinished(() => aws.close());
  return { aws, glue: new GlueClient({ ...aws.clientConfig, maxAttempts: 1 }) };
}

const TABLE: TableInput = {
  Name: "Cloudtrail_1",
  TableType: "EXTERNAL_TABLE",
  PartitionKeys: [{ Name: "region", Type: "string" }],
  StorageDescriptor: { Columns: [{ Name: "eventid", Type: "string" }], Location: "s3://b//a/" },
  Parameters: { EXTERNAL: "TRUE" },
};

function viewOf(length: number): CreateTableCommand {
  const TableInput = { Name: `v${length}`, ViewOriginalText: "x".repeat(length) };
  return new CreateTableCommand({ DatabaseName: "logs", TableInput });
}

describe("databases", () => {
  test("are made once, and their names in lower case", async () => {
    const { glue } = await start();
    const create = new CreateDatabaseCommand({ DatabaseInput: { Name: "Logs", Description: "d" } });
    await glue.send(create);
    expect((await glue.send(new GetDatabaseCommand({ Name: "LOGS" }))).Database).toEqual({
      Name: "logs",
      Description: "d",
      CreateTime: new Date(NOON),
      CatalogId: "123456789012",
    });
    expect(await errorOf(glue.send(create))).toMatchObject({ name: "AlreadyExistsException" });
    expect(await errorOf(glue.send(new GetDatabaseCommand({ Name: "others" })))).toMatchObject({
      name: "EntityNotFoundException",
      message: "Database others not found.",
    });
  });
});

describe("tables", () => {
  test("are created once, and come back with what Glue adds", async () => {
    const { aws, glue } = await start();
    aws.glue.makeDatabase("logs");
    const create = new CreateTableCommand({ DatabaseName: "logs", TableInput: TABLE });
    await glue.send(create);
    expect(await errorOf(glue.send(create))).toMatchObject({ name: "AlreadyExistsException" });
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: "logs", Name: "CLOUDTRAIL_1" }));
    expect(Table).toEqual({
      ...TABLE,
      Name: "cloudtrail_1",
      DatabaseName: "logs",
      StorageDescriptor: {
        ...TABLE.StorageDescriptor,
        Compressed: false,
        NumberOfBuckets: 0,
        StoredAsSubDirectories: false,
      },
      Retention: 0,
      CreateTime: new Date(NOON),
      UpdateTime: new Date(NOON),
      CreatedBy: "arn:aws:sts::123456789012:assumed-role/reader/session",
      IsRegisteredWithLakeFormation: false,
      CatalogId: "123456789012",
      VersionId: "0",
    });
    expect(await errorOf(glue.send(new GetTableCommand({ DatabaseName: "logs", Name: "x" })))).toMatchObject({
      name: "EntityNotFoundException",
    });
    await expect(
      glue.send(new CreateTableCommand({ DatabaseName: "none", TableInput: TABLE })),
    ).rejects.toThrow("Database none not found");
  });

  test("are listed in pages of 100 at most, by a pattern that the whole name must match", async () => {
    const { aws, glue } = await start();
    for (let n = 0; n < 250; n++) aws.glue.makeTable("logs", { ...TABLE, Name: `cloudtrail_${n}` });
    aws.glue.makeTable("logs", { ...TABLE, Name: "my_cloudtrail_1" });
    const names: (string | undefined)[] = [];
    const sizes: (number | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = await glue.send(
        new GetTablesCommand({ DatabaseName: "logs", Expression: "cloudtrail_.*", NextToken: token }),
      );
      sizes.push(page.TableList?.length);
      names.push(...(page.TableList ?? []).map(({ Name }) => Name));
      token = page.NextToken;
    } while (token !== undefined);
    expect(sizes).toEqual([100, 100, 50]);
    expect(new Set(names).size).toBe(250);
    const one = await glue.send(
      new GetTablesCommand({ DatabaseName: "logs", Expression: "\\Qcloudtrail_1\\E" }),
    );
    expect(one.TableList?.map(({ Name }) => Name)).toEqual(["cloudtrail_1"]);
    const none = await glue.send(new GetTablesCommand({ DatabaseName: "logs", Expression: "cloudtrail" }));
    expect(none.TableList).toEqual([]);
    const tooMany = new GetTablesCommand({ DatabaseName: "logs", MaxResults: 101 });
    expect(await errorOf(glue.send(tooMany))).toMatchObject({ name: "ValidationException" });
  });

  test("are updated whole, by version", async () => {
    const { aws, glue } = await start();
    aws.glue.makeTable("logs", TABLE);
    const { Parameters: _, ...next } = TABLE;
    const update = { DatabaseName: "logs", TableInput: next, VersionId: "0" };
    await glue.send(new UpdateTableCommand({ ...update, SkipArchive: true }));
    const [table] = aws.glue.tables("logs");
    expect(table).toMatchObject({ Name: "cloudtrail_1", VersionId: "1" });
    expect(table).not.toHaveProperty("Parameters");
    expect(aws.glue.archivedVersions("logs", "cloudtrail_1")).toBe(0);
    expect(await errorOf(glue.send(new UpdateTableCommand(update)))).toMatchObject({
      name: "ConcurrentModificationException",
    });
    await glue.send(new UpdateTableCommand({ ...update, VersionId: "1" }));
    expect(aws.glue.archivedVersions("logs", "cloudtrail_1")).toBe(1);
    const other = new UpdateTableCommand({ DatabaseName: "logs", TableInput: { ...TABLE, Name: "other" } });
    expect(await errorOf(glue.send(other))).toMatchObject({ name: "EntityNotFoundException" });
  });

  test("have view texts of 409,600 characters at most", async () => {
    const { aws, glue } = await start();
    aws.glue.makeDatabase("logs");
    await glue.send(viewOf(409_600));
    expect(await errorOf(glue.send(viewOf(409_601)))).toMatchObject({ name: "ValidationException" });
  });

  test("are deleted, one or some", async () => {
    const { aws, glue } = await start();
    aws.glue.makeForeignTable("logs", "a");
    aws.glue.makeForeignView("logs", "b");
    await glue.send(new DeleteTableCommand({ DatabaseName: "logs", Name: "a" }));
    const batch = await glue.send(
      new BatchDeleteTableCommand({ DatabaseName: "logs", TablesToDelete: ["a", "b"] }),
    );
    expect(batch.Errors).toMatchObject([
      { TableName: "a", ErrorDetail: { ErrorCode: "EntityNotFoundException" } },
    ]);
    expect(aws.glue.tables("logs")).toEqual([]);
  });

  test("have three partition indexes at most", async () => {
    const { aws, glue } = await start();
    aws.glue.makeTable("logs", TABLE);
    const create = (name: string): Promise<unknown> =>
      glue.send(
        new CreatePartitionIndexCommand({
          DatabaseName: "logs",
          TableName: "cloudtrail_1",
          PartitionIndex: { IndexName: name, Keys: ["region"] },
        }),
      );
    for (const name of ["a", "b", "c"]) await create(name);
    expect(await errorOf(create("d"))).toMatchObject({ name: "ResourceNumberLimitExceededException" });
    const { PartitionIndexDescriptorList } = await glue.send(
      new GetPartitionIndexesCommand({ DatabaseName: "logs", TableName: "cloudtrail_1" }),
    );
    expect(PartitionIndexDescriptorList?.[0]).toEqual({
      IndexName: "a",
      Keys: [{ Name: "region", Type: "string" }],
      IndexStatus: "ACTIVE",
    });
  });
});

describe("Lake Formation", () => {
  test("refuses to write, not to read", async () => {
    const { aws, glue } = await start();
    aws.glue.makeTable("logs", TABLE);
    aws.glue.refuseByLakeFormation = true;
    expect(
      await errorOf(glue.send(new CreateTableCommand({ DatabaseName: "logs", TableInput: { Name: "x" } }))),
    ).toMatchObject({
      name: "AccessDeniedException",
      message: "Insufficient Lake Formation permission(s): Required Create Table on logs",
    });
    await glue.send(new GetTableCommand({ DatabaseName: "logs", Name: "cloudtrail_1" }));
  });
});

describe("snapshot", () => {
  test("tells states apart, and not times or versions", async () => {
    const { aws, glue } = await start();
    aws.glue.makeTable("logs", TABLE);
    aws.glue.seedPartitions("logs", "cloudtrail_1", [{ values: ["us-east-1"], location: "s3://b/x/" }]);
    const before = aws.glue.snapshot();
    await glue.send(new UpdateTableCommand({ DatabaseName: "logs", TableInput: TABLE }));
    expect(aws.glue.snapshot()).toEqual(before);
    expect(before["logs"]?.tables["cloudtrail_1"]).toMatchObject({
      Name: "cloudtrail_1",
      partitions: [{ Values: ["us-east-1"], StorageDescriptor: { Location: "s3://b/x/" } }],
    });
    aws.glue.seedPartitions("logs", "cloudtrail_1", [{ values: ["us-east-2"], location: "s3://b/y/" }]);
    expect(aws.glue.snapshot()).not.toEqual(before);
  });
});
