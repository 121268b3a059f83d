import { spawnSync } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LAUNCHER, runCli } from "./run-cli.ts";
import type { Workspace } from "./workspace.ts";
import { openWorkspace } from "./workspace.ts";

const COMMANDS = ["init", "discover", "plan", "run", "compact", "query", "doctor", "iam-policy"] as const;

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.remove());

const run = (...args: string[]) => runCli(args, { cwd: workspace.folder });

/** Compares with the golden; UPDATE_GOLDEN=1 writes it anew. */
async function expectGolden(name: string, text: string): Promise<void> {
  const golden = new URL(`../golden/help-${name}.txt`, import.meta.url);
  if (process.env["UPDATE_GOLDEN"] === "1") await writeFile(golden, text);
  expect(text).toBe(await readFile(golden, "utf8"));
}

describe.concurrent("help", () => {
  test("--help lists the commands, an example and the exit codes", async () => {
    const { code, stdout, stderr } = await run("--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
    await expectGolden("cloudtrail-partitioner", stdout);
  });

  test.each(COMMANDS)("%s --help is as the golden has it", async (command) => {
    const { code, stdout, stderr } = await run(command, "--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    await expectGolden(command, stdout);
  });

  test.each(COMMANDS)("help %s is the same as its --help", async (command) => {
    const [long, short] = await Promise.all([run("help", command), run(command, "-h")]);
    expect(long).toEqual(short);
  });

  test("help fits 110 columns", async () => {
    for (const name of ["cloudtrail-partitioner", ...COMMANDS]) {
      const text = await readFile(new URL(`../golden/help-${name}.txt`, import.meta.url), "utf8");
      expect(
        text.split("\n").filter((line) => line.length > 110),
        name,
      ).toEqual([]);
    }
  });

  test("--version prints the version of the package", async () => {
    const { version } = JSON.parse(
      await readFile(new URL("../../package.json", import.meta.url), "utf8"),
    ) as { readonly version: string };
    const expected = { code: 0, stdout: `${version}\n`, stderr: "" };
    expect(await run("--version")).toMatchObject(expected);
    expect(await run("-V")).toMatchObject(expected);
  });

  test("a call without arguments shows the help on stderr and exits with 2", async () => {
    const [bare, help] = await Promise.all([run(), run("--help")]);
    expect(bare).toMatchObject({ code: 2, stdout: "", stderr: help.stdout });
  });
});

/** Appends the URL of each module that is imported to the file in IMPORT_LOG. */
const LOG_IMPORTS = `data:text/javascript,${encodeURIComponent(
  `import { register } from "node:module"; register(${JSON.stringify(
    `data:text/javascript,${encodeURIComponent(
      'import { appendFileSync } from "node:fs";' +
        "export async function resolve(specifier, context, next) {" +
        "  const resolved = await next(specifier, context);" +
        '  appendFileSync(process.env.IMPORT_LOG, resolved.url + "\\n");' +
        "  return resolved; }",
    )}`,
  )});`,
)}`;

/** The modules of packages and of the program itself that a call imports. */
async function listImports(name: string, args: readonly string[]): Promise<string[]> {
  const log = workspace.path(`${name}.txt`);
  await runCli(args, {
    cwd: workspace.folder,
    nodeArgs: ["--import", LOG_IMPORTS],
    env: { IMPORT_LOG: log },
  });
  return (await readFile(log, "utf8")).split("\n").filter((url) => /node_modules|\/dist\//.test(url));
}

describe("speed of --help", () => {
  const HEAVY = /@duckdb|@aws-sdk|@smithy|\/zod\/|\/yaml\/|\/actions\/|\/warehouse\//;

  test("--help imports no engine, no SDK and no command", async () => {
    const imports = await listImports("help", ["--help"]);
    expect(imports.join("\n")).toContain("/commander/");
    expect(imports.filter((url) => HEAVY.test(url))).toEqual([]);
  });

  test("help of a command imports no engine, no SDK and no command", async () => {
    const imports = await listImports("help-query", ["query", "--help"]);
    expect(imports.filter((url) => HEAVY.test(url))).toEqual([]);
  });

  test("a query does import the engine, so that the two tests above can fail", async () => {
    const imports = await listImports("query", ["query", "SELECT 1"]);
    expect(imports.filter((url) => /warehouse\/duckdb/.test(url))).not.toEqual([]);
  });

  test("--help answers quickly", async () => {
    // The promise is 200 ms, and bench/query.ts holds it; here other work shares the machine, and only a blunder shows.
    let fastest = Infinity;
    for (let attempt = 0; attempt < 12 && fastest > 200; attempt++) {
      const start = performance.now();
      await run("--help");
      fastest = Math.min(fastest, performance.now() - start);
    }
    expect(fastest).toBeLessThan(1000);
  });
});

describe.concurrent("wrong usage", () => {
  const CASES: readonly (readonly [fact: string, args: readonly string[], messages: readonly string[]])[] = [
    ["an unknown command with a near one", ["qurey"], ["unknown command 'qurey'", "Did you mean query?"]],
    ["an unknown command", ["xyzzy"], ["unknown command 'xyzzy'"]],
    ["an unknown flag with a near one", ["run", "--lgos", "x"], ["'--lgos'", "Did you mean --logs?"]],
    ["an unknown flag", ["query", "--xyzzy"], ["unknown option '--xyzzy'"]],
    ["a flag of another command", ["discover", "--output", "x"], ["unknown option '--output'"]],
    ["a missing value", ["run", "--logs"], ["'--logs <place>'", "argument missing"]],
    ["a wrong format", ["run", "--format", "xml"], ["'--format <name>'", "'xml'", "table, json"]],
    ["a format of another command", ["plan", "--format", "parquet"], ["'parquet'", "table, json"]],
    ["a wrong engine", ["query", "--engine", "spark"], ["'--engine <name>'", "'spark'", "duckdb, athena"]],
    ["a wrong account", ["run", "--account", "12345"], ["'--account <id...>'", '"12345" is not 12 digits']],
    [
      "a wrong account among others",
      ["run", "--account", "111122223333,x"],
      ["'--account <id...>'", '"x" is not 12 digits'],
    ],
    ["a wrong Region", ["plan", "--region", "US East"], ["'--region <name...>'", '"US East"', "us-east-1"]],
    ["an argument too many", ["query", "SELECT 1", "SELECT 2"], ["too many arguments for 'query'"]],
  ];

  test.each(CASES)("%s exits with 2 and names it", async (_, args, messages) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    for (const message of messages) expect(stderr).toContain(message);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain("--help");
  });

  test.each(["yesterday-ish", "2026-02-30", "2026-1-1", "0d", "-1d", "20260101"])(
    "--from %s is named as no day, with an example",
    async (day) => {
      const { code, stdout, stderr } = await run("discover", "--logs", ".", `--from=${day}`);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^error: --from ".*" is not a day\nhint: .*YYYY-MM-DD.*7d.*\n$/);
      expect(stderr).toContain(`"${day}"`);
    },
  );

  test("--from after --to is named with both days", async () => {
    const { code, stderr } = await run("plan", "--logs", ".", "--from=2026-03-02", "--to=2026-03-01");
    expect(code).toBe(1);
    expect(stderr).toContain("--from 2026-03-02 is after --to 2026-03-01");
  });

  test("an empty --logs, as of a variable that is not set, is not taken for this folder", async () => {
    const { code, stderr } = await run("discover", "--logs", "");
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain("--logs");
    expect(stderr).not.toContain(`no CloudTrail logs in ${workspace.folder}`);
  });
});

test("the launcher says how to build where there is nothing built", async () => {
  const copy = workspace.path("unbuilt");
  await mkdir(`${copy}/bin`, { recursive: true });
  await cp(LAUNCHER, `${copy}/bin/cli.js`);
  await writeFile(`${copy}/package.json`, '{"type":"module"}');
  const { status, stderr } = spawnSync(process.execPath, [`${copy}/bin/cli.js`], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain("npm run build");
});
