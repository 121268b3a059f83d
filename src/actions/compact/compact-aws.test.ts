import { describe, expect, test } from "vitest";
import { ask } from "../../fixtures.contract.ts";
import { startAwsLakeWorld } from "./aws-lake-world.contract.ts";
import { ACCOUNTS, expectView, makeEvents, makeFourDays } from "./lake-world.contract.ts";
import { verifyLake } from "./verify-lake.ts";

describe("compact, from a bucket to a bucket and into Glue", () => {
  test("has each event once in Athena, reads each object once and writes nothing among the logs", async () => {
    const files = makeFourDays();
    const world = await startAwsLakeWorld(files);
    const report = await world.compact();
    expect(report).toMatchObject({
      compactedThrough: "2026-11-21",
      total: { objects: 24, events: 48, records: 48, setAside: 0 },
    });
    const calls = world.aws.calls.map(({ call }) => call);
    // Besides the logs, manifests are looked for before, and read for the coverage.
    expect(calls.filter((call) => call === "S3 GetObject").length).toBe(24 + 2 * 6);
    expect(await world.readView()).toEqual(expectView(files));
    const { checks } = await verifyLake(world);
    expect(checks).toEqual([]);
  });

  test("takes in an object that came late, and only that account-day", async () => {
    const files = makeFourDays();
    const world = await startAwsLakeWorld(files);
    await world.compact();
    const late = makeEvents({ date: "2026-11-20", name: "late" });
    world.put([late]);
    world.aws.clearCalls();
    const report = await world.compact();
    expect(report.days).toMatchObject([{ account: ACCOUNTS[0], day: "2026-11-20", reason: "changed" }]);
    expect(await world.readView()).toEqual(expectView([...files, late]));
    const { rows } = await ask(
      world.openWarehouse(),
      `SELECT sum(late), sum(objects) FROM cloudtrail_coverage WHERE account = '${ACCOUNTS[0]}' AND day = '20'`,
    );
    expect(rows.flat().map(Number)).toEqual([1, 5]);
  });

  test("names what it may not do to the lake, and keeps the tables of the logs up to date all the same", async () => {
    const files = makeFourDays();
    const world = await startAwsLakeWorld(files);
    world.aws.deny("s3:PutObject");
    await expect(world.compact()).rejects.toThrow(/s3:PutObject/);
    world.aws.allowAll();
    expect(await world.readView()).toEqual(expectView(files));
  });
});
