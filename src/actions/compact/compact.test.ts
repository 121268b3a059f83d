import { utimes } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ask, day, readTree } from "../../fixtures.contract.ts";
import { parseLakeKey } from "../../core/lake/lake-day.ts";
import { run } from "../run.ts";
import type { CompactReport } from "./compact.ts";
import { ACCOUNTS, expectView, makeEvents, makeFourDays, makeLakeWorld } from "./lake-world.contract.ts";

const OPTIONS = { tablePrefix: "cloudtrail", today: day("2026-11-22") };

/** `account day reason outcome` of what was worked on. */
function summarize({ days }: CompactReport): string[] {
  return days.map(
    ({ account, day: date, reason, outcome }) => `${account} ${date} ${reason} ${outcome.kind}`,
  );
}

describe("compact", () => {
  test("writes the closed days of every account, and the view has each event once before and after", async () => {
    const files = makeFourDays();
    const world = await makeLakeWorld(...files);
    await run(world.ports, OPTIONS);
    const before = await world.readView();
    expect(before).toEqual(expectView(files));
    const report = await world.compact();
    expect(report).toMatchObject({
      closedThrough: "2026-11-21",
      compactedThrough: "2026-11-21",
      upToDate: 0,
      total: { objects: 24, events: 48, records: 48, duplicates: 0, setAside: 0, late: 0 },
    });
    expect(summarize(report)).toEqual(
      ACCOUNTS.flatMap((account) =>
        ["19", "20", "21"].map((date) => `${account} 2026-11-${date} new committed`),
      ),
    );
    expect(await world.readView()).toEqual(before);
  });

  test("finds nothing to do the second time, and leaves every byte as it is", async () => {
    const world = await makeLakeWorld(...makeFourDays());
    await world.compact();
    const [lake, logs] = [await readTree(world.lakeFolder), await readTree(world.logs)];
    const again = await world.compact();
    expect(again).toMatchObject({ days: [], upToDate: 6, run: { plan: { changes: [] } } });
    expect(await readTree(world.lakeFolder)).toEqual(lake);
    expect(await readTree(world.logs)).toEqual(logs);
  });

  test("writes the same bytes for the same logs", async () => {
    const trees = [];
    for (let round = 0; round < 2; round++) {
      const world = await makeLakeWorld(...makeFourDays());
      await Promise.all([...(await readTree(world.logs)).keys()].map((path) => utimes(path, 1, 1)));
      await world.compact();
      trees.push(
        [...(await readTree(world.lakeFolder))].map(([path, bytes]) => [
          path.slice(world.lakeFolder.length),
          bytes,
        ]),
      );
    }
    expect(trees[0]).toEqual(trees[1]);
  });

  test.each([
    ["2026-11-22T00:30:00Z", "2026-11-20"],
    ["2026-11-22T01:00:00Z", "2026-11-21"],
  ])("leaves a day open for an hour: at %s the last one is %s", async (now, last) => {
    const world = await makeLakeWorld(...makeFourDays());
    const report = await world.compact({ now: Date.parse(now) });
    expect(report.compactedThrough).toBe(last);
    expect(
      report.days
        .map(({ day: date }) => date)
        .toSorted()
        .at(-1),
    ).toBe(last);
  });

  test("writes an account-day anew where an object came late, and no other", async () => {
    const files = makeFourDays();
    const world = await makeLakeWorld(...files);
    await world.compact();
    const before = await readTree(world.lakeFolder);
    const late = makeEvents({ region: "ap-northeast-1", date: "2026-11-20", name: "late" });
    await world.put(late);
    const report = await world.compact();
    expect(summarize(report)).toEqual([`${ACCOUNTS[0]} 2026-11-20 changed committed`]);
    expect(report.total).toMatchObject({ objects: 5, late: 1, records: 10 });
    expect(await world.readView()).toEqual(expectView([...files, late]));
    const after = await readTree(world.lakeFolder);
    for (const [path, bytes] of before) expect(after.get(path)).toBe(bytes);
    const added = [...after.keys()].filter((path) => !before.has(path) && !path.includes("/coverage/"));
    expect(added.map((path) => parseLakeKey(path.slice(world.lakeFolder.length + 1)))).toEqual(
      Array.from({ length: 3 }, () =>
        expect.objectContaining({ account: ACCOUNTS[0], day: "2026-11-20", version: 2 }),
      ),
    );
  });

  test("counts duplicates, and each event stays once", async () => {
    const events = makeEvents({ name: "a" });
    const again = { ...events, key: events.key.replace("a.json.gz", "b.json.gz") };
    const world = await makeLakeWorld(events, again);
    const { total } = await world.compact();
    expect(total).toMatchObject({ objects: 2, events: 4, duplicates: 2, records: 2 });
    expect(await world.readView()).toEqual(expectView([events]));
  });

  test("sets a file aside that cannot be read, says why, and takes it in when it is mended", async () => {
    const [whole, broken] = [makeEvents({ name: "a" }), makeEvents({ name: "b" })];
    const world = await makeLakeWorld(whole, { ...broken, bytes: broken.bytes.slice(0, 40) });
    const report = await world.compact();
    expect(report.total).toMatchObject({ objects: 2, setAside: 1, events: 2, records: 2 });
    expect(report.setAside).toEqual([{ key: broken.key, reason: expect.stringMatching(/gzip/) }]);
    expect(await world.readView()).toEqual(expectView([whole]));
    await world.put(broken);
    const mended = await world.compact();
    expect(mended.total).toMatchObject({ objects: 2, setAside: 0, records: 4 });
    expect(await world.readView()).toEqual(expectView([whole, broken]));
  });

  test("keeps a row of coverage for each Region of an account-day", async () => {
    const world = await makeLakeWorld(...makeFourDays());
    await world.compact();
    const { rows } = await ask(
      world.ports.warehouse,
      `SELECT account, region, day, objects, events, duplicates, records, late, set_aside, first_event_time, last_event_time
       FROM cloudtrail_coverage WHERE day = '20' AND account = '${ACCOUNTS[0]}' ORDER BY region`,
    );
    const counts = ["20", 2, 4, 0, 4, 0, 0, "2026-11-20T01:00:00Z", "2026-11-20T02:00:00Z"];
    expect(rows).toEqual([
      [ACCOUNTS[0], "eu-west-1", ...counts],
      [ACCOUNTS[0], "us-east-1", ...counts],
    ]);
  });
});
