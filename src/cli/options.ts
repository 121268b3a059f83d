import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { isAccount, isRegion } from "../core/log-key.ts";

/** The flags that commands share, as commander reads them. */
export interface CommonFlags {
  readonly config?: string;
  readonly logs?: string;
  readonly engine?: "duckdb" | "athena";
  readonly database?: string;
  readonly lake?: string;
  readonly memory?: string;
  readonly from?: string;
  readonly to?: string;
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly format?: string;
  readonly check?: boolean;
  readonly workgroup?: string;
  readonly profile?: string;
  readonly awsRegion?: string;
  readonly endpointUrl?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Where the logs and the tables are, and how much to say. */
export function addPlaceOptions(command: Command): Command {
  return command
    .option(
      "--config <file>",
      "configuration file (default: cloudtrail-partitioner.yaml, where there is one)",
    )
    .option(
      "--logs <place>",
      "folder or s3://bucket/prefix of logs: the one that holds AWSLogs/, or one above or below it",
    )
    .addOption(
      new Option("--engine <name>", "engine (default: duckdb for a folder, athena for a bucket)").choices([
        "duckdb",
        "athena",
      ]),
    )
    .option(
      "--database <name>",
      "DuckDB: the file (default: cloudtrail.duckdb); Athena: the Glue database (default: default)",
    )
    .option("--profile <name>", "AWS profile")
    .option(
      "--aws-region <name>",
      "AWS Region of the Glue database (default: the environment's or the profile's)",
    )
    .option("--endpoint-url <url>", "another endpoint for every AWS service, such as a test server's")
    .option("-q, --quiet", "no notes and no progress; warnings and errors stay")
    .option("--verbose", "where errors come from");
}

/** Where closed days lie as Parquet. */
export function addLakeOption(command: Command, unnamed = "none"): Command {
  return command.option(
    "--lake <place>",
    `folder or s3://bucket/prefix of the lake, closed days as Parquet (default: ${unnamed})`,
  );
}

export function addMemoryOption(command: Command): Command {
  return command.option("--memory <size>", "how much memory compacting may take, such as 2GB (default: 1GB)");
}

/** Which logs a command is about. */
export function addScopeOptions(command: Command): Command {
  return addDayOptions(command).option(
    "--region <name...>",
    "only these Regions",
    collect(isRegion, "a name such as us-east-1"),
    undefined,
  );
}

/** The same by whole days of accounts. */
export function addDayOptions(command: Command): Command {
  return command
    .option("--from <day>", "first day of delivery: 2026-11-01, an age such as 7d, today or yesterday")
    .option("--to <day>", "last day of delivery")
    .option(
      "--account <id...>",
      "only these accounts (12 digits)",
      collect(isAccount, "12 digits"),
      undefined,
    );
}

/** Where whole days of accounts are meant: taken, and refused with the reason. */
export function addRefusedRegion(command: Command): Command {
  return command.addOption(
    new Option("--region <name...>").argParser(collect(isRegion, "a name such as us-east-1")).hideHelp(),
  );
}

export function addFormatOption(command: Command, formats: readonly string[]): Command {
  return command.addOption(
    new Option("--format <name>", "form of the output").choices(formats).default("table"),
  );
}

function collect(fits: (value: string) => boolean, wanted: string) {
  return (value: string, previous: readonly string[] = []): readonly string[] => {
    const values = value.split(",");
    const wrong = values.find((each) => !fits(each));
    if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is not ${wanted}.`);
    return [...previous, ...values];
  };
}
