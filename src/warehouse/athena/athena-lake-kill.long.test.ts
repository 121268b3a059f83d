import { describe, expect, test } from "vitest";
import type { LakeContent } from "../../core/catalog.ts";
import type { TestLog } from "../../fixtures.contract.ts";
import { ask, errorOf } from "../../fixtures.contract.ts";
import { lakeOf, putCoverage } from "../lake.contract.ts";
import { restore } from "./glue-state.contract.ts";
import type { LakeWorld } from "./lake-world.contract.ts";
import { copyLake, LAKE_BUCKET, putDay, startLakeWorld } from "./lake-world.contract.ts";
import type { TestRun } from "./runs.contract.ts";
import { kindsOf, planOn, runOn, TODAY } from "./runs.contract.ts";

const [A, B] = ["111122223333", "444455556666"] as const;
const DAYS = ["17", "18", "19", "20"] as const;
const LOGS: readonly TestLog[] = [A, B].flatMap((account) =>
  DAYS.map((date) => ({
    account,
    day: `2026-11-${date}`,
    records: [{ eventID: "log", recipientAccountId: account }],
  })),
);

/** Days of both accounts: "18" for version 1 and "18 2" for version 2. */
async function lakeWith(world: LakeWorld, ...days: readonly string[]): Promise<LakeContent> {
  const put = [A, B].flatMap((account) =>
    days.map((text) => {
      const [date, version = "1"] = text.split(" ");
      return putDay(world, { account, day: `2026-11-${date}`, version: Number(version) });
    }),
  );
  return lakeOf(world, await Promise.all(put));
}

type Options = Omit<TestRun, "logs">;

interface Scene {
  readonly name: string;
  before(world: LakeWorld): Promise<Options>;
  run(world: LakeWorld): Promise<Options>;
}

const SCENES: readonly Scene[] = [
  {
    name: "a first lake",
    before: () => Promise.resolve({}),
    run: async (world) => {
      const lake = await lakeWith(world, "17", "18");
      return { lake: { ...lake, coverage: await putCoverage(world, "one", []) } };
    },
  },
  {
    name: "a lake that grows, shrinks and has new versions at once",
    before: async (world) => ({ lake: await lakeWith(world, "17", "18", "19") }),
    run: async (world) => ({ lake: await lakeWith(world, "18 2", "19", "20") }),
  },
  {
    name: "a first lake, and logs beyond their retention",
    before: () => Promise.resolve({}),
    run: async (world) => ({ lake: await lakeWith(world, ...DAYS), keepFrom: TODAY }),
  },
  {
    name: "a lake that has moved",
    before: async (world) => {
      const lake = await lakeWith(world, "17", "18");
      copyLake(world, "moved");
      return { lake };
    },
    run: async (world) => {
      const lake = await lakeWith(world, "17", "18");
      return { lake: { ...lake, url: `s3://${LAKE_BUCKET}/moved` } };
    },
  },
  {
    name: "a lake, and another layout of the tables",
    before: async (world) => ({ lake: await lakeWith(world, "17") }),
    run: async (world) => ({ lake: await lakeWith(world, "17", "18"), athena: { layout: "unified" } }),
  },
];

/** What a query of all accounts answers: each account-day once, from wherever it is. */
async function expectWhole(world: LakeWorld, place: string): Promise<void> {
  const sql = "SELECT account, day, count(*) FROM cloudtrail GROUP BY 1, 2 ORDER BY 1, 2";
  const { rows } = await ask(world.openWarehouse(), sql);
  expect(rows, place).toEqual([A, B].flatMap((account) => DAYS.map((date) => [account, date, 1])));
}

describe.each(SCENES)("$name", ({ before, run }) => {
  test("has each account-day once after any call, and is completed by the next run", async () => {
    const world = await startLakeWorld(LOGS);
    await runOn(world, { logs: world.store, ...(await before(world)) });
    const options = { logs: world.store, ...(await run(world)) };
    const start = world.aws.glue.snapshot();
    await expectWhole(world, "before");
    world.aws.clearCalls();
    await runOn(world, options);
    const calls = world.aws.calls.map(({ call }) => call);
    const end = world.aws.glue.snapshot();
    await expectWhole(world, "after");
    expect(kindsOf(await planOn(world, options))).toEqual([]);
    const seen = new Set([JSON.stringify(start), JSON.stringify(end)]);
    for (const [at, call] of calls.entries()) {
      if (/ (Get|List)/.test(call)) continue;
      restore(world.aws, start);
      world.aws.clearCalls();
      world.aws.faults.onCall(({ index }) =>
        index <= at ? undefined : { kind: index === at + 1 ? "drop-after" : "drop" },
      );
      expect(await errorOf(runOn(world, { ...options, attempts: 1 })), call).toBeInstanceOf(Error);
      world.aws.faults.heal();
      const left = world.aws.glue.snapshot();
      if (seen.has(JSON.stringify(left))) continue;
      seen.add(JSON.stringify(left));
      await expectWhole(world, `after call ${at} ${call}`);
      await runOn(world, options);
      expect(world.aws.glue.snapshot()).toEqual(end);
    }
    expect(seen.size).toBeGreaterThan(2);
  });

  test("has each account-day once where time runs out at any question", async () => {
    const world = await startLakeWorld(LOGS);
    await runOn(world, { logs: world.store, ...(await before(world)) });
    const options = { logs: world.store, ...(await run(world)) };
    const seen = new Set<string>();
    for (let questions = 0; questions < 30; questions++) {
      const report = await runOn(world, { ...options, isTimeUp: timeFor(questions) });
      const left = JSON.stringify(world.aws.glue.snapshot());
      if (!seen.has(left)) await expectWhole(world, `with time for ${questions} questions`);
      seen.add(left);
      if (report.left === undefined) return;
      expect(report.left).toBeGreaterThanOrEqual(0);
    }
    throw new Error("it comes to no end");
  });
});

function timeFor(questions: number): () => boolean {
  let asked = 0;
  return () => asked++ >= questions;
}
