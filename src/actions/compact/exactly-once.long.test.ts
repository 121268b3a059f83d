import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { collect } from "../../fixtures.contract.ts";
import { parseLakeKey } from "../../core/lake/lake-day.ts";
import { faultyLakeStore } from "../../lake-store/faulty-lake-store.contract.ts";
import type { LakeWorld } from "./lake-world.contract.ts";
import { ACCOUNTS, expectView, makeEvents, makeLakeWorld } from "./lake-world.contract.ts";
import { verifyLake } from "./verify-lake.ts";

const EARLY = [
  makeEvents({ date: "2026-11-20", name: "a" }),
  makeEvents({ date: "2026-11-21", name: "b" }),
  makeEvents({ account: ACCOUNTS[1], date: "2026-11-21", name: "c" }),
];
const LATE = makeEvents({ date: "2026-11-20", name: "late" });

/** A lake that has all but one late object. */
async function makeHalfWay(): Promise<LakeWorld> {
  const world = await makeLakeWorld(...EARLY);
  await world.compact();
  await world.put(LATE, makeEvents({ account: ACCOUNTS[1], date: "2026-11-20", name: "d" }));
  return world;
}

const ALL = [...EARLY, LATE, makeEvents({ account: ACCOUNTS[1], date: "2026-11-20", name: "d" })];

/** Each event is there once, in one version of its account-day, and nothing else is left but what a reader may still read. */
async function expectWhole(world: LakeWorld): Promise<void> {
  expect(await world.readView()).toEqual(expectView(ALL));
  const report = await verifyLake(world.ports);
  expect(report.checks).toEqual([]);
  const keys = (await collect(world.ports.lake.listFiles(""))).map(({ key }) => parseLakeKey(key));
  const versions = new Set(
    keys.flatMap((key) => (key?.kind === "data" ? [`${key.account} ${key.day} ${key.version}`] : [])),
  );
  const days = new Set([...versions].map((version) => version.replace(/ \d+$/, "")));
  // The one that was written anew has two, for the queries of the last day.
  expect(versions.size).toBeLessThanOrEqual(days.size + 1);
}

describe("A compaction that fails at any step", () => {
  test.each(["before", "after"] as const)(
    "leaves what was there, and the next one ends it: %s the call",
    async (kind) => {
      for (let failAt = 1; ; failAt++) {
        const world = await makeHalfWay();
        const lake = faultyLakeStore(world.ports.lake, { failAt, kind });
        const failure = await world.compact({ lake }).then(() => undefined, String);
        const view = await world.readView();
        const wanted = expectView(ALL);
        const earlier = expectView([
          ...EARLY,
          ...ALL.filter(({ key }) => key.includes(`${ACCOUNTS[1]}/`) && key.includes("/20/")),
        ]);
        // An account-day answers from its earlier version, or from its later one.
        for (const [id, events] of Object.entries(view))
          expect([wanted[id], earlier[id]]).toContainEqual(events);
        await world.compact();
        await expectWhole(world);
        if (failure === undefined) {
          expect(failAt).toBeGreaterThan(6);
          return;
        }
        expect(failure).toMatch(/fault/i);
      }
    },
  );
});

describe("Two compactions at once", () => {
  test("write each account-day once", async () => {
    for (let round = 0; round < 3; round++) {
      const world = await makeHalfWay();
      const reports = await Promise.all([world.compact(), sleep(round * 7).then(() => world.compact())]);
      for (const { days } of reports) for (const { outcome } of days) expect(outcome.kind).not.toBe("left");
      await world.compact();
      await expectWhole(world);
    }
  });

  test("of which one sees an object more: the last to know of it wins in the end", async () => {
    const world = await makeLakeWorld(...EARLY);
    const before = world.compact();
    await world.put(LATE, makeEvents({ account: ACCOUNTS[1], date: "2026-11-20", name: "d" }));
    await Promise.all([before, world.compact()]);
    await world.compact();
    await expectWhole(world);
  });
});
