import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { randomUUID } from "node:crypto";
import { openS3Store } from "../../src/store/s3-store.ts";
import { openAthenaWarehouse } from "../../src/warehouse/athena/athena-warehouse.ts";
import type { LakeFixture } from "../../src/warehouse/lake.contract.ts";
import { lakeContract } from "../../src/warehouse/lake.contract.ts";
import type { WarehouseFixture } from "../../src/warehouse/warehouse.contract.ts";
import { warehouseContract } from "../../src/warehouse/warehouse.contract.ts";
import type { Warehouse } from "../../src/warehouse/warehouse.ts";
import { startAwsDouble } from "../doubles/aws-double.ts";
import { copyToDouble, makeForeign, openMotoGlue, readTables } from "./moto-glue.ts";
import { onServer } from "./servers.ts";

const AWS_REGION = "us-east-1";

/** The warehouse's contracts with moto's Glue, and the logs in moto's S3; SQL runs on the double's Athena over a copy. */
onServer("moto", (endpointUrl) => {
  warehouseContract("Athena on moto", () => startFixture(endpointUrl), {
    columnsGolden: "../../test/golden/athena-described-columns.txt",
    differences: {
      atomic: "Glue has no transactions: what a killed run leaves is tested call by call",
      "set-aside": "Athena reads the files by itself, and cannot be told to leave some out",
      "file-names": "Athena reads every file below a partition's location, but for hidden ones",
    },
  });
  lakeContract("Athena on moto", () => startFixture(endpointUrl));
});

async function startFixture(endpointUrl: string): Promise<WarehouseFixture & LakeFixture> {
  const id = randomUUID().replaceAll("-", "").slice(0, 12);
  const [bucket, lakeBucket, database] = [`trail-logs-${id}`, `trail-lake-${id}`, `security_${id}`];
  const aws = await startAwsDouble({ recordInputs: false });
  for (const each of [bucket, lakeBucket, "answers"]) aws.s3.createBucket(each);
  const s3 = new S3Client({ endpoint: endpointUrl, region: AWS_REGION, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const glue = openMotoGlue(endpointUrl, database);
  const onMoto = { endpointUrl, awsRegion: AWS_REGION };
  const { endpoint, region: awsRegion, credentials } = aws.clientConfig;
  const answering = openAthenaWarehouse({
    aws: { endpointUrl: endpoint, awsRegion, credentials },
    database,
    output: "s3://answers/",
  });
  const openWarehouse = (): Warehouse => ({
    ...openAthenaWarehouse({ aws: onMoto, database }),
    query: async (sql, options) => {
      await copyToDouble(glue, aws.glue);
      return answering.query(sql, options);
    },
  });
  const foreign = new Map<string, string>();
  const readEntry = async (name: string): Promise<string | undefined> => {
    const entry = (await readTables(glue)).find(({ Name }) => Name === name);
    return entry === undefined ? undefined : JSON.stringify(entry);
  };
  return {
    store: openS3Store({ bucket, prefix: "", aws: onMoto }),
    put: async (files) => {
      for (const { key, bytes } of files) {
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
        aws.s3.put(bucket, key, bytes);
      }
    },
    remove: async (key) => {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      aws.s3.remove(bucket, key);
    },
    lakeUrl: `s3://${lakeBucket}/parquet`,
    // A run does not look into the lake: only queries read it.
    putLakeFile: (key, bytes) => Promise.resolve(aws.s3.put(lakeBucket, `parquet/${key}`, bytes)),
    openWarehouse,
    makeForeign: async (kind, name) => {
      await makeForeign(glue, kind, name);
      foreign.set(name, (await readEntry(name)) ?? "");
    },
    countAsStranger: async (name) => {
      const entry = await readEntry(name);
      if (entry === undefined) return undefined;
      return entry === foreign.get(name) ? 1 : 0;
    },
    close: async () => {
      answering.close();
      s3.destroy();
      glue.client.destroy();
      await aws.close();
    },
  };
}
