import { DuckDBInstance } from "@duckdb/node-api";
import type { Table, TableInput } from "@aws-sdk/client-glue";
import { BatchUpdatePartitionCommand, GetPartitionsCommand, UpdateTableCommand } from "@aws-sdk/client-glue";
import type { S3Client } from "@aws-sdk/client-s3";
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printDuckDbType, RECORD_COLUMNS } from "../../src/core/columns.ts";
import { LAKE_PARAMETER } from "../../src/warehouse/athena/catalog/lake-definition.ts";
import type { MotoGlue } from "./moto-glue.ts";
import { readTables } from "./moto-glue.ts";

/** Parquet's in Hive: CloudTrailInputFormat is AWS's own, and Trino does not have it. */
const PARQUET = {
  InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
  OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
  SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
};

/**
 * Makes the raw tables readable for Trino: their format and their partitions' become Parquet's, and nothing else of them
 * changes; views stay as they are. Each partition gets a file, instead of its logs, with one event, whose name says where it lies.
 */
export async function putStandIns(glue: MotoGlue, s3: S3Client): Promise<void> {
  for (const table of await readTables(glue)) {
    const isLake = table.Parameters?.[LAKE_PARAMETER] !== undefined;
    if (table.TableType === "EXTERNAL_TABLE" && !isLake) await putTable(table, { glue, s3 });
  }
}

async function putTable(
  table: Table,
  { glue, s3 }: { readonly glue: MotoGlue; readonly s3: S3Client },
): Promise<void> {
  const { client, database } = glue;
  const { Name = "", TableType, Parameters, PartitionKeys, StorageDescriptor } = table;
  const TableInput = {
    Name,
    TableType,
    Parameters,
    PartitionKeys,
    StorageDescriptor: { ...StorageDescriptor, ...PARQUET },
  } as TableInput;
  await client.send(new UpdateTableCommand({ DatabaseName: database, TableInput }));
  const address = { DatabaseName: database, TableName: Name };
  const { Partitions = [] } = await client.send(new GetPartitionsCommand(address));
  for (const { Values = [], StorageDescriptor: storage, Parameters: parameters = {} } of Partitions) {
    const PartitionInput = {
      Values,
      Parameters: parameters,
      StorageDescriptor: { ...storage, ...PARQUET },
    };
    const Entries = [{ PartitionValueList: Values, PartitionInput }];
    await client.send(new BatchUpdatePartitionCommand({ ...address, Entries }));
    const [bucket = "", ...key] = (storage?.Location ?? "").replace("s3://", "").split("/");
    await removeAll(s3, bucket, key.join("/"));
    const Key = `${key.join("/")}events.parquet`;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: await makeParquet(key.join("/")) }));
  }
}

/** The logs themselves are in Trino's way. */
async function removeAll(s3: S3Client, Bucket: string, Prefix: string): Promise<void> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
}

/** One event with every column, whose eventname is `name`. */
async function makeParquet(name: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "stand-in-"));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const columns = RECORD_COLUMNS.map(({ name: column, type }) => {
      const value = column === "eventName" ? "$1" : "NULL";
      return `${value}::${printDuckDbType(type)} AS "${column.toLowerCase()}"`;
    });
    const file = join(folder, "events.parquet");
    await connection.run(`CREATE TABLE event AS SELECT ${columns.join(", ")}`, [name]);
    await connection.run(`COPY event TO '${file}' (FORMAT parquet)`);
    return await readFile(file);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}
