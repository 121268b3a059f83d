import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateLogs } from "../../tools/generate-logs/generate-logs.ts";
import { readValue } from "./read-output.ts";
import { runCli } from "./run-cli.ts";
import type { Logs, Workspace } from "./workspace.ts";
import { openWorkspace, SMALL, writeGenerated } from "./workspace.ts";

const OPTIONS = { ...SMALL, broken: true, late: 0 } as const;

/** Of everything that can be wrong, what differs in how it is found: all of it is more than a warning lists. */
const BREAKAGES = [
  "gzip cut short",
  "plain JSON, not gzip",
  "no bytes",
  "gzip of nothing",
  "gzip and garbage",
  "not JSON",
  "JSON cut short",
  "no Records",
  "Records a string",
];
const FOUND_BY_CHECK_ONLY = ["wrong checksum", "wrong length"];
const IRREGULAR = ["userIdentity a string", "resources an object"];

let workspace: Workspace;
let logs: Logs;

const cli = (...args: string[]) => runCli(args, { cwd: workspace.folder });
const count = (...flags: string[]) =>
  cli("query", "SELECT count(*) AS n FROM cloudtrail", "--format", "json", ...flags);

/** Paths of the files with one of the notes. */
function listPaths(notes: readonly string[], root = "logs"): string[] {
  const files = logs.files.filter(({ note }) => note !== undefined && notes.includes(note));
  expect(files).toHaveLength(notes.length);
  return files.map(({ key }) => workspace.path(root, key));
}

function expectNamedOnce(stderr: string, paths: readonly string[]): void {
  for (const path of paths) {
    const lines = stderr.split("\n").filter((line) => line.includes(path));
    expect(lines, path).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^warning: (left out|read with NULL for values of a wrong shape): .*\.json\.gz: .{8,}/,
    );
  }
}

beforeAll(async () => {
  workspace = await openWorkspace();
  const notes = [...BREAKAGES, ...FOUND_BY_CHECK_ONLY, ...IRREGULAR];
  logs = await writeGenerated(
    workspace.path("logs"),
    OPTIONS,
    ({ kind, note = "" }) => kind === "log" || notes.includes(note),
  );
  // For each way of breaking it, a fresh copy of the place.
  for (const copy of ["check", "healed", "removed", "apart"])
    await cp(workspace.path("logs"), workspace.path(copy), { recursive: true });
  expect((await cli("run", "--logs", "logs")).code).toBe(3);
});
afterAll(() => workspace.remove());

test("a query answers from the good files, names each broken one once with a reason, and exits with 3", async () => {
  const { code, stdout, stderr } = await count();
  expect(code).toBe(3);
  expect(stderr).toMatch(/starts again/);
  expectNamedOnce(stderr, listPaths([...BREAKAGES, ...IRREGULAR]));
  // The generator counts no records for these two, and DuckDB reads gzip without looking at its checksum.
  expect(readValue(stdout)).toBe(logs.countRecords() + 3 * FOUND_BY_CHECK_ONLY.length);

  const again = await count();
  expect(again).toMatchObject({ code: 3, stdout });
  expect(again.stderr).not.toContain("starts again");
  expectNamedOnce(again.stderr, listPaths([...BREAKAGES, ...IRREGULAR]));
});

test("a query that has no need of a broken file does not name it, and exits with 0", async () => {
  const { code, stdout, stderr } = await cli(
    "query",
    "SELECT count(*) FROM cloudtrail WHERE year = '2026' AND month = '03' AND day = '01'",
    "--format",
    "json",
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(readValue(stdout)).toBe(logs.countRecords({ day: "2026-03-01" }));
});

test("run --check finds every broken file, a wrong checksum included, and so do queries then", async () => {
  const database = ["--database", "check.duckdb"];
  const run = await cli("run", "--logs", "check", "--check", "--format", "json", ...database);
  expect(run.code).toBe(3);
  const { setAside } = JSON.parse(run.stdout) as { setAside: { file: string; verdict: string }[] };
  const named = (verdict: string) =>
    setAside.filter((each) => each.verdict === verdict).map(({ file }) => file);
  expect(named("unreadable").toSorted()).toEqual(
    listPaths([...BREAKAGES, ...FOUND_BY_CHECK_ONLY], "check").toSorted(),
  );
  expect(named("irregular").toSorted()).toEqual(listPaths(IRREGULAR, "check").toSorted());
  expectNamedOnce(run.stderr, listPaths([...BREAKAGES, ...FOUND_BY_CHECK_ONLY, ...IRREGULAR], "check"));

  const { code, stdout, stderr } = await count(...database);
  expect(code).toBe(3);
  expect(stderr).not.toContain("starts again");
  expect(readValue(stdout)).toBe(logs.countRecords());

  const again = await cli("run", "--logs", "check", "--check", ...database);
  expect(again.code).toBe(3);
  expect(again.stdout).toMatch(/^Nothing to change\.\n/);
  const doctor = await cli("doctor", "--logs", "check", ...database);
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toMatch(/^FAIL files set aside: 13\n/m);
});

test("a repaired file is taken back by the next run", async () => {
  const database = ["--database", "healed.duckdb"];
  await cli("run", "--logs", "healed", "--check", ...database);
  const [path = ""] = listPaths(["gzip cut short"], "healed");
  const [good] = [...generateLogs(OPTIONS)].filter(({ kind, records }) => kind === "log" && records > 0);
  await writeFile(path, good?.bytes ?? "");
  const run = await cli("run", "--logs", "healed", ...database);
  expect(run.stdout).toMatch(/^~ 1 file no longer set aside: /m);
  expect(run.stderr).not.toContain(path);
  expect(readValue((await count(...database)).stdout)).toBe(logs.countRecords() + (good?.records ?? 0));
});

test("an account folder that is gone is an error with a remedy, which run brings about", async () => {
  const database = ["--database", "removed.duckdb"];
  await cli("run", "--logs", "removed", "--check", ...database);
  // The account with the broken files is the other one, whose warnings stay.
  const account = logs.accounts.find((each) => !listPaths(["no bytes"])[0]?.includes(`/${each}/`)) ?? "";
  await rename(workspace.path("removed/AWSLogs", account), workspace.path("moved-away"));
  const query = await count(...database);
  expect({ code: query.code, stdout: query.stdout }).toEqual({ code: 1, stdout: "" });
  expect(query.stderr).toMatch(/^error: .*the logs have changed since the last run\nhint: .*\brun\b.*\n$/);

  expect((await cli("run", "--logs", "removed", ...database)).code).toBe(3);
  const healed = await count(...database);
  expect(healed.code).toBe(3);
  expect(readValue(healed.stdout)).toBe(logs.countRecords() - logs.countRecords({ account }));
});

test("a file that is gone after it was set aside stops nothing, and is forgotten by the next run", async () => {
  const database = ["--database", "apart.duckdb"];
  await cli("run", "--logs", "apart", "--check", ...database);
  const [path = ""] = listPaths(["not JSON"], "apart");
  await rm(path);
  expect(readValue((await count(...database)).stdout)).toBe(logs.countRecords());
  const run = await cli("run", "--logs", "apart", ...database);
  expect(run.stdout).toMatch(/^~ 1 file no longer set aside: /m);
  expect(run.stderr).not.toContain(path);
});

test("broken files give an answer from a database that cannot be written, with a word about that", async () => {
  const folder = workspace.path("read-only");

  await mkdir(folder);
  await cli("run", "--logs", "logs", "--database", `${folder}/x.duckdb`);
  await chmod(`${folder}/x.duckdb`, 0o444);
  await chmod(folder, 0o555);
  const { code, stdout, stderr } = await runCli(
    ["query", "SELECT count(*) AS n FROM cloudtrail", "--format", "json", "--database", `${folder}/x.duckdb`],
    { cwd: workspace.folder, unprivileged: true },
  );
  await chmod(folder, 0o755);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^warning: this could not be noted in the database/m);
  expectNamedOnce(stderr, listPaths(BREAKAGES));
  expect(readValue(stdout)).toBe(logs.countRecords() + 3 * FOUND_BY_CHECK_ONLY.length);
});

test("the logs were never written to", async () => {
  for (const { key, bytes } of logs.files)
    expect((await readFile(workspace.path("logs", key))).equals(bytes), key).toBe(true);
});
