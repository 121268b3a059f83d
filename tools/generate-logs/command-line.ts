import { Command, InvalidArgumentError, Option } from "commander";
import type { GenerateLogsOptions, Layout } from "./options.ts";
import { LAYOUTS, defaults } from "./options.ts";
import type { Partition } from "./regions.ts";
import { PARTITIONS } from "./regions.ts";

/** What the user typed. */
export interface CommandLine {
  readonly out: string;
  readonly force: boolean;
  /** Whether to print a line of JSON for each file. */
  readonly list: boolean;
  readonly options: GenerateLogsOptions;
}

interface Flags extends GenerateLogsOptions {
  readonly out: string;
  readonly force?: true;
  readonly list?: true;
  readonly layout: Layout;
  readonly partition: Partition;
}

const EXAMPLES = `
Examples:
  npm run generate-logs -- --out logs
  npm run generate-logs -- --out logs --accounts 40 --regions 12 --days 30 --layout organization
  npm run generate-logs -- --out logs --regions us-east-1,eu-west-1 --until 2026-10-31 --seed 7
  npm run generate-logs -- --out logs --files 20000 --records 3
  npm run generate-logs -- --out logs --layout mixed --prefix trails --noise --broken --list
`;

/**
 * Reads the arguments after the script's name.
 * @throws CommanderError when they are wrong, and after it printed the help that was asked for
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const flags = buildCommand()
    .parse([...argv], { from: "user" })
    .opts<Flags>();
  const { out, force, list, ...options } = flags;
  return { out, force: force === true, list: list === true, options };
}

function buildCommand(): Command {
  return new Command("generate-logs")
    .description("Writes a bucket of invented CloudTrail logs; the same options give the same bytes.")
    .requiredOption("--out <dir>", "where to write: a folder that is new or empty")
    .option("--force", "write into a folder that holds files, and replace those of the same name")
    .option("--seed <n>", "another number gives other logs", parseNumber, defaults.seed)
    .option("--accounts <n>", "how many accounts", parseNumber, defaults.accounts)
    .option(
      "--regions <n|names>",
      "how many Regions, or their names with commas",
      parseRegions,
      defaults.regions,
    )
    .option("--days <n>", "how many days of delivery", parseNumber, defaults.days)
    .option("--until <day>", "the last of them", defaults.until)
    .option("--files <n>", "how many log files (default: 3 an account, Region and day)", parseNumber)
    .option("--records <n>", "how many records a file, on average", parseNumber, defaults.records)
    .addOption(layoutOption())
    .option("--prefix <prefix>", "what stands before AWSLogs/ in the keys")
    .addOption(
      new Option("--partition <name>", "the ARN partition").choices(PARTITIONS).default(defaults.partition),
    )
    .option("--data-events <share>", "the share of data events", parseNumber, defaults.dataEvents)
    .option(
      "--late <share>",
      "the share of files with events of an earlier day, or redelivered",
      parseNumber,
      defaults.late,
    )
    .option(
      "--duplicates <share>",
      "the share of records that two files hold",
      parseNumber,
      defaults.duplicates,
    )
    .option("--empty <share>", "the share of files without a record", parseNumber, defaults.empty)
    .option("--large-file", "add a log file of nearly 50 MB before compression")
    .option("--noise", "add what real buckets hold beside logs")
    .option("--broken", "add files that cannot be read, irregular ones, and near misses")
    .option("--list", "print a line of JSON for each file: key, bytes, records, kind, note")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(--help lists the options)")
    .exitOverride();
}

function layoutOption(): Option {
  return new Option("--layout <name>", "how the trails lie in the bucket")
    .choices(LAYOUTS)
    .default(defaults.layout);
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError("It is not a number.");
  return value;
}

function parseRegions(text: string): number | readonly string[] {
  return /^\d+$/.test(text) ? Number(text) : text.split(",").map((region) => region.trim());
}
