import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { randomUUID } from "node:crypto";
import { run } from "../../src/actions/run.ts";
import type { LakeContent } from "../../src/core/catalog.ts";
import { day } from "../../src/fixtures.contract.ts";
import type { TestFile } from "../../src/fixtures.contract.ts";
import { openS3Store } from "../../src/store/s3-store.ts";
import { openAthenaWarehouse } from "../../src/warehouse/athena/athena-warehouse.ts";
import type { Layout } from "../../src/warehouse/athena/catalog/layout.ts";
import { openMotoGlue } from "./moto-glue.ts";
import { putStandIns } from "./parquet-stand-ins.ts";
import { onServer } from "./servers.ts";
import type { TrinoAnswer } from "./trino-client.ts";
import { askTrino } from "./trino-client.ts";

const AWS_REGION = "us-east-1";
const OPTIONS = { tablePrefix: "cloudtrail", today: day("2026-11-22") };

/** A bucket of logs, moto's Glue and a real Trino over both. */
export interface TrinoWorld {
  /** Makes what a run makes, and files that Trino can read in the place of the logs. */
  runAs(layout: Layout, lake?: LakeContent): Promise<void>;
  ask(sql: string): Promise<TrinoAnswer>;
  /** The URL of a lake in the bucket. */
  readonly lakeUrl: string;
  /** @param key below the lake */
  putLakeFile(key: string, bytes: Uint8Array): Promise<void>;
}

export interface TrinoServers {
  readonly trino: string;
  readonly s3Url: string;
  readonly motoUrl: string;
}

/** Defines tests on the three servers; where one is missing they are skipped: see onServer. */
export function onTrino(define: (servers: TrinoServers) => void): void {
  onServer("trino", (trino) => {
    onServer("s3", (s3Url) => {
      onServer("moto", (motoUrl) => {
        define({ trino, s3Url, motoUrl });
      });
    });
  });
}

export async function startTrinoWorld(
  { trino, s3Url, motoUrl }: TrinoServers,
  files: readonly TestFile[],
): Promise<TrinoWorld> {
  const id = randomUUID().slice(0, 8);
  const [bucket, database] = [`trail-logs-${id}`, `security_${id}`];
  const s3 = new S3Client({ endpoint: s3Url, region: AWS_REGION, forcePathStyle: true });
  const put = async (key: string, bytes: Uint8Array): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
  };
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const { key, bytes } of files) await put(key, bytes);
  return {
    runAs: async (layout, lake) => {
      const store = openS3Store({ bucket, prefix: "", aws: { endpointUrl: s3Url, awsRegion: AWS_REGION } });
      const aws = { endpointUrl: motoUrl, awsRegion: AWS_REGION };
      const warehouse = openAthenaWarehouse({ aws, database, layout });
      await run({ store, warehouse }, { ...OPTIONS, lake });
      warehouse.close();
      await putStandIns(openMotoGlue(motoUrl, database), s3);
    },
    ask: (sql) => askTrino(trino, database, sql),
    lakeUrl: `s3://${bucket}/lake`,
    putLakeFile: (key, bytes) => put(`lake/${key}`, bytes),
  };
}
