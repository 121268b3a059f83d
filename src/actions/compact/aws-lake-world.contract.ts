import { onTestFinished } from "vitest";
import { openCompactor } from "../../compactor/open-compactor.ts";
import type { TestFile } from "../../fixtures.contract.ts";
import { ask, day } from "../../fixtures.contract.ts";
import { openS3LakeStore } from "../../lake-store/s3-lake-store.ts";
import type { LakeStore } from "../../lake-store/lake-store.ts";
import { openS3Store } from "../../store/s3-store.ts";
import { openAthenaWarehouse } from "../../warehouse/athena/athena-warehouse.ts";
import type { World } from "../../warehouse/athena/world.contract.ts";
import { BUCKET, DATABASE, startWorld } from "../../warehouse/athena/world.contract.ts";
import type { CompactOptions, CompactReport } from "./compact.ts";
import { compact } from "./compact.ts";
import { NOW } from "./lake-world.contract.ts";

export const LAKE_BUCKET = "trail-lake";

/** A bucket of logs, a bucket for the lake and a Glue catalog. */
export interface AwsLakeWorld extends World {
  readonly lake: LakeStore;
  /** Compacts as a process of its own would. @param attempts tries of each call */
  compact(options?: Partial<CompactOptions> & { readonly attempts?: number }): Promise<CompactReport>;
  /** The eventIDs of the view as Athena answers, by account and day. */
  readView(): Promise<Record<string, string[]>>;
}

export async function startAwsLakeWorld(files: Iterable<TestFile>): Promise<AwsLakeWorld> {
  const world = await startWorld();
  world.aws.s3.createBucket(LAKE_BUCKET);
  world.aws.s3.createBucket("trail-logs-results");
  world.put(files);
  const compactor = await openCompactor({ memory: 1e9, threads: 0 });
  onTestFinished(() => compactor.close());
  return {
    ...world,
    lake: openS3LakeStore({ bucket: LAKE_BUCKET, prefix: "ct", aws: world.settings }),
    compact: async ({ attempts = 3, ...options } = {}) => {
      const aws = { ...world.settings, maxAttempts: attempts };
      const warehouse = openAthenaWarehouse({ aws, database: DATABASE });
      const store = openS3Store({ bucket: BUCKET, prefix: "", aws });
      const lake = openS3LakeStore({ bucket: LAKE_BUCKET, prefix: "ct", aws });
      try {
        const ports = { store, warehouse, lake, compactor };
        return await compact(ports, {
          tablePrefix: "cloudtrail",
          today: day("2026-11-22"),
          now: NOW,
          ...options,
        });
      } finally {
        warehouse.close();
      }
    },
    readView: async () => {
      const { rows } = await ask(
        world.openWarehouse(),
        `SELECT account || ' ' || year || '-' || month || '-' || day AS account_day, eventid FROM cloudtrail ORDER BY 1, 2`,
      );
      const days: Record<string, string[]> = {};
      for (const [id, event] of rows) (days[String(id)] ??= []).push(String(event));
      return days;
    },
  };
}
