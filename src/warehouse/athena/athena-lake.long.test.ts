import { describe, expect, test } from "vitest";
import type { LakeContent } from "../../core/catalog.ts";
import type { TestLog } from "../../fixtures.contract.ts";
import { ask, errorOf } from "../../fixtures.contract.ts";
import { lakeContract, lakeOf, putCoverage, putLakeDay } from "../lake.contract.ts";
import type { LakeWorld } from "./lake-world.contract.ts";
import { copyLake, LAKE_BUCKET, putDay, startLakeWorld } from "./lake-world.contract.ts";
import { kindsOf, planOn, runOn, TODAY, writesOf } from "./runs.contract.ts";
import { DATABASE } from "./world.contract.ts";

const [A, B] = ["111122223333", "444455556666"] as const;
const [FIRST, SECOND, THIRD] = ["2026-11-18", "2026-11-19", "2026-11-20"] as const;

const LOGS: readonly TestLog[] = [A, B].flatMap((account) =>
  [FIRST, SECOND, THIRD].map((day) => ({
    account,
    day,
    records: [{ eventID: "log", recipientAccountId: account }],
  })),
);

lakeContract("Athena", async () => {
  const world = await startLakeWorld([]);
  return {
    ...world,
    put: (files) => Promise.resolve(world.put(files)),
    // The double ends with the test.
    close: () => Promise.resolve(),
  };
});

/** Both accounts' first two days, in one version. */
async function putTwoDays(world: LakeWorld): Promise<LakeContent> {
  const days = [A, B].flatMap((account) => [FIRST, SECOND].map((day) => putDay(world, { account, day })));
  return lakeOf(world, await Promise.all(days));
}

async function rowsOf(world: LakeWorld, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await ask(world.openWarehouse(), sql)).rows;
}

const BY_DAY = "SELECT account, day, eventid, count(*) FROM cloudtrail GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";

/** What BY_DAY answers where each account-day is there once. */
function eachOnce(first: string, second: string): unknown[] {
  return [A, B].flatMap((account) => [
    [account, "18", first, 1],
    [account, "19", second, 1],
    [account, "20", "log", 1],
  ]);
}

function locationsOf({ aws, lakeUrl }: LakeWorld): (string | undefined)[] {
  return aws.glue
    .partitions(DATABASE, "cloudtrail_lake")
    .map(({ StorageDescriptor }) => StorageDescriptor?.Location?.slice(lakeUrl.length + 1));
}

describe("a run with a lake", () => {
  test("makes tables and partitions before the view, which reads each day in one place", async () => {
    const world = await startLakeWorld(LOGS);
    const lake = await putTwoDays(world);
    expect(kindsOf(await runOn(world, { logs: world.store, lake }))).toEqual([
      "create-database",
      "create-table",
      "create-table",
      "create-lake-table",
      "put-lake-days",
      "create-view",
    ]);
    expect(await rowsOf(world, BY_DAY)).toEqual(eachOnce("lake 1", "lake 1"));
    world.aws.clearCalls();
    expect(kindsOf(await runOn(world, { logs: world.store, lake }))).toEqual([]);
    expect(writesOf(world)).toEqual([]);
  });

  test("moves an account-day to its new files in place, and nothing else", async () => {
    const world = await startLakeWorld(LOGS);
    const lake = await putTwoDays(world);
    await runOn(world, { logs: world.store, lake });
    const late = await putDay(world, { account: B, day: SECOND, version: 2 });
    const next = lakeOf(world, [...lake.days.slice(0, -1), late]);
    world.aws.clearCalls();
    const written: unknown[] = [];
    const onWritten = (each: unknown): void => void written.push(each);
    const report = await runOn(world, { logs: world.store, lake: next, onWritten });
    expect(kindsOf(report)).toEqual(["put-lake-days"]);
    expect(writesOf(world)).toEqual(["Glue BatchUpdatePartition"]);
    expect(written).toEqual([{ action: "update", partitions: 1 }]);
    expect(locationsOf(world)).toEqual(next.days.map(({ folder }) => folder));
  });

  test("takes an account-day out when the view reads its logs again", async () => {
    const world = await startLakeWorld(LOGS);
    const lake = await putTwoDays(world);
    await runOn(world, { logs: world.store, lake });
    world.aws.clearCalls();
    const report = await runOn(world, { logs: world.store, lake: lakeOf(world, lake.days.slice(1)) });
    expect(kindsOf(report)).toEqual(["replace-view", "drop-lake-days"]);
    expect(writesOf(world)).toEqual(["Glue UpdateTable", "Glue BatchDeletePartition"]);
    expect(await rowsOf(world, BY_DAY)).toEqual(eachOnce("log", "lake 1"));
  });

  test("keeps the table of a dataset that has no days any more", async () => {
    const world = await startLakeWorld(LOGS);
    const insight = await putLakeDay(world, { dataset: "insight" });
    const lake = await putTwoDays(world);
    await runOn(world, { logs: world.store, lake: lakeOf(world, [...lake.days, insight]) });
    expect(kindsOf(await runOn(world, { logs: world.store, lake }))).toEqual(["drop-lake-days"]);
    expect(world.aws.glue.partitionCount(DATABASE, "cloudtrail_insight")).toBe(0);
    expect(kindsOf(await planOn(world, { logs: world.store, lake }))).toEqual([]);
  });

  test("has the table of the coverage go over to a new file in one call", async () => {
    const world = await startLakeWorld(LOGS);
    const lake = await putTwoDays(world);
    const first = await putCoverage(world, "one", []);
    await runOn(world, { logs: world.store, lake: { ...lake, coverage: first } });
    const coverage = await putCoverage(world, "two", [{ account: A }]);
    world.aws.clearCalls();
    const report = await runOn(world, { logs: world.store, lake: { ...lake, coverage } });
    expect(kindsOf(report)).toEqual(["replace-lake-table"]);
    expect(writesOf(world)).toEqual(["Glue UpdateTable"]);
    expect((await planOn(world, { logs: world.store })).actual.lake?.coverage).toBe(coverage);
  });

  test("makes the lake's table, and leaves the view as without a lake, where that has no days", async () => {
    const world = await startLakeWorld(LOGS);
    await runOn(world, { logs: world.store });
    const before = world.aws.glue.tables(DATABASE).find(({ Name }) => Name === "cloudtrail");
    const report = await runOn(world, { logs: world.store, lake: lakeOf(world, []) });
    expect(kindsOf(report)).toEqual(["create-lake-table"]);
    expect(world.aws.glue.tables(DATABASE)).toContainEqual(before);
    expect(kindsOf(await planOn(world, { logs: world.store }))).toEqual([]);
  });

  test.each([
    ["a table", "makeForeignTable", "cloudtrail_lake"],
    ["a view", "makeForeignView", "cloudtrail_lake"],
    ["a table", "makeForeignTable", "cloudtrail_coverage"],
  ] as const)("leaves %s of somebody else's alone: %s %s", async (_, make, name) => {
    const world = await startLakeWorld(LOGS);
    world.aws.glue[make](DATABASE, name);
    const before = world.aws.glue.snapshot();
    const lake = { ...(await putTwoDays(world)), coverage: await putCoverage(world, "one", []) };
    expect(await errorOf(runOn(world, { logs: world.store, lake }))).toMatchObject({
      name: "UserError",
      message: expect.stringContaining(`${name} was not made by cloudtrail-partitioner`) as string,
    });
    expect(world.aws.glue.snapshot()).toEqual(before);
  });

  test("leaves the view of another prefix alone, and that prefix leaves its table alone", async () => {
    const refused = { message: expect.stringMatching(/^cloudtrail_lake was not made/) as string };
    const [one, other] = [await startLakeWorld(LOGS), await startLakeWorld(LOGS)];
    await runOn(one, { logs: one.store, tablePrefix: "cloudtrail_lake" });
    const lake = lakeOf(one, []);
    expect(await errorOf(runOn(one, { logs: one.store, lake }))).toMatchObject(refused);
    await runOn(other, { logs: other.store, lake });
    const later = runOn(other, { logs: other.store, tablePrefix: "cloudtrail_lake" });
    expect(await errorOf(later)).toMatchObject(refused);
  });

  test("brings partitions along that lie elsewhere, or have columns of an earlier time", async () => {
    const world = await startLakeWorld(LOGS);
    const lake = await putTwoDays(world);
    await runOn(world, { logs: world.store, lake });
    const whole = world.aws.glue.snapshot();
    const { partitions } = world.aws.glue.catalog.databases.get(DATABASE)!.tables.get("cloudtrail_lake")!;
    const [first, second] = world.aws.glue.partitions(DATABASE, "cloudtrail_lake");
    const StorageDescriptor = { ...first?.StorageDescriptor, Location: "s3://elsewhere/x/" };
    partitions.update(first?.Values ?? [], { ...first, StorageDescriptor });
    partitions.update(second?.Values ?? [], { ...second, Parameters: {} });
    const known = await planOn(world, { logs: world.store });
    expect(known.actual.lake?.days[0]?.folder).toBe("s3://elsewhere/x/");
    expect(known.plan.changes).toMatchObject([{ kind: "put-lake-days", days: [{ day: SECOND }] }]);
    await runOn(world, { logs: world.store, lake });
    expect(world.aws.glue.snapshot()).toEqual(whole);
  });

  test("moves with its lake to another place", async () => {
    const world = await startLakeWorld(LOGS);
    const lake = await putTwoDays(world);
    await runOn(world, { logs: world.store, lake });
    copyLake(world, "moved");
    const moved = { ...lake, url: `s3://${LAKE_BUCKET}/moved` };
    const report = await runOn(world, { logs: world.store, lake: moved });
    expect(kindsOf(report)).toEqual(["replace-lake-table", "put-lake-days"]);
    expect((await planOn(world, { logs: world.store })).actual.lake).toMatchObject(moved);
    const locations = world.aws.glue.partitions(DATABASE, "cloudtrail_lake");
    expect(locations.map(({ StorageDescriptor }) => StorageDescriptor?.Location)).toEqual(
      lake.days.map(({ folder }) => `${moved.url}/${folder}`),
    );
  });

  test.each([
    ["unified", { layout: "unified" }],
    ["projected", { partitions: "projected" }],
  ] as const)("answers the same with other tables over the logs: %s", async (_, athena) => {
    const world = await startLakeWorld(LOGS);
    await runOn(world, { logs: world.store, lake: await putTwoDays(world), athena });
    expect(await rowsOf(world, BY_DAY)).toEqual(eachOnce("lake 1", "lake 1"));
    expect(kindsOf(await planOn(world, { logs: world.store, athena }))).toEqual([]);
  });
});

describe("a lake's table that changes while a run goes on", () => {
  test.each([
    ["keeps a newer version than ours", 2, 1],
    ["gets ours in the place of an older one", 1, 2],
  ])("%s", async (_, theirs, ours) => {
    const world = await startLakeWorld(LOGS);
    const [their, our] = await Promise.all([theirs, ours].map((version) => putDay(world, { version })));
    const warehouse = world.openWarehouse();
    const { plan } = await planOn(world, { logs: world.store, lake: lakeOf(world, [our!]) });
    const { version } = await warehouse.readCatalog({ tablePrefix: "cloudtrail" });
    await runOn(world, { logs: world.store, lake: lakeOf(world, [their!]) });
    const changes = plan.changes.filter((change) => "lakeTable" in change);
    expect(await warehouse.applyPlan({ changes, version })).toEqual({ kind: "done" });
    expect(locationsOf(world)).toEqual([expect.stringContaining("/v000002-")]);
  });

  test("is the same for two runs at once, and both succeed", async () => {
    const [one, two] = [await startLakeWorld(LOGS), await startLakeWorld(LOGS)];
    const lake = await putTwoDays(one);
    await Promise.all([1, 2].map(() => runOn(one, { logs: one.store, lake })));
    await runOn(two, { logs: two.store, lake });
    expect(one.aws.glue.snapshot()).toEqual(two.aws.glue.snapshot());
  });

  test("calls for another plan where a partition to be moved is gone", async () => {
    const world = await startLakeWorld(LOGS);
    await runOn(world, { logs: world.store, lake: lakeOf(world, [await putDay(world, {})]) });
    const lake = lakeOf(world, [await putDay(world, { version: 2 })]);
    const warehouse = world.openWarehouse();
    const { plan } = await planOn(world, { logs: world.store, lake });
    const { version } = await warehouse.readCatalog({ tablePrefix: "cloudtrail" });
    const { partitions } = world.aws.glue.catalog.databases.get(DATABASE)!.tables.get("cloudtrail_lake")!;
    partitions.remove([A, "2026", "11", "18"]);
    expect(await warehouse.applyPlan({ ...plan, version })).toEqual({ kind: "stale" });
  });
});

describe("a run that does not come to its end", () => {
  test("for want of time leaves the view, and what it reads, as it was", async () => {
    const world = await startLakeWorld(LOGS);
    const lake = await putTwoDays(world);
    await runOn(world, { logs: world.store, lake });
    const before = world.aws.glue.snapshot();
    const next = lakeOf(world, [...lake.days.slice(1), await putDay(world, { day: THIRD })]);
    const report = await runOn(world, { logs: world.store, lake: next, isTimeUp: () => true });
    expect(report.left).toBe(1 + 1);
    expect(world.aws.glue.snapshot()).toEqual(before);
  });

  test("as Glue does not take a partition leaves the view as it was, and says so", async () => {
    const world = await startLakeWorld(LOGS);
    await runOn(world, { logs: world.store, lake: lakeOf(world, []) });
    const before = world.aws.glue.tables(DATABASE);
    const lake = await putTwoDays(world);
    world.aws.faults.onCall(({ name }) =>
      name === "Glue BatchCreatePartition"
        ? { kind: "error", status: 400, code: "ResourceNumberLimitExceededException", message: "no room" }
        : undefined,
    );
    expect(await errorOf(runOn(world, { logs: world.store, lake }))).toMatchObject({ name: "UserError" });
    expect(world.aws.glue.tables(DATABASE)).toEqual(before);
  });

  test("drops old partitions of logs only after the view reads the lake instead", async () => {
    const world = await startLakeWorld(LOGS);
    await runOn(world, { logs: world.store });
    world.aws.clearCalls();
    await runOn(world, { logs: world.store, lake: await putTwoDays(world), keepFrom: TODAY });
    const writes = writesOf(world);
    expect(writes.indexOf("Glue BatchDeletePartition")).toBeGreaterThan(
      writes.lastIndexOf("Glue UpdateTable"),
    );
  });
});
