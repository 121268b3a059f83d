import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import type { Configuration } from "../../src/config/configuration.ts";
import { printEnvironment } from "../../src/config/configuration.ts";
import type { TestFile } from "../../src/fixtures.contract.ts";
import { LambdaFunction } from "./lambda-function.ts";
import { makeBucket } from "./moto-bucket.ts";
import type { MotoGlue } from "./moto-glue.ts";
import { openMotoGlue } from "./moto-glue.ts";
import type { MotoProxy } from "./moto-proxy.ts";
import { startMotoProxy } from "./moto-proxy.ts";

/** A function, and what it works on: a bucket and a Glue database on moto. */
export interface LambdaWorld {
  readonly lambda: LambdaFunction;
  readonly bucket: string;
  readonly glue: MotoGlue;
  /** The function's way to moto. */
  readonly proxy: MotoProxy;
}

export interface WorldSettings {
  readonly moto: string;
  readonly ric: string;
  readonly files?: readonly TestFile[];
  /** Over that of the bucket and the database. */
  readonly configuration?: Configuration;
}

/** Makes the bucket with its files, and the function as the CDK construct configures it; all of it ends with the test. */
export async function startLambdaWorld({
  moto,
  ric,
  files = [],
  configuration = {},
}: WorldSettings): Promise<LambdaWorld> {
  const id = randomUUID().replaceAll("-", "").slice(0, 12);
  const [bucket, database] = [`trail-logs-${id}`, `security_${id}`];
  await makeBucket(moto, bucket, files);
  const proxy = await startMotoProxy(moto);
  const environment = {
    ...printEnvironment({ logs: `s3://${bucket}`, database, ...configuration }),
    NODE_OPTIONS: "--enable-source-maps",
    AWS_ENDPOINT_URL: proxy.url,
  };
  const lambda = await LambdaFunction.create({ ric, environment });
  const glue = openMotoGlue(moto, database);
  onTestFinished(async () => {
    await lambda.close();
    await proxy.close();
    glue.client.destroy();
  });
  return { lambda, bucket, glue, proxy };
}
