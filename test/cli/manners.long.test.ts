import { DuckDBInstance } from "@duckdb/node-api";
import { chmod, mkdir, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACTED_ON, readValue } from "./read-output.ts";
import { NO_TERMINAL, runCli, runOnTerminal, runShell } from "./run-cli.ts";
import type { Logs, Workspace } from "./workspace.ts";
import { openWorkspace, SMALL, writeGenerated } from "./workspace.ts";

let workspace: Workspace;
let logs: Logs;

const cli = (...args: string[]) => runCli(args, { cwd: workspace.folder });
const shell = (script: string) => runShell(script, { cwd: workspace.folder });
const COUNT = ["query", "SELECT count(*) FROM cloudtrail", "--format", "json"];

beforeAll(async () => {
  workspace = await openWorkspace();
  logs = await writeGenerated(workspace.path("logs"), SMALL);
  expect((await cli("run", "--logs", "logs")).code).toBe(0);
});
afterAll(() => workspace.remove());

describe.concurrent("a reader that has seen enough", () => {
  const MANY = "SELECT i, repeat('x', 100) AS x FROM range(300000) t(i)";

  test.each(["table", "csv", "json", "ndjson", "parquet"])(
    "ends a long answer in %s quietly",
    async (format) => {
      const { stdout, stderr } = await shell(
        `$CLI query "${MANY}" --format ${format} | head -c 3 | wc -c; echo "\${PIPESTATUS[0]}"`,
      );
      expect({ lines: stdout.trim().split(/\s+/), stderr }).toEqual({ lines: ["3", "0"], stderr: "" });
    },
  );

  test("ends help and discover quietly", async () => {
    const { stdout, stderr } = await shell(
      `$CLI --help | true; echo "\${PIPESTATUS[0]}"; $CLI discover --logs logs --format ndjson | true; echo "\${PIPESTATUS[0]}"`,
    );
    expect({ codes: stdout, stderr }).toEqual({ codes: "0\n0\n", stderr: "" });
  });

  test("of stderr too does not change the exit code", async () => {
    const { stdout } = await shell(
      `{ $CLI run --logs logs; echo "$?" > code; } 2> >(true) | cat > /dev/null; cat code;
       { $CLI run --logs logs; echo "$?" > code; } 2>&1 | true; sleep 1; cat code`,
    );
    expect(stdout).toBe("0\n0\n");
  });

  test("of a full disk is told so, and not that Node has failed", async () => {
    const { code, stderr } = await shell(`$CLI query "SELECT 1" > /dev/full`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*(no space|ENOSPC)/i);
    expect(stderr).not.toMatch(/bug|\n {4}at /);
  });
});

describe.concurrent("two at once", () => {
  test("two first runs both succeed, and the result is that of one", async () => {
    const database = ["--database", "two.duckdb"];
    const runs = await Promise.all([1, 2].map(() => cli("run", "--logs", "logs", ...database)));
    expect(runs.map(({ code, stderr }) => [code, stderr.replace(/^next: .*\n$/, "")])).toEqual([
      [0, ""],
      [0, ""],
    ]);
    expect(readValue((await cli(...COUNT, ...database)).stdout)).toBe(logs.countRecords());
    const again = await cli("plan", "--logs", "logs", "--detailed-exitcode", ...database);
    expect(again).toMatchObject({ code: 0, stdout: "Nothing to change.\n" });
  });

  test("queries at once all answer, beside another client that reads", async () => {
    const other = await DuckDBInstance.create(workspace.path("cloudtrail.duckdb"), {
      access_mode: "READ_ONLY",
    });
    const answers = await Promise.all([1, 2, 3].map(() => cli(...COUNT)));
    other.closeSync();
    expect(answers.map(({ stdout }) => readValue(stdout))).toEqual(Array(3).fill(logs.countRecords()));
  });

  test("a database that another process holds is waited for", async () => {
    const file = workspace.path("held-shortly.duckdb");
    await cli("run", "--logs", "logs", "--database", file);
    const other = await DuckDBInstance.create(file);
    const answer = cli(...COUNT, "--database", file);
    await sleep(2000);
    other.closeSync();
    const { code, stdout, stderr } = await answer;
    expect({ code, stderr, count: readValue(stdout) }).toEqual({
      code: 0,
      stderr: "",
      count: logs.countRecords(),
    });
  });

  test("one that is held for longer is an error that names the holder", async () => {
    const file = workspace.path("held.duckdb");
    const other = await DuckDBInstance.create(file);
    const outcomes = await Promise.all([
      cli(...COUNT, "--database", file),
      cli("run", "--logs", "logs", "--database", file),
    ]);
    other.closeSync();
    for (const { code, stdout, stderr } of outcomes) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain(`error: the database ${file} is open in another program`);
      expect(stderr).toContain(`PID ${process.pid}`);
      expect(stderr).toMatch(/\nhint: close it/);
    }
  });
});

const unprivileged = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCli(args, { cwd: workspace.folder, env, unprivileged: true });

async function expectClearError(
  outcome: Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>,
  name: string,
): Promise<void> {
  const { code, stdout, stderr } = await outcome;
  expect({ code, stdout, bug: stderr.includes("bug") }, stderr).toEqual({
    code: 1,
    stdout: "",
    bug: false,
  });
  expect(stderr).toMatch(/^error: /);
  expect(stderr).toContain(name);
}

/** A folder that can be read and not written. */
async function makeReadOnly(name: string): Promise<string> {
  await mkdir(workspace.path(name));
  await chmod(workspace.path(name), 0o555);
  return workspace.path(name);
}

describe.concurrent("places that cannot be written", () => {
  test("a folder for the database is named", async () => {
    const folder = await makeReadOnly("no-database");
    const run = unprivileged(["run", "--logs", "logs", "--database", `${folder}/x.duckdb`]);
    await expectClearError(run, `${folder}/x.duckdb`);
    expect(await readdir(folder)).toEqual([]);
  });

  test("a database in a folder that is not there is named with the folder", async () => {
    await expectClearError(cli("run", "--logs", "logs", "--database", "no/x.duckdb"), workspace.path("no"));
  });

  test("a file that is no database is named, and left as it is", async () => {
    const [key = ""] = logs.files.map((file) => file.key);
    await expectClearError(cli("run", "--logs", "logs", "--database", `logs/${key}`), key);
  });

  test("a database of one's own that cannot be written is read", async () => {
    await chmod(workspace.path("cloudtrail.duckdb"), 0o644);
    const { code, stdout } = await unprivileged(COUNT);
    expect({ code, count: readValue(stdout) }).toEqual({ code: 0, count: logs.countRecords() });
  });

  test.each(["table", "parquet"])("a TMPDIR is named by a query for a %s", async (format) => {
    const folder = await makeReadOnly(`no-temporary-${format}`);
    await expectClearError(
      unprivileged(["query", "SELECT count(*) FROM cloudtrail", "--format", format], { TMPDIR: folder }),
      folder,
    );
  });

  test("a TMPDIR that is not there is named", async () => {
    const TMPDIR = workspace.path("no-such-folder");
    await expectClearError(unprivileged(COUNT, { TMPDIR }), TMPDIR);
  });

  test.each(["csv", "parquet"])("a folder for --output is named, for %s", async (format) => {
    const folder = await makeReadOnly(`no-output-${format}`);
    const query = unprivileged(["query", "SELECT 1", "--format", format, "--output", `${folder}/x`]);
    await expectClearError(query, `${folder}/x`);
  });

  test("a folder of logs that may not be read is named, and not passed over", async () => {
    await mkdir(workspace.path("secret/AWSLogs/111122223333/CloudTrail/us-east-1"), { recursive: true });
    await mkdir(workspace.path("secret/AWSLogs/444455556666/CloudTrail"), { recursive: true });
    await chmod(workspace.path("secret/AWSLogs/444455556666/CloudTrail"), 0o000);
    await expectClearError(unprivileged(["discover", "--logs", "secret"]), "444455556666/CloudTrail");
  });
});

const onTerminal = (...args: string[]) => runOnTerminal(args, { cwd: workspace.folder });

describe.skipIf(NO_TERMINAL !== undefined)("on a terminal", () => {
  test("progress is drawn there and wiped, and --quiet drops it", async () => {
    const flags = ["run", "--logs", "logs", "--check", "--database", "progress.duckdb"];
    const shown = await onTerminal(...flags);
    // oxlint-disable-next-line no-control-regex
    expect(shown.stdout).toMatch(/\r\u001b\[Kreading logs: \d+ of 24\r\u001b\[K/);
    expect((await onTerminal(...flags, "--quiet")).stdout).not.toContain("\u001b");
  });

  test("no progress is drawn anywhere else", async () => {
    const { stderr } = await cli("run", "--logs", "logs", "--check", "--database", "no-progress.duckdb");
    expect(stderr).not.toMatch(ACTED_ON);
  });

  test.each([
    ["a few columns", "SELECT eventtime, useridentity.arn, useragent FROM cloudtrail ORDER BY ALL"],
    ["all columns, a field a line", "SELECT * FROM cloudtrail ORDER BY eventid LIMIT 5"],
  ])("an answer of %s fits its 80 columns", async (_, sql) => {
    const { code, stdout } = await onTerminal("query", sql, "--quiet");
    expect(code).toBe(0);
    // oxlint-disable-next-line no-control-regex
    const lines = stdout.replaceAll(/\u001b\[K/g, "").split(/[\r\n]+/);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => Array.from(line).length > 80)).toEqual([]);
  });

  test("Parquet is refused there, with a hint", async () => {
    const { code, stdout } = await onTerminal("query", "SELECT 1", "--format", "parquet");
    expect(code).toBe(1);
    expect(stdout).toMatch(/Parquet is no form for a terminal\r\nhint: .*--output/);
  });
});
