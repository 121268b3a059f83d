import type { LakeDay } from "../../core/lake/lake-day.ts";
import type { TestLog } from "../../fixtures.contract.ts";
import { makeLog } from "../../fixtures.contract.ts";
import type { LakeFixture, TestLakeDay } from "../lake.contract.ts";
import { putLakeDay } from "../lake.contract.ts";
import type { World } from "./world.contract.ts";
import { startWorld } from "./world.contract.ts";

export const LAKE_BUCKET = "trail-lake";

/** A bucket of logs, another one with a lake, and a Glue catalog. */
export interface LakeWorld extends World, Pick<LakeFixture, "lakeUrl" | "putLakeFile"> {}

export async function startLakeWorld(logs: Iterable<TestLog>): Promise<LakeWorld> {
  const world = await startWorld();
  const { aws } = world;
  aws.s3.createBucket(LAKE_BUCKET);
  world.put([...logs].map(makeLog));
  return {
    ...world,
    lakeUrl: `s3://${LAKE_BUCKET}/parquet`,
    putLakeFile: (key, bytes) => {
      aws.s3.put(LAKE_BUCKET, `parquet/${key}`, bytes);
      return Promise.resolve();
    },
  };
}

/** An account-day with one event, which says of which version it is. */
export function putDay(world: LakeWorld, { version = 1, ...day }: TestLakeDay): Promise<LakeDay> {
  const records = [{ eventID: `lake ${version}`, recipientAccountId: day.account }];
  return putLakeDay(world, { records, version, ...day });
}

/** The lake's files in another folder of the same bucket, too. */
export function copyLake({ aws }: LakeWorld, folder: string): void {
  for (const key of aws.s3.keys(LAKE_BUCKET)) {
    const bytes = aws.s3.read(LAKE_BUCKET, key) ?? new Uint8Array();
    aws.s3.put(LAKE_BUCKET, key.replace("parquet/", `${folder}/`), Buffer.from(bytes));
  }
}
