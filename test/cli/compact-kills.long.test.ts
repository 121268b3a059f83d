import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gunzipSync } from "node:zlib";
import { verifyLake } from "../../src/actions/compact/verify-lake.ts";
import { parseLogKey } from "../../src/core/log-key.ts";
import type { TestFile } from "../../src/fixtures.contract.ts";
import { ask, makeLog, putFiles } from "../../src/fixtures.contract.ts";
import { openLocalLakeStore } from "../../src/lake-store/local-lake-store.ts";
import { openLocalStore } from "../../src/store/local-store.ts";
import { openDuckDbWarehouse } from "../../src/warehouse/duckdb/duckdb-warehouse.ts";
import type { Warehouse } from "../../src/warehouse/warehouse.ts";
import { Random } from "../../tools/generate-logs/prng.ts";
import { runCli, startCli } from "./run-cli.ts";
import type { Workspace } from "./workspace.ts";
import { openWorkspace } from "./workspace.ts";

const KILLS = 200;
const DAYS = ["2026-03-01", "2026-03-02", "2026-03-03"];
const ACCOUNTS = ["111122223333", "444455556666"];

let workspace: Workspace;
let warehouse: Warehouse;
/** Events that must be in every answer, by account and day; and those that came since the last compaction that ended. */
const known = new Map<string, Set<string>>();
const late = new Map<string, Set<string>>();

beforeAll(async () => {
  workspace = await openWorkspace();
  warehouse = openDuckDbWarehouse({
    database: workspace.path("catalog.duckdb"),
    logs: workspace.path("logs"),
  });
  const files = ACCOUNTS.flatMap((account) =>
    DAYS.flatMap((date) =>
      Array.from({ length: 20 }, (_, index) => makeFile(account, date, `first${index}`)),
    ),
  );
  await put(files, known);
  const { code, stderr } = await runCli(["run", "--logs", "logs", "--database", "catalog.duckdb"], {
    cwd: workspace.folder,
  });
  expect(code, stderr).toBe(0);
});

afterAll(async () => {
  warehouse.close();
  await workspace.remove();
});

function makeFile(account: string, date: string, name: string): TestFile {
  const records = Array.from({ length: 30 }, (_, index) => ({
    eventID: `${name} ${index}`,
    eventTime: `${date}T00:00:${String(index).padStart(2, "0")}Z`,
    recipientAccountId: account,
  }));
  return makeLog({ account, day: date, file: `${name}.json.gz`, records });
}

async function put(files: readonly TestFile[], events: Map<string, Set<string>>): Promise<void> {
  for (const { key, bytes } of files) {
    const place = parseLogKey(key);
    const { Records: records } = JSON.parse(gunzipSync(bytes).toString()) as {
      Records: { eventID: string }[];
    };
    const id = `${place?.account} ${place?.day}`;
    const ofDay = events.get(id) ?? new Set<string>();
    events.set(id, ofDay);
    for (const { eventID } of records) ofDay.add(eventID);
  }
  await putFiles(workspace.path("logs"), files);
}

/** No event twice, none missing, none that nobody wrote: whatever has just been killed. */
async function expectAnswer(): Promise<void> {
  const { rows } = await ask(
    warehouse,
    `SELECT account || ' ' || year || '-' || month || '-' || day, list(eventid) FROM cloudtrail GROUP BY 1`,
  );
  const answer = new Map(rows.map(([id, events]) => [String(id), events as string[]]));
  for (const [id, wanted] of known) {
    const events = answer.get(id) ?? [];
    const found = new Set(events);
    expect(events.length, `${id} is doubled`).toBe(found.size);
    expect(
      [...wanted].filter((event) => !found.has(event)),
      `${id} misses events`,
    ).toEqual([]);
    const allowed = late.get(id) ?? new Set<string>();
    expect(
      [...found].filter((event) => !wanted.has(event) && !allowed.has(event)),
      id,
    ).toEqual([]);
  }
}

const COMPACT = ["compact", "--logs", "logs", "--lake", "lake", "--database", "catalog.duckdb", "--quiet"];

/** Kills a compaction after a while, and asks all the time. @returns whether it had ended by itself */
async function killAfter(milliseconds: number): Promise<boolean> {
  const { child, done } = startCli(COMPACT, { cwd: workspace.folder });
  const asking = new AbortController();
  const readers = (async () => {
    while (!asking.signal.aborted) await expectAnswer();
  })();
  await Promise.race([sleep(milliseconds), done]);
  child.kill("SIGKILL");
  const { code, stderr } = await done;
  asking.abort();
  await readers;
  expect([0, 137], stderr).toContain(code);
  return code === 0;
}

test(`${KILLS} compactions are killed, and every answer meanwhile and afterwards has each event once`, async () => {
  const random = new Random(5);
  let ended = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const account = ACCOUNTS[kill % 2] ?? "";
    const date = DAYS[kill % 3] ?? "";
    await put([makeFile(account, date, `late${kill}`)], late);
    // Node starts in some 200 ms, and is done within a second.
    ended += (await killAfter(150 + random.below(900))) ? 1 : 0;
    await expectAnswer();
  }
  expect(ended).toBeLessThan(KILLS);
  const { code, stderr } = await runCli(COMPACT, { cwd: workspace.folder });
  expect(code, stderr).toBe(0);
  for (const [id, events] of late) for (const event of events) known.get(id)?.add(event);
  await expectAnswer();
  const report = await verifyLake({
    store: openLocalStore(workspace.path("logs")),
    lake: openLocalLakeStore(workspace.path("lake")),
  });
  expect(report.checks).toEqual([]);
  expect(report.total.records).toBe([...known.values()].reduce((sum, { size }) => sum + size, 0));
}, 900_000);
