import { onTestFinished } from "vitest";
import type { AwsDouble } from "../../../test/doubles/aws-double.ts";
import { startAwsDouble } from "../../../test/doubles/aws-double.ts";
import type { AwsSettings } from "../../aws/clients.ts";
import { openS3Store } from "../../store/s3-store.ts";
import type { Store } from "../../store/store.ts";
import type { TestFile } from "../../fixtures.contract.ts";
import type { Warehouse } from "../warehouse.ts";
import type { AthenaOptions } from "./athena-options.ts";
import { openAthenaWarehouse } from "./athena-warehouse.ts";

/** A bucket of logs and a Glue catalog on the double of AWS. */
export interface World {
  readonly aws: AwsDouble;
  readonly settings: AwsSettings;
  readonly store: Store;
  put(files: Iterable<TestFile>): void;
  openWarehouse(options?: Partial<AthenaOptions>): Warehouse;
}

export const BUCKET = "trail-logs";
export const DATABASE = "security";

export interface WorldOptions {
  /** Of the bucket's keys, without a final slash. */
  readonly prefix?: string;
}

/** Starts a double, with an empty bucket; it ends with the test. */
export async function startWorld({ prefix = "" }: WorldOptions = {}): Promise<World> {
  const aws = await startAwsDouble();
  onTestFinished(() => aws.close());
  aws.s3.createBucket(BUCKET);
  const { endpoint: endpointUrl, region: awsRegion, credentials } = aws.clientConfig;
  const settings: AwsSettings = { endpointUrl, awsRegion, credentials };
  const base = prefix === "" ? "" : `${prefix}/`;
  return {
    aws,
    settings,
    store: openS3Store({ bucket: BUCKET, prefix, aws: settings }),
    put: (files) => {
      for (const { key, bytes } of files) aws.s3.put(BUCKET, `${base}${key}`, bytes);
    },
    openWarehouse: (options) => {
      const warehouse = openAthenaWarehouse({
        aws: settings,
        database: DATABASE,
        output: "s3://trail-logs-results/",
        ...options,
      });
      onTestFinished(() => warehouse.close());
      return warehouse;
    },
  };
}
