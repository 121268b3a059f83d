import { describe, expect, test } from "vitest";
import type { PlanOptions } from "../../actions/plan.ts";
import { plan } from "../../actions/plan.ts";
import { run } from "../../actions/run.ts";
import type { PolicyCommand, PolicyOptions } from "../../core/iam-policy.ts";
import { planPolicy } from "../../core/iam-policy.ts";
import { AccessDenied } from "../../core/user-error.ts";
import { day, makeLog } from "../../fixtures.contract.ts";
import { lakeOf } from "../lake.contract.ts";
import type { Warehouse } from "../warehouse.ts";
import type { AthenaOptions } from "./athena-options.ts";
import { LAKE_BUCKET, putDay, startLakeWorld } from "./lake-world.contract.ts";
import type { World } from "./world.contract.ts";
import { BUCKET, DATABASE, startWorld } from "./world.contract.ts";

const OPTIONS: PlanOptions = { tablePrefix: "cloudtrail", today: day("2026-11-22") };

function actionsOf(
  command: PolicyCommand,
  { aws }: World,
  rest: Partial<PolicyOptions> = {},
): readonly string[] {
  const options: PolicyOptions = {
    command,
    place: aws.place,
    logs: { bucket: BUCKET, prefix: "" },
    database: DATABASE,
    tablePrefix: "cloudtrail",
    workgroup: "primary",
    output: { bucket: "trail-logs-results", prefix: "" },
    retention: true,
    partitionIndex: true,
    ...rest,
  };
  return planPolicy(options).Statement.flatMap(({ Action }) => Action);
}

function onGlue(actions: Iterable<string>): string[] {
  return [...actions].filter((action) => action.startsWith("glue:")).toSorted();
}

/** Everything that runs do: makes tables, turns a view into one, adds an index, and adds, updates and drops partitions. */
async function runOften(world: World): Promise<void> {
  const { aws, store } = world;
  const runWith = (athena: Partial<AthenaOptions>, options: Partial<PlanOptions> = {}): Promise<unknown> =>
    run({ store, warehouse: world.openWarehouse(athena) }, { ...OPTIONS, ...options });
  world.put([makeLog({ day: "2026-01-01" }), makeLog()]);
  await runWith({ layout: "unified" });
  await runWith({ layout: "tables" });
  const location = `s3://${BUCKET}/AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/01/`;
  const columns = [{ Name: "eventversion", Type: "string" }];
  const values = ["us-east-1", "2026", "10", "01"];
  aws.glue.seedPartitions(DATABASE, "cloudtrail_111122223333", [{ values, location, columns }]);
  world.put([makeLog({ day: "2026-11-21" })]);
  await runWith({ layout: "tables", partitionIndex: true }, { keepFrom: day("2026-09-01") });
}

describe("the policy of", () => {
  test("plan has the actions that a plan uses, and no other", async () => {
    const world = await startWorld();
    await runOften(world);
    world.aws.clearCalls();
    await plan({ store: world.store, warehouse: world.openWarehouse() }, OPTIONS);
    expect([...world.aws.actionsUsed()].toSorted()).toEqual(actionsOf("plan", world).toSorted());
  });

  test("run has the actions that runs use, and no other", async () => {
    const world = await startWorld();
    await runOften(world);
    expect([...world.aws.actionsUsed()].toSorted()).toEqual(actionsOf("run", world).toSorted());
  });

  test("run with a lake and projected tables has the actions on partitions that the lake's need", async () => {
    const world = await startLakeWorld([{}, { account: "444455556666" }]);
    const projected: PolicyOptions["partitions"] = "projected";
    const warehouse = (): Warehouse => world.openWarehouse({ partitions: projected });
    const runWith = async (...versions: readonly number[]): Promise<unknown> => {
      const days = versions.map((version) => putDay(world, { version, day: `2026-11-1${versions.length}` }));
      const lake = lakeOf(world, await Promise.all(days));
      return run({ store: world.store, warehouse: warehouse() }, { ...OPTIONS, lake });
    };
    await runWith(1);
    await runWith(2);
    await runWith();
    const lake = { bucket: LAKE_BUCKET, prefix: "parquet/" };
    const allowed = actionsOf("run", world, {
      lake,
      partitions: projected,
      retention: false,
      partitionIndex: false,
    });
    // A table that another run has made meanwhile is looked at.
    expect(onGlue(new Set([...world.aws.actionsUsed(), "glue:GetTable"]))).toEqual(onGlue(allowed));
  });

  test("run has no action that runs can do without", async () => {
    const world = await startWorld();
    for (const action of actionsOf("run", world)) {
      const other = await startWorld();
      other.aws.deny(action);
      await expect(runOften(other), action).rejects.toBeInstanceOf(AccessDenied);
    }
  });

  test("query has the actions of Athena, Glue and S3 that a query and its estimate use", async () => {
    const world = await startWorld();
    await runOften(world);
    world.aws.s3.createBucket("trail-logs-results");
    world.aws.clearCalls();
    const warehouse = world.openWarehouse();
    const sql = "SELECT eventid FROM cloudtrail_111122223333 WHERE region = 'us-east-1' AND year = '2026'";
    for await (const batch of (await warehouse.query(sql)).rows) expect(batch).toHaveLength(2);
    await warehouse.selectPartitions(sql);
    const allowed = actionsOf("query", world);
    expect([...world.aws.actionsUsed()].filter((action) => !allowed.includes(action))).toEqual([]);
  });
});
