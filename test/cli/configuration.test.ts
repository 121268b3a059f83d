import { mkdir, readdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNdjson } from "./read-output.ts";
import { runCli } from "./run-cli.ts";
import type { Logs, Workspace } from "./workspace.ts";
import { openWorkspace, SMALL, writeGenerated } from "./workspace.ts";

let workspace: Workspace;
let logs: Logs;

beforeAll(async () => {
  workspace = await openWorkspace();
  logs = await writeGenerated(workspace.path("logs"), { ...SMALL, days: 1, files: 4 });
});
afterAll(() => workspace.remove());

/** Runs in a new folder that holds the configuration, if any. */
async function cli(
  args: readonly string[],
  { name, file, env = {} }: { name: string; file?: string; env?: Readonly<Record<string, string>> },
) {
  const cwd = workspace.path(name);
  await mkdir(cwd);
  if (file !== undefined) await writeFile(`${cwd}/cloudtrail-partitioner.yaml`, file);
  const outcome = await runCli(args, { cwd, env });
  return { ...outcome, cwd, made: (await readdir(cwd)).filter((entry) => entry.endsWith("duckdb")) };
}

describe.concurrent("configuration", () => {
  test("the file in the working directory is read, and its logs are relative to it", async () => {
    const { code, made } = await cli(["run"], {
      name: "file",
      file: "logs: ../logs\ndatabase: from-file.duckdb\n",
    });
    expect({ code, made }).toEqual({ code: 0, made: ["from-file.duckdb"] });
  });

  test("the environment goes over the file", async () => {
    const { code, made } = await cli(["run"], {
      name: "environment",
      file: "logs: ../nowhere\ndatabase: from-file.duckdb\n",
      env: {
        CLOUDTRAIL_PARTITIONER_LOGS: "../logs",
        CLOUDTRAIL_PARTITIONER_DATABASE: "from-environment.duckdb",
      },
    });
    expect({ code, made }).toEqual({ code: 0, made: ["from-environment.duckdb"] });
  });

  test("flags go over the environment", async () => {
    const { code, made } = await cli(["run", "--logs", "../logs", "--database", "from-flag.duckdb"], {
      name: "flags",
      env: { CLOUDTRAIL_PARTITIONER_LOGS: "../nowhere", CLOUDTRAIL_PARTITIONER_DATABASE: "other.duckdb" },
    });
    expect({ code, made }).toEqual({ code: 0, made: ["from-flag.duckdb"] });
  });

  test("without any of them the database is cloudtrail.duckdb", async () => {
    const { code, made } = await cli(["run", "--logs", "../logs"], { name: "defaults" });
    expect({ code, made }).toEqual({ code: 0, made: ["cloudtrail.duckdb"] });
  });

  test("--config names another file, and all paths in it are relative to it", async () => {
    await mkdir(workspace.path("settings"));
    await writeFile(
      workspace.path("settings", "case.yaml"),
      "logs: ../logs\nengine: duckdb\ndatabase: case.duckdb\n",
    );
    const { code, stderr, made } = await cli(["run", "--config", "../settings/case.yaml"], {
      name: "config",
    });
    expect({ code, stderr: stderr.replace(/^next.*\n/, "") }).toEqual({ code: 0, stderr: "" });
    expect({ made, beside: await readdir(workspace.path("settings")) }).toEqual({
      made: [],
      beside: ["case.duckdb", "case.yaml"],
    });
  });

  test("accounts and Regions in the file restrict, with or without quotes", async () => {
    const [account = ""] = logs.accounts;
    const { code, stdout } = await cli(["discover", "--format", "ndjson"], {
      name: "lists",
      file: `logs: ../logs\naccounts: [${account}]\nregions: eu-west-1, us-east-1\n`,
    });
    expect(code).toBe(0);
    expect([...new Set(readNdjson(stdout).map((row) => row["account"]))]).toEqual([account]);
  });

  test("table_prefix names the tables and the view", async () => {
    const { stdout } = await cli(["plan", "--logs", "../logs"], {
      name: "prefix",
      file: "table_prefix: trail\n",
    });
    expect(stdout).toContain(`+ table trail_${logs.accounts[0]} `);
    expect(stdout).toContain("+ view trail\n");
  });

  test.each([
    ["an unknown key", "databse: x\n", ['unknown key "databse"', "did you mean database?"]],
    ["a number of days that is none", "partition_days: many\n", ["partition_days", "number of days"]],
    ["an engine that is none", "engine: spark\n", ["engine", "duckdb"]],
    ["no YAML", "logs: [\n", ["is not YAML"]],
    ["a table name that is none", "table_prefix: Cloud-Trail\n", ['"Cloud-Trail"', "small letters"]],
  ])("%s is an error that names the file or the key", async (name, file, messages) => {
    const { code, stdout, stderr } = await cli(["plan", "--logs", "../logs"], {
      name: name.replaceAll(" ", "-"),
      file,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    for (const message of messages) expect(stderr).toContain(message);
  });

  test("a --config that is not there is an error that names it", async () => {
    const { code, stderr } = await cli(["plan", "--config", "nowhere.yaml"], { name: "no-config" });
    expect(code).toBe(1);
    expect(stderr).toContain("nowhere.yaml cannot be read");
  });
});

/** As the predecessor's repository has it, but for the names. */
const DUO_LABS = `# S3 bucket that holds the logs
s3_bucket_containing_logs: example-logs
cloudtrail_prefix: ""
partition_days: 90
output_s3_bucket: default
database: default
table_prefix: cloudtrail
alarm_sns_arn: "arn:aws:sns:us-east-1:111122223333:alarms"
`;

describe.concurrent("the predecessor's configuration", () => {
  test("its file serves a folder too, where one is named; its database `default` is no file", async () => {
    // Its partition_days leaves out what is older than 90 days, as these logs are.
    const { code, made } = await cli(["run", "--logs", "../logs", "--from", "2026-03-01"], {
      name: "duo-folder",
      file: DUO_LABS,
    });
    expect(code).toBe(0);
    expect(made).toEqual(["cloudtrail.duckdb"]);
  });

  test("a DATABASE in the environment is somebody else's without its bucket beside it", async () => {
    const { code, made } = await cli(["run", "--logs", "../logs"], {
      name: "foreign-environment",
      env: { DATABASE: "postgres://example", TABLE_PREFIX: "wp_" },
    });
    expect({ code, made }).toEqual({ code: 0, made: ["cloudtrail.duckdb"] });
  });
});
