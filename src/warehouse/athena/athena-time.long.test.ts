import { describe, expect, test } from "vitest";
import { planFrom } from "../../actions/plan.ts";
import { discover } from "../../actions/discover.ts";
import type { RunOptions } from "../../actions/run.ts";
import { run } from "../../actions/run.ts";
import type { TestLog } from "../../fixtures.contract.ts";
import { day, errorOf } from "../../fixtures.contract.ts";
import type { ApplyOptions, Applied, Written } from "../warehouse.ts";
import type { AthenaOptions } from "./athena-options.ts";
import { findLosses, readableFolders, tablesOf } from "./glue-state.contract.ts";
import { runOn, storeOf, TODAY, writesOf } from "./runs.contract.ts";
import type { World } from "./world.contract.ts";
import { DATABASE, startWorld } from "./world.contract.ts";

const [A, B, C] = ["111122223333", "444455556666", "777788889999"] as const;

/** So many days up to yesterday; those of today and tomorrow are made beforehand. */
function days(account: string, count: number): TestLog[] {
  return Array.from({ length: count }, (_, index) => {
    return { account, day: new Date(Date.UTC(2026, 10, 21 - index)).toISOString().slice(0, 10) };
  });
}

/** Time for so many questions. */
function timeFor(questions: number): () => boolean {
  let asked = 0;
  return () => asked++ >= questions;
}

/** One plan, applied by a warehouse as a run has it. */
async function apply(
  world: World,
  logs: readonly TestLog[],
  { athena, ...options }: ApplyOptions & { readonly athena?: Partial<AthenaOptions> },
): Promise<Applied> {
  const ports = { store: storeOf(logs), warehouse: world.openWarehouse(athena) };
  const planned = { tablePrefix: "cloudtrail", today: TODAY };
  const inventory = await discover(ports.store, { detail: "days" });
  const { plan } = await planFrom(ports, inventory, planned);
  return ports.warehouse.applyPlan(plan, options);
}

/** What was written, by what was done. */
function countWritten(): {
  readonly counts: Record<Written["action"], number>;
  onWritten(written: Written): void;
} {
  const counts = { create: 0, update: 0, delete: 0 };
  return {
    counts,
    onWritten: ({ action, partitions }) => {
      counts[action] += partitions;
    },
  };
}

describe("applyPlan whose time runs out", () => {
  const logs = days(A, 250);

  test("before it begins makes the database, and nothing else", async () => {
    const world = await startWorld();
    expect(await apply(world, logs, { isTimeUp: () => true })).toEqual({ kind: "stopped", left: 252 });
    expect(writesOf(world)).toEqual(["Glue CreateDatabase"]);
  });

  test("between batches writes no further one, and no view", async () => {
    const world = await startWorld();
    // Asked before the table, and before each batch.
    expect(await apply(world, logs, { isTimeUp: timeFor(2) })).toEqual({ kind: "stopped", left: 152 });
    expect(writesOf(world)).toEqual(["Glue CreateDatabase", "Glue CreateTable", "Glue BatchCreatePartition"]);
    expect(world.aws.glue.partitionCount(DATABASE, `cloudtrail_${A}`)).toBe(100);
  });

  test("between tables counts the partitions of all that are left", async () => {
    const world = await startWorld();
    const many = Array.from({ length: 20 }, (_, index) => days(String(111_122_223_300 + index), 3)).flat();
    const applied = await apply(world, many, { isTimeUp: timeFor(12) });
    const written = Object.values(tablesOf(world.aws.glue.snapshot())).flatMap(
      ({ partitions }) => partitions,
    );
    expect(written.length).toBeGreaterThan(0);
    expect(applied).toEqual({ kind: "stopped", left: 20 * 5 - written.length });
    expect(Object.keys(tablesOf(world.aws.glue.snapshot()))).not.toContain("cloudtrail");
  });

  test("after the last batch writes the views all the same", async () => {
    const world = await startWorld();
    expect(await apply(world, logs, { isTimeUp: timeFor(4) })).toEqual({ kind: "done" });
    expect(readableFolders(world.aws.glue.snapshot(), "cloudtrail")).toHaveLength(252);
  });

  test("with views alone to write does so", async () => {
    const world = await startWorld();
    await runOn(world, { logs });
    const before = world.aws.glue.snapshot();
    const view = world.aws.glue.catalog.databases.get(DATABASE)?.tables;
    view?.delete("cloudtrail");
    expect(await apply(world, logs, { isTimeUp: () => true })).toEqual({ kind: "done" });
    expect(world.aws.glue.snapshot()).toEqual(before);
  });

  test("tells of a failure rather than of the time", async () => {
    const world = await startWorld();
    world.aws.faults.onCall(({ name }) =>
      name === "Glue BatchCreatePartition"
        ? { kind: "error", status: 400, code: "AccessDeniedException", message: "no" }
        : undefined,
    );
    const error = await errorOf(apply(world, logs, { isTimeUp: timeFor(2) }));
    expect(error).toMatchObject({
      name: "UserError",
      message: expect.stringMatching(/^not allowed/) as string,
    });
  });

  test("between views that are to become tables leaves those that are left as they were", async () => {
    const world = await startWorld();
    const all = [...days(A, 5), ...days(B, 5), ...days(C, 5)];
    await runOn(world, { logs: all, athena: { layout: "unified" } });
    const before = world.aws.glue.snapshot();
    // Each of the three is asked for, then for the batch that makes its partitions.
    const applied = await apply(world, all, { isTimeUp: timeFor(3 + 1), athena: { layout: "tables" } });
    expect(applied.kind).toBe("stopped");
    const after = world.aws.glue.snapshot();
    expect(findLosses(before, after)).toEqual([]);
    const types = [A, B, C].map((account) => tablesOf(after)[`cloudtrail_${account}`]?.TableType ?? "");
    expect(types.toSorted()).toEqual(["EXTERNAL_TABLE", "VIRTUAL_VIEW", "VIRTUAL_VIEW"]);
    expect(tablesOf(after)["cloudtrail"]).toEqual(tablesOf(before)["cloudtrail"]);
  });

  test("is stale, whatever the time, where the plan is of an earlier reading", async () => {
    const world = await startWorld();
    const warehouse = world.openWarehouse();
    const plan = { changes: [], version: 3 };
    expect(await warehouse.applyPlan(plan, { isTimeUp: () => true })).toEqual({ kind: "stale" });
  });
});

describe("a run in pieces", () => {
  const logs = [...days(A, 250), ...days(B, 120)];

  /** Runs until nothing is left, and says how often. */
  async function runInPieces(
    world: World,
    options: Partial<RunOptions> & { athena?: Partial<AthenaOptions> },
  ): Promise<number> {
    const { athena, ...rest } = options;
    for (let runs = 1; runs < 50; runs++) {
      const warehouse = world.openWarehouse(athena);
      const before = world.aws.glue.snapshot();
      const { left } = await run(
        { store: storeOf(logs), warehouse },
        { tablePrefix: "cloudtrail", today: TODAY, isTimeUp: timeFor(3), ...rest },
      );
      if (rest.keepFrom === undefined) expect(findLosses(before, world.aws.glue.snapshot())).toEqual([]);
      if (left === undefined) return runs;
    }
    throw new Error("it comes to no end");
  }

  test.each<[string, Partial<AthenaOptions>]>([
    ["a table for each account", { layout: "tables" }],
    ["one table for all", { layout: "unified" }],
    ["tables with an index", { layout: "tables", partitionIndex: true }],
  ])("comes to the catalog that one run comes to: %s", async (_, athena) => {
    const pieces = await startWorld();
    expect(await runInPieces(pieces, { athena })).toBeGreaterThan(1);
    const whole = await startWorld();
    await runOn(whole, { logs, athena });
    expect(pieces.aws.glue.snapshot()).toEqual(whole.aws.glue.snapshot());
  });

  test("gets on with a view that becomes a table, a batch at a time", async () => {
    const world = await startWorld();
    await runOn(world, { logs, athena: { layout: "unified" } });
    // Time for the tables, and for one batch.
    const runs = await runInPieces(world, { athena: { layout: "tables" } });
    expect(runs).toBeGreaterThan(3);
    const whole = await startWorld();
    await runOn(whole, { logs, athena: { layout: "tables" } });
    expect(readableFolders(world.aws.glue.snapshot(), "cloudtrail")).toEqual(
      readableFolders(whole.aws.glue.snapshot(), "cloudtrail"),
    );
  });

  test("drops old partitions in pieces, too", async () => {
    const world = await startWorld();
    await runOn(world, { logs });
    const runs = await runInPieces(world, { keepFrom: day("2026-11-01") });
    expect(runs).toBeGreaterThan(1);
    expect(world.aws.glue.partitionCount(DATABASE, `cloudtrail_${A}`)).toBe(21 + 2);
  });
});

describe("onWritten", () => {
  test("tells of partitions that are made, brought along and dropped, as many as there are", async () => {
    const world = await startWorld();
    const first = countWritten();
    await runOn(world, { logs: days(A, 130), ...first });
    expect(first.counts).toEqual({ create: 132, update: 0, delete: 0 });
    const old = [{ Name: "eventversion", Type: "string" }];
    const location = `s3://trail-logs/AWSLogs/${A}/CloudTrail/us-east-1/2026/01/01/`;
    const values = ["us-east-1", "2026", "01", "01"];
    world.aws.glue.seedPartitions(DATABASE, `cloudtrail_${A}`, [{ values, location, columns: old }]);
    const next = countWritten();
    const grown = [...days(A, 130), { account: A, day: "2026-01-01" }, { account: A, day: "2026-01-02" }];
    await runOn(world, { logs: grown, ...next });
    expect(next.counts).toEqual({ create: 1, update: 1, delete: 0 });
    const last = countWritten();
    await runOn(world, { logs: grown, keepFrom: day("2026-11-01"), ...last });
    expect(last.counts).toEqual({ create: 0, update: 0, delete: 132 + 2 - (21 + 2) });
  });

  test("does not tell of those that Glue did not take, nor of those that were left", async () => {
    const world = await startWorld();
    const whole = world.aws.glue.operations["BatchCreatePartition"] as (input: object) => {
      Errors: object[];
    };
    const ErrorDetail = { ErrorCode: "ResourceNumberLimitExceededException", ErrorMessage: "no room" };
    const partial = ({
      PartitionInputList,
      ...rest
    }: {
      PartitionInputList: { Values: string[] }[];
    }): object => {
      const [refused, ...taken] = PartitionInputList;
      const { Errors } = whole({ ...rest, PartitionInputList: taken });
      return { Errors: [...Errors, { PartitionValues: refused?.Values, ErrorDetail }] };
    };
    const operations = { ...world.aws.glue.operations, BatchCreatePartition: partial };
    Object.assign(world.aws.glue, { operations });
    const { counts, onWritten } = countWritten();
    const isTimeUp = timeFor(2 + 1);
    // Those that were refused are left, too: whoever goes on tries them again, and hears of them in the end.
    const applied = await apply(world, days(A, 250), { onWritten, isTimeUp });
    expect(applied).toEqual({ kind: "stopped", left: 52 + 2 });
    expect(counts).toEqual({ create: 198, update: 0, delete: 0 });
    expect(await errorOf(apply(world, days(A, 250), { onWritten }))).toMatchObject({
      message: expect.stringContaining("Glue did not take 1 partitions") as string,
    });
  });
});
