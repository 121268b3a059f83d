import { stringify } from "yaml";
import type { Trail } from "../aws/trails.ts";

/** What init's file is to say. */
export interface InitAnswers {
  /** `s3://bucket/prefix`, or a folder relative to the file. */
  readonly logs: string;
  /** The trails that write there; may be none. */
  readonly trails: readonly Trail[];
  readonly engine: "duckdb" | "athena";
  readonly database: string;
  readonly layout: "auto" | "tables" | "unified";
  readonly workgroup: string;
  /** As output_s3_bucket has it; undefined for what the workgroup says. */
  readonly output: string | undefined;
  readonly awsRegion: string | undefined;
  readonly profile: string | undefined;
}

/** The configuration file as text, with comments; what the user or AWS named is quoted. */
export function printInitFile(answers: InitAnswers): string {
  const parts = answers.engine === "athena" ? printAthena(answers) : printDuckDb(answers);
  return [TITLE, ...parts].map((lines) => `${lines.join("\n")}\n`).join("\n");
}

type Lines = readonly string[];

const TITLE = ["# Written by cloudtrail-partitioner init; docs/configuration.md describes every key."];

function printDuckDb({ logs, database }: InitAnswers): Lines[] {
  return [
    [
      "# The folder of the logs, relative to this file. Nothing is ever written there.",
      printKey("logs", logs),
    ],
    [printKey("engine", "duckdb")],
    ["# The database file, relative to this file; the first run makes it.", printKey("database", database)],
    TABLE_PREFIX,
    ["# How many days a run takes in; without it, all.", "# partition_days: 90"],
    [
      "# A lake: closed days as Parquet, which queries read many times faster. A folder, relative to this file.",
      "# lake: cloudtrail-lake",
    ],
  ];
}

function printAthena(answers: InitAnswers): Lines[] {
  const { logs, trails, database, layout, workgroup, output, awsRegion, profile } = answers;
  return [
    [...trails.flatMap(describeTrail), printKey("logs", logs)],
    [printKey("engine", "athena")],
    ["# The Glue database; the first run makes it where it is not there.", printKey("database", database)],
    TABLE_PREFIX,
    [
      "# tables: a table for each account; unified: one table, and a view for each account; auto: the first up to",
      "# 100 accounts, then the second. The names stay the same.",
      printKey("layout", layout),
    ],
    ["# How many days back a run takes in.", printKey("partition_days", "90")],
    [
      "# Partitions of earlier days leave the tables; the logs stay. Without it, none ever does.",
      "# retention_days: 400",
    ],
    ["# The workgroup that queries run in.", printKey("workgroup", workgroup)],
    [
      "# Where answers go: a bucket, s3://bucket/prefix/, or default for aws-athena-query-results-<account>-<region>;",
      "# without it, where the workgroup says. Never the log bucket.",
      printOptional("output_s3_bucket", output, "default"),
    ],
    [
      "# A lake: closed days as Parquet, which queries read many times faster. In a bucket of its own.",
      "# lake: s3://example-lake/cloudtrail",
    ],
    ["# A query that would read more is not sent.", "# max_scan: 100GB"],
    [
      "# Where the Glue database is: best the Region of the log bucket. Without it, as the environment has it.",
      printOptional("aws_region", awsRegion, "us-east-1"),
    ],
    ["# The AWS profile; without it, as the environment has it.", printOptional("profile", profile, "audit")],
  ];
}

const TABLE_PREFIX = [
  "# Tables are <table_prefix>_<account>, the view over all of them is <table_prefix>.",
  "table_prefix: cloudtrail",
];

function describeTrail({ name, homeRegion, isOrganization, isMultiRegion, key }: Trail): Lines {
  const whose = isOrganization ? "of the organization" : "of the account";
  const where = isMultiRegion ? "all Regions" : printName(homeRegion);
  return [
    `# The trail ${printName(name)} ${whose}, ${where}.`,
    ...(key === undefined
      ? []
      : [`# Its files are encrypted: queries need kms:Decrypt on ${printName(key)}.`]),
  ];
}

/** In a comment a line break would begin a line of YAML. */
function printName(name: string): string {
  return /^[\w.:/@-]+$/.test(name) ? name : JSON.stringify(name);
}

function printOptional(key: string, value: string | undefined, example: string): string {
  return value === undefined ? `# ${key}: ${example}` : printKey(key, value);
}

function printKey(key: string, value: string): string {
  const isPlain = /^[\w./][\w.:/@-]*$/.test(value);
  const options = { lineWidth: 0, doubleQuotedAsJSON: true } as const;
  const style = isPlain ? "PLAIN" : "QUOTE_DOUBLE";
  const text = /^\d+$/.test(value) ? value : stringify(value, { ...options, defaultStringType: style });
  return `${key}: ${text.trimEnd()}`;
}
