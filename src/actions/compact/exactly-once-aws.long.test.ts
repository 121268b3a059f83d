import { expect, test } from "vitest";
import { startAwsLakeWorld } from "./aws-lake-world.contract.ts";
import { ACCOUNTS, expectView, makeEvents, makeFourDays } from "./lake-world.contract.ts";
import { verifyLake } from "./verify-lake.ts";

const EARLY = [
  makeEvents({ date: "2026-11-20", name: "a" }),
  makeEvents({ date: "2026-11-21", name: "b" }),
  makeEvents({ account: ACCOUNTS[1], date: "2026-11-21", name: "c" }),
];
const LATE = [
  makeEvents({ date: "2026-11-20", name: "late" }),
  makeEvents({ account: ACCOUNTS[1], date: "2026-11-20", name: "d" }),
];
const ALL = [...EARLY, ...LATE];

/** Every account-day is as before the compaction or as after it. */
function expectEither(view: Record<string, string[]>): void {
  const [before, after] = [expectView(EARLY), expectView(ALL)];
  for (const id of Object.keys(before)) expect(Object.keys(view)).toContain(id);
  for (const [id, events] of Object.entries(view)) expect([before[id], after[id]]).toContainEqual(events);
}

test("a compaction that dies at any call leaves every account-day as it was or as it is to be, and the next one ends it", async () => {
  for (let calls = 1; ; calls++) {
    const world = await startAwsLakeWorld(EARLY);
    await world.compact();
    world.put(LATE);
    world.aws.faults.killAfter(calls);
    const failure = await world.compact({ attempts: 1 }).then(() => undefined, String);
    world.aws.faults.heal();
    expectEither(await world.readView());
    await world.compact();
    expect(await world.readView()).toEqual(expectView(ALL));
    expect((await verifyLake(world)).checks).toEqual([]);
    if (failure === undefined) {
      expect(calls).toBeGreaterThan(20);
      return;
    }
  }
}, 600_000);

test("two compactions at once, over and over, have each event once", async () => {
  for (let round = 0; round < 5; round++) {
    const world = await startAwsLakeWorld(EARLY);
    await Promise.all([world.compact(), world.compact()]);
    world.put(LATE);
    await Promise.all([world.compact({ attempts: 10 }), world.compact({ attempts: 10 })]);
    await world.compact();
    expect(await world.readView()).toEqual(expectView(ALL));
    expect((await verifyLake(world)).checks).toEqual([]);
  }
}, 120_000);

test("a compaction gets over throttling, errors and lost answers", async () => {
  const files = makeFourDays();
  const world = await startAwsLakeWorld(files);
  world.aws.faults.onCall(({ index }) => {
    if (index % 7 === 0) return { kind: "throttle" };
    if (index % 11 === 0)
      return {
        kind: "error",
        status: 500,
        code: "InternalError",
        message: "We encountered an internal error.",
      };
    return index % 13 === 0 ? { kind: "drop-after" } : undefined;
  });
  const report = await world.compact({ attempts: 10 });
  world.aws.faults.heal();
  for (const { outcome } of report.days) expect(outcome.kind).toBe("committed");
  expect(await world.readView()).toEqual(expectView(files));
  expect((await verifyLake(world)).checks).toEqual([]);
});
