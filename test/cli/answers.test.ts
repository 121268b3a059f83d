import { parquetMetadata, parquetSchema } from "hyparquet";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonRow } from "./read-output.ts";
import { ACTED_ON, readCsv, readNdjson, readValue } from "./read-output.ts";
import { runCli } from "./run-cli.ts";
import type { Logs, Workspace } from "./workspace.ts";
import { openWorkspace, SMALL, writeGenerated } from "./workspace.ts";

let workspace: Workspace;
let logs: Logs;
/** What was said before, during and after the first run. */
const first: Record<string, Awaited<ReturnType<typeof runCli>>> = {};

const cli = (args: readonly string[], stdin?: string) =>
  runCli(args, { cwd: workspace.folder, ...(stdin === undefined ? {} : { stdin }) });
const query = (sql: string, ...flags: string[]) => cli(["query", sql, ...flags]);

beforeAll(async () => {
  workspace = await openWorkspace();
  logs = await writeGenerated(workspace.path("logs"), SMALL);
  for (const [name, args] of Object.entries({
    doctorBefore: ["doctor", "--logs", "logs"],
    planBefore: ["plan", "--logs", "logs", "--detailed-exitcode"],
    planJson: ["plan", "--logs", "logs", "--format", "json"],
    planPlain: ["plan", "--logs", "logs"],
    run: ["run", "--logs", "logs"],
    runAgain: ["run", "--logs", "logs"],
    planAfter: ["plan", "--logs", "logs", "--detailed-exitcode"],
  }))
    first[name] = await cli(args);
});
afterAll(() => workspace.remove());

describe("from a folder to an answer", () => {
  test("plan says what run would make, in the exit code too where that is asked for", () => {
    expect(first["planBefore"]?.code).toBe(2);
    expect(first["planPlain"]).toMatchObject({ code: 0, stdout: first["planBefore"]?.stdout });
    for (const account of logs.accounts)
      expect(first["planPlain"]?.stdout).toContain(`+ table cloudtrail_${account} with `);
    expect(first["planPlain"]?.stdout).toMatch(/\+ view cloudtrail\n$/);
  });

  test("run makes what plan said", () => {
    expect(first["run"]?.code).toBe(0);
    expect(first["run"]?.stdout.startsWith(first["planPlain"]?.stdout ?? "?")).toBe(true);
    expect(first["run"]?.stdout).toContain(`${logs.countFiles()} log files`);
    expect(first["run"]?.stderr).toMatch(/^next: cloudtrail-partitioner query ".*"\n$/);
  });

  test("a second run finds nothing to change, and plan exits with 0", () => {
    expect(first["runAgain"]?.code).toBe(0);
    expect(first["runAgain"]?.stdout).toMatch(/^Nothing to change\.\n/);
    expect(first["planAfter"]).toMatchObject({ code: 0, stdout: "Nothing to change.\n", stderr: "" });
  });

  test("doctor says before the first run that it is due, and is content after it", async () => {
    expect(first["doctorBefore"]?.code).toBe(0);
    expect(first["doctorBefore"]?.stdout).toMatch(/^ok   tables: none yet: run makes them/m);
    const after = await cli(["doctor", "--logs", "logs"]);
    expect(after).toMatchObject({ code: 0, stderr: "" });
    expect(after.stdout).not.toContain("FAIL");
  });

  test("the view has the events of every account, and each table those of its own", async () => {
    const [whole, ...tables] = await Promise.all([
      query(
        "SELECT account, count(*) AS n FROM cloudtrail GROUP BY account ORDER BY account",
        "--format",
        "csv",
      ),
      ...logs.accounts.map((account) =>
        query(`SELECT count(*) FROM cloudtrail_${account}`, "--format", "json"),
      ),
    ]);
    const counts = logs.accounts.map((account) => logs.countRecords({ account }));
    expect(readCsv(whole?.stdout ?? "").slice(1)).toEqual(
      logs.accounts.map((account, index) => [account, String(counts[index])]),
    );
    expect(tables.map(({ stdout }) => readValue(stdout))).toEqual(counts);
  });

  test("the command that run names next works", async () => {
    const sql = /query "(.*)"/.exec(first["run"]?.stderr ?? "")?.[1] ?? "";
    const { code, stdout } = await query(sql, "--format", "ndjson");
    expect(code).toBe(0);
    expect(readNdjson(stdout).length).toBeGreaterThan(0);
  });

  test("nothing is written beside the logs", async () => {
    const files = (await readdir(workspace.path("logs"), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    );
    expect(files).toHaveLength(logs.files.length);
  });
});

describe.concurrent("formats", () => {
  test("discover --format json counts every file", async () => {
    const { code, stdout, stderr } = await cli(["discover", "--logs", "logs", "--format", "json"]);
    const inventory = JSON.parse(stdout) as { url: string; partitions: { objects: number }[] };
    expect({ code, stderr, url: inventory.url }).toEqual({
      code: 0,
      stderr: "",
      url: workspace.path("logs"),
    });
    expect(inventory.partitions.reduce((sum, { objects }) => sum + objects, 0)).toBe(logs.countFiles());
  });

  test("discover --format csv and ndjson have a line for each Region and day", async () => {
    const [csv, ndjson] = await Promise.all(
      ["csv", "ndjson"].map((format) => cli(["discover", "--logs", "logs", "--format", format])),
    );
    const lines = readNdjson(ndjson?.stdout ?? "");
    const [head = [], ...rows] = readCsv(csv?.stdout ?? "");
    expect(rows).toEqual(lines.map((line) => head.map((name) => String(line[name]))));
    expect(lines.reduce((sum, { objects }) => sum + Number(objects), 0)).toBe(logs.countFiles());
  });

  test("plan --format json lists the partitions of each table", () => {
    const changes = JSON.parse(first["planJson"]?.stdout ?? "") as JsonRow[];
    expect(changes.map(({ kind, table, view }) => [kind, table ?? view])).toEqual([
      ...logs.accounts.map((account) => ["create-table", `cloudtrail_${account}`]),
      ["create-view", "cloudtrail"],
    ]);
    expect(JSON.stringify(changes)).not.toContain("SELECT");
  });

  test("run and doctor --format json parse, and say nothing else on stdout", async () => {
    const [run, doctor] = await Promise.all([
      cli(["run", "--logs", "logs", "--format", "json"]),
      cli(["doctor", "--logs", "logs", "--format", "json"]),
    ]);
    expect(JSON.parse(run?.stdout ?? "")).toMatchObject({
      changes: [],
      views: ["cloudtrail"],
      requests: {},
      setAside: [],
      inventory: { objects: logs.countFiles() },
    });
    expect(run?.stderr).toBe("");
    const checks = JSON.parse(doctor?.stdout ?? "") as JsonRow[];
    expect(checks.length).toBeGreaterThan(5);
    expect(checks.filter(({ ok }) => ok !== true)).toEqual([]);
  });

  const VALUES = `SELECT 1 AS one, NULL AS nothing, '' AS empty, -5 AS negative, [1, 2] AS list, {'x': 1} AS struct,
    9007199254740993 AS big, true AS yes, 'a "b", c' AS quoted`;

  test("query --format json keeps numbers, NULL, lists, structs and large integers", async () => {
    const { stdout } = await query(VALUES, "--format", "json");
    const expected = {
      one: 1,
      nothing: null,
      empty: "",
      negative: -5,
      list: [1, 2],
      struct: { x: 1 },
      big: "9007199254740993",
      yes: true,
      quoted: 'a "b", c',
    };
    expect(JSON.parse(stdout)).toEqual([expected]);
  });

  test("query --format csv is RFC 4180", async () => {
    const { stdout } = await query(VALUES, "--format", "csv");
    expect(readCsv(stdout)).toEqual([
      ["one", "nothing", "empty", "negative", "list", "struct", "big", "yes", "quoted"],
      ["1", "", "", "-5", "[1,2]", '{"x":1}', "9007199254740993", "true", 'a "b", c'],
    ]);
  });

  test("query --format table draws a table with a head", async () => {
    const { stdout } = await query("SELECT 1 AS one, 'x' AS two");
    expect(stdout).toBe(
      ["┌─────┬─────┐", "│ one │ two │", "├─────┼─────┤", "│ 1   │ x   │", "└─────┴─────┘", ""].join("\n"),
    );
  });

  test("query --format parquet to a pipe is a Parquet file", async () => {
    const { code, bytes, stderr } = await query(
      "SELECT account, eventname, region FROM cloudtrail",
      "--format",
      "parquet",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expectParquet(bytes, { rows: logs.countRecords(), columns: ["account", "eventname", "region"] });
  });

  test("rows of a long answer are all there, in order, and none is cut where the output is no terminal", async () => {
    const sql = "SELECT i, CASE WHEN i = 4000 THEN repeat('x', 90) ELSE 'y' END AS v FROM range(5000) t(i)";
    const [table, csv] = await Promise.all([
      query(`${sql} ORDER BY i`),
      query(`${sql} ORDER BY i`, "--format", "csv"),
    ]);
    expect(readCsv(csv?.stdout ?? "").map(([i]) => i)).toEqual(["i", ...Array(5000).keys()].map(String));
    const cells = [...(table?.stdout ?? "").matchAll(/^│ (\d+) +│ (\S+)/gm)];
    expect(cells.map(([, i]) => i).join(" ")).toBe([...Array(5000).keys()].join(" "));
    expect(cells[4000]?.[2]).toBe("x".repeat(90));
  });

  test("--quiet drops the notes and keeps the data", async () => {
    const run = await cli(["run", "--logs", "logs", "--quiet"]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toMatch(/^Nothing to change\.\n/);
  });
});

function expectParquet(
  bytes: Buffer,
  expected: { readonly rows: number; readonly columns: readonly string[] },
): void {
  const metadata = parquetMetadata(Uint8Array.from(bytes).buffer);
  expect(Number(metadata.num_rows)).toBe(expected.rows);
  expect(parquetSchema(metadata).children.map(({ element }) => element.name)).toEqual(expected.columns);
}

describe.concurrent("--output", () => {
  test.each(["table"])("writes a %s as stdout would have it", async (format) => {
    const sql = "SELECT account, count(*) AS n FROM cloudtrail GROUP BY account ORDER BY account";
    const file = workspace.path(`same.${format}`);
    const [printed, written] = await Promise.all([
      query(sql, "--format", format),
      query(sql, "--format", format, "--output", file),
    ]);
    expect(written).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(await readFile(file, "utf8")).toBe(printed?.stdout);
  });

  test("writes Parquet", async () => {
    const file = workspace.path("answer.parquet");
    const { code, stdout } = await query("SELECT region FROM cloudtrail", "--format", "parquet", "-o", file);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expectParquet(await readFile(file), { rows: logs.countRecords(), columns: ["region"] });
  });

  test.each(["csv", "parquet"])(
    "into a folder that is not there is an error that names the %s file",
    async (format) => {
      const { code, stdout, stderr } = await query(
        "SELECT 1",
        "--format",
        format,
        "--output",
        `missing/x.${format}`,
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain(`missing/x.${format}`);
      expect(stderr).not.toContain("bug");
    },
  );

  test("onto a folder is an error", async () => {
    const { code, stderr } = await query("SELECT 1", "--format", "parquet", "--output", "logs");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*logs/);
    expect(stderr).not.toContain("bug");
  });

  test.each(["csv", "parquet"])("replaces a file only by a whole %s answer", async (format) => {
    const file = workspace.path(`kept-${format}`);
    await writeFile(file, "before");
    // The error comes late: with the last of many rows.
    const late =
      "SELECT CASE WHEN i = 199999 THEN error('late') ELSE i::VARCHAR END AS v FROM range(200000) t(i)";
    const failed = await query(late, "--format", format, "--output", file);
    expect(failed.code).toBe(1);
    expect(await readFile(file, "utf8")).toBe("before");
    const done = await query("SELECT 1 AS one", "--format", format, "--output", file);
    expect(done.code).toBe(0);
    expect(await readFile(file, "latin1")).not.toBe("before");
    expect((await readdir(workspace.folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});

const COUNT = "SELECT count(*) AS n FROM cloudtrail;\n-- all of them\n";
const expected = () => `n\n${logs.countRecords()}\n`;

describe.concurrent("where the query comes from", () => {
  test("standard input, without an argument", async () => {
    expect(await cli(["query", "--format", "csv"], COUNT)).toMatchObject({ code: 0, stdout: expected() });
  });

  test("a file, and standard input as -", async () => {
    await writeFile(workspace.path("hunt.sql"), COUNT);
    const [file, dash] = await Promise.all([
      cli(["query", "--file", "hunt.sql", "--format", "csv"]),
      cli(["query", "-", "--format", "csv"], COUNT),
    ]);
    expect([file?.stdout, dash?.stdout]).toEqual([expected(), expected()]);
  });

  test.each([
    ["an empty standard input", ["query"], "the query is empty"],
    ["a missing file", ["query", "--file", "nowhere.sql"], "nowhere.sql cannot be read"],
    ["both an argument and a file", ["query", "SELECT 1", "--file", "x.sql"], "two queries"],
    ["wrong SQL", ["query", "SELEC 1"], 'near "SELEC"'],
    ["a change", ["query", "DROP VIEW cloudtrail"], "only queries"],
    ["another file", ["query", "SELECT * FROM '/etc/passwd'"], "looks like a file"],
    ["no database", ["query", "SELECT 1", "--database", "none.duckdb"], "cloudtrail-partitioner run"],
  ])("%s is an error that says so", async (_, args, message) => {
    const { code, stdout, stderr } = await cli(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^error: /);
  });

  test("--verbose says where an error comes from", async () => {
    const { stderr } = await cli(["query", "SELECT 1", "--database", "none.duckdb", "--verbose"]);
    expect(stderr).toMatch(/\n {4}at /);
  });
});

describe.concurrent("--from, --to, --account and --region", () => {
  test.each([
    ["--from", ["--from", "2026-03-02"], { day: ["2026-03-02", "2026-03-03"] }],
    ["--from and --to", ["--from", "2026-03-02", "--to", "2026-03-02"], { day: ["2026-03-02"] }],
    ["--region", ["--region", "eu-west-1"], { region: ["eu-west-1"] }],
  ] as const)("%s restricts discover", async (_, flags, wanted) => {
    const [[key, values] = ["day", []]] = Object.entries(wanted);
    const { stdout } = await cli(["discover", "--logs", "logs", "--format", "ndjson", ...flags]);
    expect(readNdjson(stdout).reduce((sum, { objects }) => sum + Number(objects), 0)).toBe(
      values.reduce((sum: number, value: string) => sum + logs.countFiles({ [key]: value }), 0),
    );
  });

  test("--account, also twice and with commas", async () => {
    const [one = "", two = ""] = logs.accounts;
    const [alone, both, commas] = await Promise.all(
      [
        ["--account", one],
        ["--account", one, "--account", two],
        ["--account", `${one},${two}`],
      ].map((flags) => cli(["discover", "--logs", "logs", "--format", "ndjson", ...flags])),
    );
    expect(new Set(readNdjson(alone?.stdout ?? "").map(({ account }) => account))).toEqual(new Set([one]));
    expect(both?.stdout).toBe(commas?.stdout);
    expect(new Set(readNdjson(both?.stdout ?? "").map(({ account }) => account))).toEqual(
      new Set([one, two]),
    );
  });

  test("a later run with another range adds to the tables", async () => {
    const database = ["--database", "grown.duckdb"];
    await cli(["run", "--logs", "logs", ...database, "--to", "2026-03-01"]);
    await cli(["run", "--logs", "logs", ...database, "--from", "2026-03-03"]);
    const { stdout } = await query("SELECT count(*) FROM cloudtrail", ...database, "--format", "json");
    expect(readValue(stdout)).toBe(
      logs.countRecords({ day: "2026-03-01" }) + logs.countRecords({ day: "2026-03-03" }),
    );
  });

  test("a range without logs is an error that names it", async () => {
    const { code, stdout, stderr } = await cli(["discover", "--logs", "logs", "--from", "2031-01-01"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("from 2031-01-01");
  });
});

test("stderr has no control characters and stdout no notes, in every call before and after the first run", () => {
  for (const [name, { stderr, stdout }] of Object.entries(first)) {
    expect(ACTED_ON.test(stderr), name).toBe(false);
    expect(stdout, name).not.toMatch(/^(next|warning|hint|error): /m);
  }
});
