import { afterAll, beforeAll, expect, test } from "vitest";
import { readValue } from "./read-output.ts";
import type { Outcome } from "./run-cli.ts";
import { runCli } from "./run-cli.ts";
import type { Logs, Workspace } from "./workspace.ts";
import { openWorkspace, SMALL, writeGenerated } from "./workspace.ts";

let workspace: Workspace;
let logs: Logs;
const first: Record<string, Outcome> = {};

const cli = (...args: string[]): Promise<Outcome> => runCli(args, { cwd: workspace.folder });

beforeAll(async () => {
  workspace = await openWorkspace();
  logs = await writeGenerated(workspace.path("logs"), SMALL);
  for (const [name, args] of Object.entries({
    compact: ["compact", "--logs", "logs"],
    run: ["run", "--logs", "logs", "--lake", "cloudtrail-lake", "--format", "json"],
    verify: ["compact", "--logs", "logs", "--verify-lake"],
  }))
    first[name] = await cli(...args);
});
afterAll(() => workspace.remove());

/** Accounts times days. */
const ACCOUNT_DAYS = SMALL.accounts * SMALL.days;

test("compact makes tables and lake, and its sums add up", () => {
  expect(first["compact"]).toMatchObject({ code: 0 });
  const text = first["compact"]?.stdout ?? "";
  expect(text).toContain(`${ACCOUNT_DAYS} account-days written: ${ACCOUNT_DAYS} new\n`);
  const sums = /(\d+) objects = (\d+) read \+ (\d+) set aside; (\d+) events = (\d+) in the lake \+ (\d+) dup/;
  const [, objects, ...rest] = (sums.exec(text.replaceAll(",", "")) ?? []).map(Number);
  const [read = 0, setAside = 0, events, records = 0, duplicates = 0] = rest;
  expect([objects, read + setAside]).toEqual([logs.countFiles(), objects]);
  expect([events, records + duplicates]).toEqual([logs.countRecords(), events]);
  expect(text).toContain("The view cloudtrail reads the lake through 2026-03-03;");
  expect(first["compact"]?.stderr).toMatch(/^next: cloudtrail-partitioner query ".*"\n$/);
});

test("the view, the lake and its coverage have the same events", async () => {
  const sql =
    "SELECT (SELECT count(*) FROM cloudtrail) || ' ' || (SELECT count(*) FROM cloudtrail_lake) || ' ' || " +
    "(SELECT sum(records) FROM cloudtrail_coverage) AS counts";
  const { stdout } = await cli("query", sql, "--format", "json");
  expect(readValue(stdout)).toBe(Array(3).fill(logs.countRecords()).join(" "));
});

test("run with a lake does what compact does, and finds nothing to do after it", () => {
  expect(first["run"]).toMatchObject({ code: 0, stderr: "" });
  const report = JSON.parse(first["run"]?.stdout ?? "") as object;
  expect(report).toMatchObject({
    changes: [],
    lake: { url: workspace.path("cloudtrail-lake"), upToDate: ACCOUNT_DAYS, days: [], ranges: [{}] },
  });
});

test("--verify-lake finds no problem", () => {
  expect(first["verify"]).toMatchObject({ code: 0, stderr: "" });
  expect(first["verify"]?.stdout).toMatch(/\nNo problems\n$/);
});
