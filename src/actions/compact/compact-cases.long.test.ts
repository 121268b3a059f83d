import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask, day, errorOf, makeLog, readTree } from "../../fixtures.contract.ts";
import { parseLakeKey } from "../../core/lake/lake-day.ts";
import { run } from "../run.ts";
import type { CompactReport } from "./compact.ts";
import {
  ACCOUNTS,
  expectView,
  HOUR,
  makeEvents,
  makeFourDays,
  makeLakeWorld,
  NOW,
} from "./lake-world.contract.ts";

const OPTIONS = { tablePrefix: "cloudtrail", today: day("2026-11-22") };

/** The days that stay closed, whatever the time. */
const CLOSED = { to: day("2026-11-21") };

/** `account day reason outcome` of what was worked on. */
function summarize({ days }: CompactReport): string[] {
  return days.map(
    ({ account, day: date, reason, outcome }) => `${account} ${date} ${reason} ${outcome.kind}`,
  );
}

async function listKeys(folder: string): Promise<string[]> {
  return [...(await readTree(folder)).keys()].map((path) => path.slice(folder.length + 1));
}

describe("compact", () => {
  test("removes what was replaced when a day has gone by", async () => {
    const world = await makeLakeWorld(...makeFourDays());
    await world.compact();
    await world.put(makeEvents({ date: "2026-11-20", name: "late" }));
    const { healed } = await world.compact();
    expect(healed).toEqual({ damaged: 0, removed: 0 });
    const later = await world.compact({ range: CLOSED, now: Date.now() + 25 * HOUR });
    expect(later.healed).toEqual({ damaged: 0, removed: 4 });
    const versions = (await listKeys(world.lakeFolder)).map(parseLakeKey);
    expect(versions.filter((key) => key?.day === "2026-11-20" && key.account === ACCOUNTS[0])).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ version: 2 })),
    );
  });

  test("keeps the events of logs that have expired, and says what it leaves where others come then", async () => {
    const files = makeFourDays();
    const world = await makeLakeWorld(...files);
    await world.compact();
    const [gone] = files.filter(({ key }) => key.includes(`${ACCOUNTS[0]}/CloudTrail/us-east-1/2026/11/20`));
    await world.removeLog(gone?.key ?? "");
    expect(await world.compact()).toMatchObject({ days: [], upToDate: 6 });
    expect(await world.readView()).toEqual(expectView(files));
    await world.put(makeEvents({ date: "2026-11-20", name: "late" }));
    expect(summarize(await world.compact())).toEqual([`${ACCOUNTS[0]} 2026-11-20 changed left`]);
    expect(await world.readView()).toEqual(expectView(files));
  });

  test("looks at the days and accounts that it is asked for, and the view reads only whole days from the lake", async () => {
    const files = makeFourDays();
    const world = await makeLakeWorld(...files);
    const range = { from: day("2026-11-20"), to: day("2026-11-20") };
    const [first] = ACCOUNTS;
    expect(summarize(await world.compact({ range, accounts: [first] }))).toEqual([
      `${first} 2026-11-20 new committed`,
    ]);
    await world.compact({ range });
    const { ranges } = await run(world.ports, OPTIONS);
    expect(ranges).toEqual([{ from: "2026-11-20", to: "2026-11-20" }]);
    expect(await world.readView()).toEqual(expectView(files));
    const rest = await world.compact();
    expect(rest).toMatchObject({ upToDate: 2, compactedThrough: "2026-11-21" });
    expect(await world.readView()).toEqual(expectView(files));
  });

  test("refuses to compact a part of an account-day", async () => {
    const world = await makeLakeWorld(...makeFourDays());
    const within = `AWSLogs/${ACCOUNTS[0]}/CloudTrail/us-east-1/`;
    expect(await errorOf(world.compact({ within }))).toMatchObject({
      message: expect.stringContaining("whole account-days"),
    });
  });

  test("gives other kinds of logs tables of their own, and counts what it has no table for", async () => {
    const insight = makeEvents({ name: "i" });
    const kinds = ["Insight", "NetworkActivity", "Aggregated"].map((kind) => ({
      ...insight,
      key: insight.key.replace("/CloudTrail/", `/CloudTrail-${kind}/`),
    }));
    const plain = makeEvents({ name: "a" });
    const world = await makeLakeWorld(plain, ...kinds);
    const report = await world.compact();
    expect(report.aggregated).toBe(1);
    expect(report.days.map(({ dataset }) => dataset)).toEqual(["data", "insight", "network-activity"]);
    for (const table of ["insight", "network_activity"]) {
      const { rows } = await ask(world.ports.warehouse, `SELECT eventid FROM cloudtrail_${table} ORDER BY 1`);
      expect(rows).toEqual([["i1 us-east-1"], ["i2 us-east-1"]]);
    }
    expect(await world.readView()).toEqual(expectView([plain]));
  });

  test("keeps the lake in the catalog when a run is told of none", async () => {
    const files = makeFourDays();
    const world = await makeLakeWorld(...files);
    await world.compact();
    const { plan } = await run(world.ports, OPTIONS);
    expect(plan.changes).toEqual([]);
    const more = makeEvents({ account: "777788889999", date: "2026-11-20", name: "new" });
    await world.put(more);
    const { ranges } = await run(world.ports, OPTIONS);
    expect(ranges).toEqual([
      { from: undefined, to: "2026-11-19" },
      { from: "2026-11-21", to: "2026-11-21" },
    ]);
    expect(await world.readView()).toEqual(expectView([...files, more]));
  });

  test("keeps what it did not write", async () => {
    const world = await makeLakeWorld(...makeFourDays());
    await world.compact();
    const [part = ""] = (await listKeys(world.lakeFolder)).filter((key) => key.startsWith("data/"));
    const mine = [
      join(world.lakeFolder, "notes.txt"),
      join(world.lakeFolder, part.replace(/part.*/, "mine.txt")),
    ];
    for (const path of mine) await writeFile(path, "mine");
    await world.put(makeEvents({ date: "2026-11-20", name: "late" }));
    await world.compact({ now: NOW });
    await world.compact({ range: CLOSED, now: Date.now() + 48 * HOUR });
    for (const path of mine) expect(await readFile(path, "utf8")).toBe("mine");
  });

  test("begins no account-day when time is up, and the next run goes on", async () => {
    const files = makeFourDays();
    const world = await makeLakeWorld(...files);
    const stopped = await world.compact({ isTimeUp: () => true });
    expect(stopped).toMatchObject({ notBegun: 6, days: [] });
    expect((await world.compact()).days).toHaveLength(6);
    expect(await world.readView()).toEqual(expectView(files));
  });
});

describe("A lake that was half deleted by hand", () => {
  test.each([
    ["part", (key: string) => key.startsWith("data/")],
    ["list of objects", (key: string) => key.startsWith("sources/")],
    ["manifest", (key: string) => key.startsWith("manifests/")],
  ])("is made whole again where a %s is gone or cut", async (_, isWanted) => {
    const files = makeFourDays();
    const world = await makeLakeWorld(...files);
    await world.compact();
    for (const damage of [rm, (path: string) => truncate(path, 5)]) {
      // Of several versions the last is the one that counts.
      const key = (await listKeys(world.lakeFolder)).filter(isWanted).at(-1) ?? "";
      await damage(join(world.lakeFolder, key));
      const report = await world.compact();
      expect(report.days.map(({ outcome }) => outcome.kind)).toEqual(["committed"]);
      expect(await world.readView()).toEqual(expectView(files));
      expect((await world.compact()).days).toEqual([]);
    }
  });

  test("answers from the logs as soon as a run has seen the damage, and says what cannot be made again", async () => {
    const files = makeFourDays();
    const world = await makeLakeWorld(...files);
    await world.compact();
    const folder = join(world.lakeFolder, `data/account=${ACCOUNTS[0]}/year=2026/month=11/day=20`);
    await rm(folder, { recursive: true });
    for (const { key } of files)
      if (key.includes(`${ACCOUNTS[0]}/CloudTrail/us-east-1/2026/11/20`)) await world.removeLog(key);
    const report = await world.compact();
    expect(summarize(report)).toEqual([`${ACCOUNTS[0]} 2026-11-20 damaged left`]);
    const left = files.filter(({ key }) => !key.includes(`${ACCOUNTS[0]}/CloudTrail/us-east-1/2026/11/20`));
    expect(await world.readView()).toEqual(expectView(left));
    await rm(join(world.logs, `AWSLogs/${ACCOUNTS[0]}/CloudTrail/eu-west-1/2026/11/20`), { recursive: true });
    expect(summarize(await world.compact())).toEqual([`${ACCOUNTS[0]} 2026-11-20 damaged left`]);
  });

  test("is made anew where all of it is gone", async () => {
    const files = makeFourDays();
    const world = await makeLakeWorld(...files);
    await world.compact();
    await rm(world.lakeFolder, { recursive: true });
    await world.compact();
    expect(await world.readView()).toEqual(expectView(files));
    expect((await readdir(world.lakeFolder)).toSorted()).toEqual([
      "coverage",
      "data",
      "manifests",
      "sources",
    ]);
  });
});

test("compact takes no file in that is not as it was listed", async () => {
  const files = makeFourDays();
  const world = await makeLakeWorld(...files);
  const { store } = world.ports;
  let listings = 0;
  const changing = {
    ...store,
    async *listFiles(...call: Parameters<typeof store.listFiles>) {
      for await (const object of store.listFiles(...call)) {
        const isStale =
          object.key.includes(`${ACCOUNTS[0]}/CloudTrail/us-east-1/2026/11/20`) && listings++ < 2;
        yield isStale ? { ...object, size: object.size - 1 } : object;
      }
    },
  };
  const report = await world.compact({ store: changing });
  expect(report.total).toMatchObject({ objects: 24, records: 48, setAside: 0 });
  expect(await world.readView()).toEqual(expectView(files));
  const odd = makeLog({ region: "us-east-1", file: "z.json.gz" });
  await world.put(odd);
  listings = -100;
  expect(summarize(await world.compact({ store: changing }))).toEqual([
    `${ACCOUNTS[0]} 2026-11-20 changed left`,
  ]);
});
