import type { PartitionInput } from "@aws-sdk/client-glue";
import { describe, expect, test } from "vitest";
import type { GlueSnapshot } from "../../../test/doubles/glue-double.ts";
import type { TestLog } from "../../fixtures.contract.ts";
import { errorOf } from "../../fixtures.contract.ts";
import { comparable, findLosses, restore, withTables } from "./glue-state.contract.ts";
import type { TestRun } from "./runs.contract.ts";
import { kindsOf, planOn, runOn, storeOf } from "./runs.contract.ts";
import type { World } from "./world.contract.ts";
import { startWorld } from "./world.contract.ts";

const [A, B] = ["111122223333", "444455556666"] as const;
const ORGANIZATION = "AWSLogs/o-aa111bb222/";

function logs(account: string, days: readonly string[], rest: TestLog = {}): TestLog[] {
  return days.map((day) => ({ account, day, ...rest }));
}

const SOME = [...logs(A, ["2026-11-19", "2026-11-20"]), ...logs(B, ["2026-11-19"], { region: "eu-west-1" })];
const MORE = [...SOME, ...logs(A, ["2026-11-21"]), ...logs(B, ["2026-11-21"], { region: "us-west-2" })];

const DOUBLED = [...MORE, ...logs(A, ["2026-11-20", "2026-11-21"], { root: ORGANIZATION })];

interface Scene {
  readonly name: string;
  /** What was run before, on its own day. */
  readonly before: readonly TestRun[];
  /** What happened to Glue since. */
  readonly harm?: (snapshot: GlueSnapshot) => GlueSnapshot;
  readonly run: TestRun;
}

function shorten({ StorageDescriptor = {} }: PartitionInput): PartitionInput {
  return { StorageDescriptor: { ...StorageDescriptor, Columns: StorageDescriptor.Columns?.slice(0, 23) } };
}

/** As a version with fewer columns has left it. */
function makeOld(snapshot: GlueSnapshot): GlueSnapshot {
  const schema = { "cloudtrail_partitioner.schema": "0" };
  return withTables(snapshot, (_, table) => ({
    ...(table.TableType === "VIRTUAL_VIEW" ? {} : shorten(table)),
    Parameters: { ...table.Parameters, ...(table.TableType === "VIRTUAL_VIEW" ? {} : schema) },
    partitions: table.partitions.map((each) => ({ ...each, ...shorten(each), Parameters: schema })),
  }));
}

const SCENES: readonly Scene[] = [
  { name: "a first run with two accounts", before: [], run: { logs: SOME } },
  { name: "a nightly run", before: [{ logs: SOME }], run: { logs: MORE } },
  { name: "an upgrade of the columns", before: [{ logs: SOME }], harm: makeOld, run: { logs: MORE } },
  {
    name: "from tables to the shared table",
    before: [{ logs: SOME }],
    run: { logs: MORE, athena: { layout: "unified" } },
  },
  {
    name: "from the shared table to tables",
    before: [{ logs: SOME, athena: { layout: "unified" } }],
    run: { logs: MORE },
  },
  {
    name: "from the shared table to tables, but for an account under two roots",
    before: [{ logs: DOUBLED, athena: { layout: "unified" } }],
    run: { logs: DOUBLED },
  },
  {
    name: "back to tables that there were once",
    before: [{ logs: SOME }, { logs: MORE, athena: { layout: "unified" } }],
    harm: makeOld,
    run: { logs: MORE, athena: { layout: "tables" } },
  },
  {
    name: "an account that appears under a second root on the same days",
    before: [{ logs: SOME }],
    run: { logs: DOUBLED },
  },
  {
    name: "partition indexes for tables without one",
    before: [{ logs: SOME }],
    run: { logs: MORE, athena: { partitionIndex: true } },
  },
  {
    name: "from the shared table to tables, with indexes",
    before: [{ logs: SOME, athena: { layout: "unified", partitionIndex: true } }],
    run: { logs: MORE, athena: { partitionIndex: true } },
  },
];

/** A scene with what it comes to where nothing happens: nothing that is left to do. */
interface Played {
  readonly start: GlueSnapshot;
  readonly calls: readonly string[];
  readonly end: GlueSnapshot;
}

async function play(world: World, { before, harm = (same) => same, run }: Scene): Promise<Played> {
  restore(world.aws, {});
  for (const each of before) await runOn(world, each);
  const start = harm(world.aws.glue.snapshot());
  restore(world.aws, start);
  world.aws.clearCalls();
  await runOn(world, run);
  const calls = world.aws.calls.map(({ call }) => call);
  expect(kindsOf(await planOn(world, run))).toEqual([]);
  return { start, calls, end: world.aws.glue.snapshot() };
}

const isReading = (call: string): boolean => / Get/.test(call);

describe.each(SCENES)("$name", ({ run: { logs: files, ...options }, ...scene }) => {
  const run = { ...options, logs: storeOf(files as TestLog[]) };

  test("leaves all that answered if it dies before or after any writing call, and is completed by the next run", async () => {
    const world = await startWorld();
    const { start, calls, end } = await play(world, { ...scene, run });
    expect(findLosses(start, end)).toEqual([]);
    const seen = new Set([JSON.stringify(start)]);
    const dieAt = async (call: number, then: "before" | "after"): Promise<void> => {
      restore(world.aws, start);
      world.aws.clearCalls();
      world.aws.faults.onCall(({ index }) => {
        if (index < call) return undefined;
        return { kind: index === call && then === "after" ? "drop-after" : "drop" };
      });
      const place = `${then} call ${call}`;
      expect(await errorOf(runOn(world, { ...run, attempts: 1 })), place).toBeInstanceOf(Error);
      world.aws.faults.heal();
      const left = world.aws.glue.snapshot();
      const state = JSON.stringify(left);
      if (seen.has(state)) return;
      seen.add(state);
      expect(findLosses(start, left), place).toEqual([]);
      await runOn(world, run);
      expect(comparable(world.aws.glue.snapshot()), place).toEqual(comparable(end));
    };
    for (const [at, call] of calls.entries()) {
      // Reading changes nothing.
      if (isReading(call) && at > 0) continue;
      await dieAt(at + 1, "before");
      await dieAt(at + 1, "after");
    }
    expect(seen.size).toBeGreaterThan(2);
  });

  test("comes to the same end where the answer to a writing call is lost, and the call is sent again", async () => {
    const world = await startWorld();
    const { start, calls, end } = await play(world, { ...scene, run });
    for (const [at, name] of calls.entries()) {
      if (isReading(name)) continue;
      restore(world.aws, start);
      world.aws.clearCalls();
      world.aws.faults.onCall(({ index }) => (index === at + 1 ? { kind: "drop-after" } : undefined));
      await runOn(world, run);
      expect(comparable(world.aws.glue.snapshot()), name).toEqual(comparable(end));
    }
  });
});
