import { Command } from "commander";
import { readFileSync } from "node:fs";
import { addFormatOption, addPlaceOptions, addScopeOptions } from "./options.ts";
import type { CommonFlags } from "./options.ts";
import type { PlanFlags } from "./commands/plan.ts";
import type { QueryFlags } from "./commands/query.ts";
import type { Terminal } from "./terminal.ts";

/** Runs a command, and keeps its exit code. */
type Run = (quiet: boolean, command: (terminal: Terminal) => Promise<number>) => Promise<void>;

/** The whole command line. Commands are imported when they run, so that --help is quick. */
export function makeProgram(run: Run): Command {
  const program = new Command("cloudtrail-partitioner")
    .description(
      "Turns a folder of AWS CloudTrail logs into SQL: a table for each account, partitioned by Region and day, and a view over all of them.",
    )
    .version(readVersion(), "-V, --version")
    .showHelpAfterError("(--help shows what there is)")
    .addHelpText("after", PROGRAM_HELP);
  for (const add of [addDiscover, addPlan, addRun, addQuery, addDoctor]) add(program, run);
  for (const command of program.commands) command.showHelpAfterError("(--help shows what there is)");
  return program;
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}

const PROGRAM_HELP = `
From logs to an answer:
  $ cloudtrail-partitioner run --logs ./logs
  $ cloudtrail-partitioner query "SELECT eventname, count(*) AS count FROM cloudtrail
      WHERE year = '2026' AND month = '11' GROUP BY eventname ORDER BY count DESC LIMIT 10"

Exit codes: 0 done, 1 failed for a reason that the message names, 2 wrong usage (or, with plan
--detailed-exitcode, changes are due), 3 done but for files that were set aside, 70 a bug of ours,
130 interrupted.`;

function addDiscover(program: Command, run: Run): void {
  const command = program
    .command("discover")
    .description("print what logs there are: accounts, Regions, days, files");
  addFormatOption(addScopeOptions(addPlaceOptions(command)), ["table", "json", "csv", "ndjson"])
    .addHelpText(
      "after",
      `
Lists folders and reads no file. csv and ndjson have a line for each Region and day.

Examples:
  $ cloudtrail-partitioner discover --logs ./logs
  $ cloudtrail-partitioner discover --logs ./logs --from 30d --account 111122223333 --format csv`,
    )
    .action((flags: CommonFlags) =>
      run(flags.quiet ?? false, async (terminal) =>
        (await import("./commands/discover.ts")).discoverCommand(flags, terminal),
      ),
    );
}

function addPlan(program: Command, run: Run): void {
  const command = program.command("plan").description("print what run would change, and change nothing");
  addFormatOption(addScopeOptions(addPlaceOptions(command)), ["table", "json"])
    .option("--check", "read every log file too, and say which would be set aside")
    .option("--detailed-exitcode", "exit with 2 where there is something to change")
    .addHelpText(
      "after",
      `
Examples:
  $ cloudtrail-partitioner plan --logs ./logs
  $ cloudtrail-partitioner plan --logs ./logs --detailed-exitcode --quiet || echo "run is due"`,
    )
    .action((flags: PlanFlags) =>
      run(flags.quiet ?? false, async (terminal) =>
        (await import("./commands/plan.ts")).planCommand(flags, terminal),
      ),
    );
}

function addRun(program: Command, run: Run): void {
  const command = program
    .command("run")
    .description("make or update the tables, their partitions and the view");
  addFormatOption(addScopeOptions(addPlaceOptions(command)), ["table", "json"])
    .option("--check", "read every log file, and set aside now those that cannot be read")
    .addHelpText(
      "after",
      `
Safe to run at any time, any number of times, two at once. It only adds: days, accounts and Regions that
earlier runs took in stay. The logs are never written to.

The tables are views in a DuckDB file that any DuckDB client opens: cloudtrail_<account> for each account,
and cloudtrail over all of them with one column more, account. Filters on region, year, month and day
(text: month = '09') decide which files are read.

A file that cannot be read stops nothing. Queries find it, leave it out and say so; --check looks for such
files beforehand. A file that was repaired is read again after the next run.

Examples:
  $ cloudtrail-partitioner run --logs ./logs
  $ cloudtrail-partitioner run --logs ./logs --from 90d --database case-42.duckdb --check`,
    )
    .action((flags: CommonFlags) =>
      run(flags.quiet ?? false, async (terminal) =>
        (await import("./commands/run.ts")).runCommand(flags, terminal),
      ),
    );
}

function addQuery(program: Command, run: Run): void {
  const command = program
    .command("query")
    .description("run one SQL query over the tables")
    .argument("[sql]", "the query; without one, or with -, it is read from standard input");
  addFormatOption(addPlaceOptions(command), ["table", "json", "csv", "ndjson", "parquet"])
    .option("--file <file>", "read the query from a file")
    .option("-o, --output <file>", "write the answer to a file, whole or not at all")
    .addHelpText(
      "after",
      `
The query can read the tables of the database and nothing else: no other file, no network, no changes.

table   fits the terminal: cells are cut, and rows too wide are printed a field a line; control
        characters are shown, as \\u001b, and not acted on
json    an array of objects; ndjson an object a line; integers beyond 2^53 are text
csv     text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a line break)
        gets a single quote in front
parquet a file: --output, or standard output that is not a terminal

Examples:
  $ cloudtrail-partitioner query "SHOW TABLES"
  $ cloudtrail-partitioner query "SELECT useridentity.arn, errorcode, count(*) AS count FROM cloudtrail
      WHERE errorcode != '' GROUP BY errorcode, useridentity.arn ORDER BY count DESC LIMIT 50"
  $ cloudtrail-partitioner query --file hunt.sql --format parquet --output hunt.parquet`,
    )
    .action((sql: string | undefined, flags: QueryFlags) =>
      run(flags.quiet ?? false, async (terminal) =>
        (await import("./commands/query.ts")).queryCommand(sql, flags, terminal),
      ),
    );
}

function addDoctor(program: Command, run: Run): void {
  const command = program
    .command("doctor")
    .description("check configuration, logs, engine and tables, each with its remedy");
  addFormatOption(addScopeOptions(addPlaceOptions(command)), ["table", "json"])
    .addHelpText(
      "after",
      `
Changes nothing. Exits with 1 where a check fails.

Example:
  $ cloudtrail-partitioner doctor --logs ./logs`,
    )
    .action((flags: CommonFlags) =>
      run(flags.quiet ?? false, async (terminal) =>
        (await import("./commands/doctor.ts")).doctorCommand(flags, terminal),
      ),
    );
}
