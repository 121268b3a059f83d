import { describe, expect, test } from "vitest";
import { Random } from "../../../tools/generate-logs/prng.ts";
import type { TestLog } from "../../fixtures.contract.ts";
import { comparable, findLosses, restore } from "./glue-state.contract.ts";
import type { TestRun } from "./runs.contract.ts";
import { kindsOf, planOn, runOn, storeOf } from "./runs.contract.ts";
import { startWorld } from "./world.contract.ts";

const [A, B, C] = ["111122223333", "444455556666", "777788889999"] as const;
const RACES = 5;

function logs(account: string, days: readonly string[]): TestLog[] {
  return days.map((day) => ({ account, day }));
}

const OLD = logs(A, ["2026-11-19"]);
const LOGS = storeOf([
  ...OLD,
  ...logs(A, ["2026-11-20"]),
  ...logs(B, ["2026-11-20"]),
  ...logs(C, ["2026-11-21"]),
]);

interface Race {
  readonly name: string;
  readonly before?: TestRun;
  readonly runs: readonly [Partial<TestRun>, Partial<TestRun>];
  /** Of the run that should come to the same as both. */
  readonly alone: Partial<TestRun>;
}

const unified = { athena: { layout: "unified" } } as const;
const indexed = { athena: { partitionIndex: true } } as const;

const CASES: readonly Race[] = [
  { name: "of the same accounts, on nothing", runs: [{}, {}], alone: {} },
  {
    name: "of different accounts, on nothing",
    runs: [{ accounts: [A] }, { accounts: [B, C] }],
    alone: {},
  },
  {
    name: "of different accounts that share a table, on nothing",
    runs: [
      { accounts: [A], ...unified },
      { accounts: [B, C], ...unified },
    ],
    alone: unified,
  },
  {
    name: "of different new accounts, by night",
    before: { logs: OLD },
    runs: [{ accounts: [A, B] }, { accounts: [A, C] }],
    alone: {},
  },
  { name: "that both make an index", before: { logs: OLD }, runs: [indexed, indexed], alone: indexed },
  { name: "that both change the layout", before: { logs: OLD }, runs: [unified, unified], alone: unified },
  {
    name: "that both change the layout back",
    before: { logs: OLD, ...unified },
    runs: [{ athena: { layout: "tables" } }, { athena: { layout: "tables" } }],
    alone: {},
  },
];

describe("two runs at once both succeed, and come to what one would have", () => {
  test.each(CASES)("$name", async ({ before, runs, alone }) => {
    const world = await startWorld();
    if (before !== undefined) await runOn(world, before);
    const start = world.aws.glue.snapshot();
    await runOn(world, { logs: LOGS, ...alone });
    const end = world.aws.glue.snapshot();
    expect(kindsOf(await planOn(world, { logs: LOGS, ...alone }))).toEqual([]);
    for (let race = 1; race <= RACES; race++) {
      restore(world.aws, start);
      const random = new Random(race);
      world.aws.faults.onCall(() => ({ kind: "delay", ms: random.below(4) }));
      await Promise.all(runs.map((options) => runOn(world, { logs: LOGS, ...options })));
      world.aws.faults.heal();
      expect(findLosses(start, world.aws.glue.snapshot())).toEqual([]);
      expect(comparable(world.aws.glue.snapshot()), `race ${race}`).toEqual(comparable(end));
    }
  });
});
