import { Argument, Command, InvalidArgumentError } from "commander";
import {
  addDayOptions,
  addFormatOption,
  addLakeOption,
  addMemoryOption,
  addPlaceOptions,
  addRefusedRegion,
  addScopeOptions,
} from "./options.ts";
import type { CommonFlags } from "./options.ts";
import type { CompactFlags } from "./commands/compact.ts";
import type { IamPolicyFlags } from "./commands/iam-policy.ts";
import type { InitFlags } from "./commands/init.ts";
import type { PlanFlags } from "./commands/plan.ts";
import type { QueryFlags } from "./commands/query.ts";
import { isKeyArn } from "../config/policy-options.ts";
import type { PolicyCommand } from "../core/iam-policy.ts";
import { POLICY_COMMANDS } from "../core/iam-policy.ts";
import { isAccount } from "../core/log-key.ts";
import { readVersion } from "../version.ts";
import type { Terminal } from "./terminal.ts";

/** Runs a command, and keeps its exit code. */
type Run = (quiet: boolean, command: (terminal: Terminal) => Promise<number>) => Promise<void>;

/** The whole command line. Commands are imported when they run, so that --help is quick. */
export function makeProgram(run: Run): Command {
  const program = new Command("cloudtrail-partitioner")
    .description(
      "Turns a bucket or a folder of AWS CloudTrail logs into SQL: a table for each account, partitioned by Region and day, and a view over all of them.",
    )
    .version(readVersion(), "-V, --version")
    .showHelpAfterError("(--help shows what there is)")
    .addHelpText("after", PROGRAM_HELP);
  for (const add of [addInit, addDiscover, addPlan, addRun, addCompact, addQuery, addDoctor, addIamPolicy])
    add(program, run);
  for (const command of program.commands) command.showHelpAfterError("(--help shows what there is)");
  return program;
}

const PROGRAM_HELP = `
From logs to an answer:
  $ cloudtrail-partitioner run --logs ./logs                 a folder: DuckDB, in a file
  $ cloudtrail-partitioner run --logs s3://my-trail-bucket   a bucket: Athena, in the Glue catalog
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
  addFormatOption(addScopeOptions(addLakeOption(addPlaceOptions(command))), ["table", "json"])
    .option("--check", "read every log file too, and say which would be set aside")
    .option("--detailed-exitcode", "exit with 2 where there is something to change")
    .addHelpText(
      "after",
      `
+ is made, ~ is changed in place, - is dropped (partitions beyond retention_days, and nothing else).
With a lake, the closed days that are to be compacted are among it, by why they are: docs/lake.md.

Examples:
  $ cloudtrail-partitioner plan --logs ./logs
  $ cloudtrail-partitioner plan --logs s3://my-trail-bucket --database security --format json
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
  addFormatOption(addScopeOptions(addMemoryOption(addLakeOption(addPlaceOptions(command)))), [
    "table",
    "json",
  ])
    .option("--check", "read every log file, and set aside now those that cannot be read")
    .addHelpText(
      "after",
      `
Safe to run at any time, any number of times, two at once. It only adds: days, accounts and Regions that
earlier runs took in stay. The logs are never written to.

cloudtrail_<account> for each account, and cloudtrail over all of them with one column more, account.
Filters on region, year, month and day (text: month = '09') decide which files are read.

From a folder: views in a DuckDB file that any DuckDB client opens. A file that cannot be read stops
nothing. Queries find it, leave it out and say so; --check looks for such files beforehand. A file that
was repaired is read again after the next run.

From a bucket: tables, partitions and the view in the Glue catalog, for Athena, through Glue's API alone:
no query is run and no log is read. The last 90 days at first, or --from; today and tomorrow ahead for
Regions with logs in the last 30 days. A run lists one page an account and Region, and fills every hole.
What it did not make it never changes. cloudtrail-partitioner iam-policy prints the permissions.

With --lake, or lake in the configuration file, it does what compact does as well: closed days to Parquet.

Examples:
  $ cloudtrail-partitioner run --logs ./logs
  $ cloudtrail-partitioner run --logs ./logs --from 90d --database case-42.duckdb --check
  $ cloudtrail-partitioner run --logs s3://my-trail-bucket --database security --aws-region eu-west-1
  $ cloudtrail-partitioner run --logs s3://my-trail-bucket --lake s3://my-lake-bucket/cloudtrail`,
    )
    .action((flags: CommonFlags) =>
      run(flags.quiet ?? false, async (terminal) =>
        (await import("./commands/run.ts")).runCommand(flags, terminal),
      ),
    );
}

function addCompact(program: Command, run: Run): void {
  const command = addLakeOption(
    addPlaceOptions(
      program
        .command("compact")
        .description("write closed days to the lake, as Parquet, and have the view read them there"),
    ),
    "for a folder of logs, the folder cloudtrail-lake; for a bucket it must be named",
  );
  addFormatOption(addRefusedRegion(addDayOptions(addMemoryOption(command))), ["table", "json"])
    .option("--verify-lake", "check the lake against its books and the logs, and write nothing")
    .addHelpText(
      "after",
      `
The lake is a folder, or a bucket that is not the log bucket. The same SQL reads a fraction of the bytes
there. Does what run does, too: cloudtrail reads each day from the lake once the lake has it of every
account, and all other days from the logs. The logs are never written to. docs/lake.md has it all.

A day is closed when it is over in UTC, and an hour more has gone by: through yesterday, that is. One
account-day, all Regions of one account on one day of delivery, is written as a whole. Objects that come
late, or change, have it written anew; queries see it as it was until then.

The report adds up: objects = read + set aside; events = in the lake + duplicates. A duplicate is an event
that is in the account-day twice. A file that cannot be read is set aside, with its reason, and stops
nothing; exit code 3. cloudtrail_coverage has these figures for each account, Region and day.

Can be stopped at any moment (Ctrl-C: 130), and run twice at once: what is committed stays, and the next run
goes on from there. An account-day with events of files that are gone from the logs is left as it is.

--verify-lake reads the Parquet files again and compares them, and the logs, with what was noted when they
were written; the whole lake, or --from, --to and --account. Exit code 1 where something differs.

Examples:
  $ cloudtrail-partitioner compact --logs ./logs
  $ cloudtrail-partitioner compact --logs ./logs --lake /data/lake --from 30d --memory 4GB
  $ cloudtrail-partitioner compact --logs s3://my-trail-bucket --lake s3://my-lake-bucket/cloudtrail
  $ cloudtrail-partitioner compact --logs ./logs --verify-lake`,
    )
    .action((flags: CompactFlags) =>
      run(flags.quiet ?? false, async (terminal) =>
        (await import("./commands/compact.ts")).compactCommand(flags, terminal),
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
    .option("--workgroup <name>", "Athena's workgroup (default: primary)")
    .option("--estimate", "Athena: say what the query would scan and cost, and do not run it")
    .option("--max-scan <size>", "Athena: do not run a query that could scan more, such as 100GB")
    .addHelpText(
      "after",
      `
On DuckDB the query can read the tables of the database and nothing else: no other file, no network. On
Athena it can read what you may read. On neither can it change anything.

table   fits the terminal: cells are cut, and rows too wide are printed a field a line; control
        characters are shown, as \\u001b, and not acted on
json    an array of objects; ndjson an object a line; integers beyond 2^53 are text
csv     text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a line break)
        gets a single quote in front
parquet a file: --output, or standard output that is not a terminal

Athena bills what a query scans, and its answer stays in the workgroup's bucket, or in output_s3_bucket.
--estimate asks Athena which partitions the query would read, and adds up their files; it takes --format
json too. --max-scan holds where the workgroup has a limit of its own that is no higher, or where the
estimate shows that the query cannot scan more; else the query is not run. Ctrl-C stops it in Athena too;
what it has scanned by then is charged.

Examples:
  $ cloudtrail-partitioner query "SHOW TABLES"
  $ cloudtrail-partitioner query "SELECT useridentity.arn, errorcode, count(*) AS count FROM cloudtrail
      WHERE errorcode != '' GROUP BY errorcode, useridentity.arn ORDER BY count DESC LIMIT 50"
  $ cloudtrail-partitioner query --file hunt.sql --format parquet --output hunt.parquet
  $ cloudtrail-partitioner query --logs s3://bucket --max-scan 100GB --file hunt.sql`,
    )
    .action((sql: string | undefined, flags: QueryFlags) =>
      run(flags.quiet ?? false, async (terminal) =>
        (await import("./commands/query.ts")).queryCommand(sql, flags, terminal),
      ),
    );
}

function addInit(program: Command, run: Run): void {
  addPlaceOptions(
    program.command("init").description("look for logs, ask, and write cloudtrail-partitioner.yaml"),
  )
    .option("--workgroup <name>", "Athena's workgroup (default: primary)")
    .option(
      "--output <place>",
      "bucket or s3://bucket/prefix/ of Athena's answers (default: the workgroup's)",
    )
    .option("-y, --yes", "do not ask: take the first place that is found, and defaults")
    .option("--force", "write over a file that is there")
    .option("--dry-run", "print the file, and write nothing")
    .addHelpText(
      "after",
      `
Looks for trails of the account, where there are AWS credentials, and for folders with AWSLogs/ here.
Changes nothing but the file, and asks in a terminal only.

Examples:
  $ cloudtrail-partitioner init
  $ cloudtrail-partitioner init --yes --logs s3://example-logs/prefix --profile audit
  $ cloudtrail-partitioner init --dry-run`,
    )
    .action((flags: InitFlags) =>
      run(flags.quiet ?? false, async (terminal) =>
        (await import("./commands/init.ts")).initCommand(flags, terminal),
      ),
    );
}

function addDoctor(program: Command, run: Run): void {
  const command = program
    .command("doctor")
    .description("check configuration, permissions, logs and tables, each with its remedy");
  addFormatOption(addScopeOptions(addPlaceOptions(command)), ["table", "json"])
    .option("--workgroup <name>", "Athena's workgroup (default: primary)")
    .addHelpText(
      "after",
      `
Changes nothing: permissions to write are tried in ways that AWS refuses to everyone, but with another
answer to those who may not. Exits with 1 where a check fails.

Examples:
  $ cloudtrail-partitioner doctor --logs ./logs
  $ cloudtrail-partitioner doctor --logs s3://example-logs --profile audit`,
    )
    .action((flags: CommonFlags) =>
      run(flags.quiet ?? false, async (terminal) =>
        (await import("./commands/doctor.ts")).doctorCommand(flags, terminal),
      ),
    );
}

function addIamPolicy(program: Command, run: Run): void {
  const argument = new Argument("[command]", "what is to be allowed").choices(POLICY_COMMANDS);
  addLakeOption(
    addPlaceOptions(
      program
        .command("iam-policy")
        .description("print the least IAM policy that a command needs on Athena, as JSON")
        .addArgument(argument.default("run")),
    ),
  )
    .option("--workgroup <name>", "Athena's workgroup (default: primary)")
    .option("--kms-key <arn>", "KMS key that the trail encrypts its files with", parseKey)
    .option("--output-kms-key <arn>", "KMS key that Athena's answers are encrypted with", parseKey)
    .option("--catalog-kms-key <arn>", "KMS key that the Glue catalog is encrypted with", parseKey)
    .option("--lake-kms-key <arn>", "KMS key that the lake's bucket encrypts with", parseKey)
    .option("--aws-account <id>", "account of the Glue database (default: the caller's)", parseAccount)
    .option("--arn-partition <name>", "aws, aws-us-gov, aws-cn, aws-eusc (default: the Region's)", parseWord)
    .addHelpText(
      "after",
      `
The policy names the log bucket, database, tables and workgroup of the configuration. What is not known
is written in capitals, and said. docs/iam.md has the reason of each statement.

Examples:
  $ cloudtrail-partitioner iam-policy > run-policy.json
  $ cloudtrail-partitioner iam-policy query --logs s3://example-logs --kms-key <arn>
  $ cloudtrail-partitioner iam-policy compact --logs s3://example-logs --lake s3://example-lake`,
    )
    .action((command: PolicyCommand, flags: IamPolicyFlags) =>
      run(flags.quiet ?? false, async (terminal) =>
        (await import("./commands/iam-policy.ts")).iamPolicyCommand(command, flags, terminal),
      ),
    );
}

function parseKey(value: string): string {
  if (isKeyArn(value)) return value;
  throw new InvalidArgumentError(`It is not the ARN of a key: policies know keys by nothing else.`);
}

function parseAccount(value: string): string {
  if (isAccount(value)) return value;
  throw new InvalidArgumentError(`It is not 12 digits.`);
}

function parseWord(value: string): string {
  if (/^aws(-[a-z]+)*$/.test(value)) return value;
  throw new InvalidArgumentError(`It is not a name such as aws-us-gov.`);
}
