import { describe, expect, test } from "vitest";
import {
  A,
  EVENTS,
  FILES,
  LAKE,
  listWrites,
  putFiles,
  readLakeFiles,
  readView,
  startWithFiles,
  TIME_FOR_ONE,
  twoEvents,
} from "./lake-trail.ts";
import { useFunction } from "./start-function.ts";
import type { Trail } from "./trail.ts";
import { BUCKET, LAKE_BUCKET } from "./trail.ts";

const lambda = useFunction();

const DAY = 86_400_000;

/** But for the coverage, of which each night may leave one. */
function readDataOf(trail: Trail): object {
  return new Map([...readLakeFiles(trail)].filter(([key]) => !key.includes("/coverage/")));
}

describe("the function with a lake, night after night", () => {
  test("takes in the next night what came late, and what has closed", async () => {
    const trail = await startWithFiles(lambda);
    await trail.call();
    trail.now += DAY;
    putFiles(trail, [twoEvents(A, "2026-11-20", "late")]);
    const { result } = await trail.call();
    expect(result?.lake).toMatchObject({
      accountDays: { compacted: 3, left: 0, notBegun: 0 },
      objects: 3 + 4,
      late: 1,
      events: 6 + 8,
      records: 6 + 8,
      compactedThrough: "2026-11-22",
    });
    expect(await readView(trail)).toEqual([...EVENTS, "late1", "late2"].toSorted());
  });

  test("has nothing to do the second time, and writes nothing", async () => {
    const trail = await startWithFiles(lambda);
    await trail.call();
    const [lake, catalog] = [readLakeFiles(trail), trail.aws.glue.snapshot()];
    trail.aws.clearCalls();
    const { result } = await trail.call();
    expect(result?.lake).toMatchObject({
      accountDays: { compacted: 0, left: 0, notBegun: 0 },
      compactedThrough: "2026-11-21",
    });
    expect(listWrites(trail)).toEqual([]);
    expect([readLakeFiles(trail), trail.aws.glue.snapshot()]).toEqual([lake, catalog]);
  });

  test("says which account-days it leaves as they were, and why", async () => {
    const trail = await startWithFiles(lambda);
    await trail.call();
    const [gone] = FILES;
    trail.aws.s3.remove(BUCKET, gone?.key ?? "");
    putFiles(trail, [twoEvents(A, "2026-11-20", "late")]);
    const { result, logs } = await trail.call();
    expect(result?.lake?.accountDays).toEqual({ compacted: 0, left: 1, notBegun: 0 });
    expect(logs[0]).toMatchObject({
      level: "WARN",
      message: "account-days were left as they were in the lake",
      first: [
        { account: A, day: "2026-11-20", why: expect.stringContaining("gone from the logs") as string },
      ],
    });
    expect(await readView(trail)).toEqual(EVENTS);
  });

  test("does what an event asks for: days and accounts", async () => {
    const trail = await startWithFiles(lambda);
    const event = { from: "2026-11-20", to: "2026-11-21", accounts: [A] };
    const { result } = await trail.call({ event });
    expect(result?.lake?.accountDays.compacted).toBe(2);
    const accounts = trail.aws.s3.keys(LAKE_BUCKET).map((key) => /account=(\d+)/.exec(key)?.[1] ?? A);
    expect(new Set(accounts)).toEqual(new Set([A]));
  });
});

describe("a function with a lake whose time runs out", () => {
  test("goes on in another call, further each time, and the view has each event once all the while", async () => {
    const trail = await startWithFiles(lambda);
    let event: unknown = {};
    for (const notBegun of [3, 2, 1, 0]) {
      const { result, error } = await trail.call({ event, time: TIME_FOR_ONE });
      expect(error).toBeUndefined();
      expect(result).toMatchObject({
        partitions: { left: 0 },
        lake: { accountDays: { compacted: 1, notBegun } },
      });
      expect(await readView(trail)).toEqual(EVENTS);
      event = result?.continuesWith;
    }
    expect(event).toBeUndefined();
    expect(trail.aws.lambda.invocations).toHaveLength(3);
    const unhurried = await startWithFiles(lambda);
    await unhurried.call();
    expect(readDataOf(trail)).toEqual(readDataOf(unhurried));
  });

  test("goes on in the catalog alone where all days are compacted", async () => {
    const trail = await startWithFiles(lambda);
    const [first, ...others] = await trail.callToEnd({ time: { total: 300_000, questions: 10 } });
    expect(first?.result?.lake?.accountDays).toMatchObject({ compacted: 4, notBegun: 0 });
    expect(first?.result?.continuesWith).toEqual({ continuation: 1 });
    for (const { error, result } of others)
      expect({ error, lake: result?.lake }).toMatchObject({
        error: undefined,
        lake: { accountDays: { compacted: 0 } },
      });
    expect(await readView(trail)).toEqual(EVENTS);
  });

  test("in the middle of an account-day names it, and leaves nothing that counts", async () => {
    const trail = await startWithFiles(lambda);
    let reads = 0;
    // The first of each account-day looks whether there is a manifest.
    trail.aws.faults.onCall(({ name }) =>
      name === "S3 GetObject" && ++reads > 2 ? { kind: "delay", ms: 10_000 } : undefined,
    );
    const { error, remaining, logs } = await trail.call({ time: { total: 2000 } });
    expect(error?.message).toMatch(
      /^the function's 2 s were over while compacting data\/\d{12}\/2026-11-20.*, MB \(0/,
    );
    expect(logs.at(-1)?.hint).toContain("more time or memory");
    expect(remaining).toBeGreaterThan(-5000);
    expect(trail.aws.s3.keys(LAKE_BUCKET).filter((key) => key.includes("/manifests/"))).toEqual([]);
  });
});

test("a lake that is no longer configured is left alone, and the view still reads it", async () => {
  const trail = await startWithFiles(lambda);
  await trail.call();
  const { CLOUDTRAIL_PARTITIONER_LAKE: lake, ...environment } = trail.environment;
  expect(lake).toBe(LAKE);
  trail.environment = environment;
  trail.aws.clearCalls();
  expect((await trail.call()).error).toBeUndefined();
  expect(listWrites(trail)).toEqual([]);
  expect(await readView(trail)).toEqual(EVENTS);
});
