import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNdjson } from "./read-output.ts";
import { runCli, runShell } from "./run-cli.ts";
import type { Logs, Workspace } from "./workspace.ts";
import { openWorkspace, SMALL, writeGenerated } from "./workspace.ts";

let workspace: Workspace;
/** Account trails, in deep/er/logs. */
let logs: Logs;
/** An organization's, in organization. */
let organization: Logs;
let account: string;

beforeAll(async () => {
  workspace = await openWorkspace();
  logs = await writeGenerated(workspace.path("deep/er/logs"), SMALL);
  organization = await writeGenerated(workspace.path("organization"), { ...SMALL, layout: "organization" });
  account = logs.accounts[0] ?? "";
  await mkdir(workspace.path("several"));
  await cp(workspace.path("deep/er/logs"), workspace.path("several/a"), { recursive: true });
  await cp(workspace.path("organization"), workspace.path("several/b"), { recursive: true });
});
afterAll(() => workspace.remove());

const cli = (...args: string[]) => runCli(args, { cwd: workspace.folder });

async function discoverFiles(folder: string): Promise<number> {
  const { code, stdout, stderr } = await cli("discover", "--logs", folder, "--format", "ndjson");
  expect({ code, stderr }, folder).toEqual({ code: 0, stderr: "" });
  return readNdjson(stdout).reduce((sum, { objects }) => sum + Number(objects), 0);
}

describe.concurrent("folders with AWSLogs in their path or below", () => {
  test.each([
    ["the folder with AWSLogs", "deep/er/logs", () => logs.countFiles()],
    ["the same with a slash", "deep/er/logs/", () => logs.countFiles()],
    ["AWSLogs itself", "deep/er/logs/AWSLogs", () => logs.countFiles()],
    ["one level above", "deep/er", () => logs.countFiles()],
    ["two levels above", "deep", () => logs.countFiles()],
    ["a parent of several roots", "several", () => logs.countFiles() + organization.countFiles()],
    ["an organization's folder", "organization", () => organization.countFiles()],
  ])("%s means all logs there", async (_, folder, expected) => {
    expect(await discoverFiles(folder)).toBe(expected());
  });

  test("the organization's own folder means its accounts", async () => {
    const [root = ""] = organization.roots;
    expect(root).toMatch(/^AWSLogs\/o-/);
    expect(await discoverFiles(`organization/${root}`)).toBe(organization.countFiles());
  });

  test.each([
    ["an account", () => account, () => ({ account })],
    ["a log kind", () => `${account}/CloudTrail`, () => ({ account })],
    ["a Region", () => `${account}/CloudTrail/eu-west-1`, () => ({ account, region: "eu-west-1" })],
    [
      "a day",
      () => `${account}/CloudTrail/eu-west-1/2026/03/02`,
      () => ({ account, region: "eu-west-1", day: "2026-03-02" }),
    ],
  ] as const)("the folder of %s means the logs in it, for a table too", async (name, path, filter) => {
    const folder = `deep/er/logs/AWSLogs/${path()}`;
    expect(await discoverFiles(folder)).toBe(logs.countFiles(filter()));
    const database = ["--database", `${name.replaceAll(" ", "-")}.duckdb`];
    expect((await cli("run", "--logs", folder, ...database)).code).toBe(0);
    const { stdout } = await cli(
      "query",
      "SELECT count(*) AS n FROM cloudtrail",
      ...database,
      "--format",
      "csv",
    );
    expect(stdout).toBe(`n\n${logs.countRecords(filter())}\n`);
  });
});

/** The command between "e.g." and "and use --logs". */
function readSuggestion(stderr: string): { readonly command: string; readonly folder: string } {
  const [, command = "", folder = ""] = /(mkdir -p .*?),? and use --logs (\S+)$/m.exec(stderr) ?? [];
  return { command, folder };
}

/** Copies a part of the logs, and expects that the suggestion leads to them and leaves them as they are. */
async function expectSuggestion(
  from: string,
  { to, cwd, found }: { readonly to: string; readonly cwd: string; readonly found: string },
): Promise<void> {
  const home = workspace.path(cwd);
  await cp(workspace.path("deep/er/logs/AWSLogs", from), `${home}/${to}`, { recursive: true });
  const before = await readdir(`${home}/${to}`, { recursive: true });
  const { code, stdout, stderr } = await runCli(["run", "--logs", to], { cwd: home });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(`no AWSLogs folder in ${home}/${to}, but `);
  expect(stderr.split("\n")[0]).toContain(found);
  expect(stderr).toContain("[prefix/]AWSLogs/[o-id/]<account>/CloudTrail/");
  const { command, folder } = readSuggestion(stderr);
  expect(command).toContain("ln -s ");
  // The account cannot be known where the path does not say it: that alone is the reader's to fill in.
  const filled = command.replaceAll("<account>", account);
  const after = await runShell(`${filled} && $CLI discover --logs ${folder} --format ndjson`, {
    cwd: home,
  });
  expect(after).toMatchObject({ code: 0, stderr: "" });
  expect(readNdjson(after.stdout).reduce((sum, { objects }) => sum + Number(objects), 0)).toBe(
    logs.countFiles(from === "" ? {} : { account }),
  );
  expect(await readdir(`${home}/${to}`, { recursive: true })).toEqual(before);
}

describe.concurrent("folders that have lost AWSLogs", () => {
  test("account folders: the suggested link works", async () => {
    await expectSuggestion("", { cwd: "case1", to: "evidence", found: account });
  });

  test("account folders in a folder called logs: the suggested link works, and is not put into it", async () => {
    await expectSuggestion("", { cwd: "case2", to: "logs", found: account });
  });

  test("account folders in a path with a blank and a quote: the suggested link works", async () => {
    await expectSuggestion("", { cwd: "case3", to: "bob's evidence", found: account });
  });

  test("a folder of log kinds: the suggested link works once the account is filled in", async () => {
    await expectSuggestion(account, { cwd: "case4", to: "evidence", found: "CloudTrail" });
  });

  test("a folder of Regions: the suggested link works once the account is filled in", async () => {
    await expectSuggestion(`${account}/CloudTrail`, {
      cwd: "case5",
      to: "evidence",
      found: "eu-west-1",
    });
  });

  test("where the path says the account, the suggestion does too", async () => {
    const home = workspace.path("case6");
    await cp(workspace.path("deep/er/logs/AWSLogs"), `${home}/evidence`, { recursive: true });
    const { stderr } = await runCli(["plan", "--logs", `evidence/${account}`], { cwd: home });
    expect(readSuggestion(stderr).command).toContain(`/AWSLogs/${account}`);
    expect(readSuggestion(stderr).command).not.toContain("<account>");
  });
});

describe.concurrent("places without logs", () => {
  test("a flat folder of log files says that folders are wanted, and names a file", async () => {
    await mkdir(workspace.path("flat"));
    const name = `${account}_CloudTrail_us-east-1_20260301T0000Z_AAAAAAAAAAAAAAAA.json.gz`;
    await writeFile(workspace.path("flat", name), "");
    const { code, stdout, stderr } = await cli("run", "--logs", "flat");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`such as ${name}`);
    expect(stderr).toMatch(/\nhint: .*AWSLogs.*aws s3 sync/);
  });

  test("an empty folder is said to be empty", async () => {
    await mkdir(workspace.path("empty"));
    const { code, stdout, stderr } = await cli("run", "--logs", "empty");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/empty: it is empty.*\nhint: .*AWSLogs/);
  });

  test("a folder of something else is described", async () => {
    await mkdir(workspace.path("other/photos"), { recursive: true });
    await writeFile(workspace.path("other/notes.txt"), "");
    const { code, stderr } = await cli("discover", "--logs", "other");
    expect(code).toBe(1);
    expect(stderr).toContain("it holds photos/, notes.txt");
  });

  test.each([
    ["a missing folder", "nowhere", "nowhere does not exist"],
    ["a file", "other.txt", "other.txt is a file"],
    ["a URL of no bucket", "s3://A/prefix", "s3://A/prefix does not begin with the name of a bucket"],
    ["another URL", "https://example.com/logs", "https://example.com/logs is neither a folder nor a bucket"],
  ])("%s is an error that says so, with a hint", async (_, place, message) => {
    await writeFile(workspace.path("other.txt"), "");
    const { code, stdout, stderr } = await cli("run", "--logs", place);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\nhint: .*(--logs|s3:)/);
  });

  test("no word of the logs at all is an error that says how to name them", async () => {
    const { code, stderr } = await cli("run");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*\nhint: .*--logs/);
  });

  test("an error leaves no database", async () => {
    await mkdir(workspace.path("clean"));
    await runCli(["run", "--logs", "../organization/AWSLogs/999999999999"], { cwd: workspace.path("clean") });
    expect(await readdir(workspace.path("clean"))).toEqual([]);
  });

  test("another folder of logs than the database was made from is an error that names both", async () => {
    const database = ["--database", "one-place.duckdb"];
    await cli("run", "--logs", "organization", ...database);
    const { code, stderr } = await cli("run", "--logs", "deep/er/logs", ...database);
    expect(code).toBe(1);
    expect(stderr).toContain(`made from the logs in ${workspace.path("organization")}`);
    expect(stderr).toContain(`not from ${workspace.path("deep/er/logs")}`);
  });
});
