import { z } from "zod";
import { findNearest } from "../core/nearest.ts";
import { UserError } from "../core/user-error.ts";

/** A value that stands in the file without quotes is text all the same: account ids begin with zeros. */
const text = z.string().transform((value) => (value === "" ? undefined : value));
const list = z
  .union([z.array(z.string()), z.string().transform((value) => value.split(/[\s,]+/))])
  .transform((values) => values.filter((value) => value !== ""))
  .transform((values) => (values.length === 0 ? undefined : values));

const days = z
  .string()
  .regex(/^([1-9]\d{0,4})?$/, "must be a number of days, 1 or more")
  .transform((value) => (value === "" ? undefined : Number(value)));

/** A mapping, or `key=value` and more, with commas between them. */
const tags = z.union([z.record(z.string(), z.string()), z.string().transform(parseTags)]);

/** "" is as if the key were not there. */
function choice<const T extends readonly [string, ...string[]]>(words: T) {
  return z
    .string()
    .refine((word) => word === "" || words.includes(word), `must be ${words.join(" or ")}`)
    .transform((word) => (word === "" ? undefined : (word as T[number])))
    .optional();
}

const KEYS = {
  logs: text.optional(),
  engine: z.enum(["duckdb", "athena"]).optional(),
  database: text.optional(),
  table_prefix: text.optional(),
  partition_days: days.optional(),
  accounts: list.optional(),
  regions: list.optional(),
  // The lake's.
  lake: text.optional(),
  memory: text.optional(),
  // Athena and AWS.
  layout: choice(["auto", "tables", "unified"]),
  partitions: choice(["registered", "projected"]),
  partition_index: choice(["true", "false"]),
  retention_days: days.optional(),
  workgroup: text.optional(),
  max_scan: text.optional(),
  dollars_per_terabyte: z
    .string()
    .regex(/^(\d+(\.\d+)?)?$/, "must be a number of US dollars")
    .transform((value) => (value === "" ? undefined : Number(value)))
    .optional(),
  request_payer: choice(["requester"]),
  profile: text.optional(),
  aws_region: text.optional(),
  endpoint_url: text.optional(),
  catalog_key_arn: text.optional(),
  // The deployment's: the nightly run, and who hears of it.
  schedule: text.optional(),
  schedule_time_zone: text.optional(),
  alarm_email: text.optional(),
  log_bucket_account: text.optional(),
  create_workgroup: choice(["true", "false"]),
  kms_key_arn: text.optional(),
  log_key_arn: text.optional(),
  lake_key_arn: text.optional(),
  log_retention_days: days.optional(),
  tags: tags.optional(),
  // These are Duo Labs' cloudtrail-partitioner's, and are read as it read them.
  s3_bucket_containing_logs: text.optional(),
  cloudtrail_prefix: text.optional(),
  output_s3_bucket: text.optional(),
  alarm_sns_arn: text.optional(),
};

const SCHEMA = z.strictObject(KEYS);

/** What the configuration file and the environment say; all of it optional. */
export type Configuration = z.infer<typeof SCHEMA>;

/**
 * What the environment says of the configuration. Names begin with CLOUDTRAIL_PARTITIONER_.
 * @throws UserError for a value that does not fit its key
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Configuration {
  return dropUndefined(parseConfiguration(listVariables(environment), "the environment"));
}

/** The variables that readEnvironment reads as the configuration. */
export function printEnvironment(configuration: Configuration): Record<string, string> {
  const variables = Object.entries(dropUndefined(configuration)).map(
    ([key, value]) => [`${OWN_PREFIX}${key.toUpperCase()}`, printValue(value)] as const,
  );
  return Object.fromEntries(variables);
}

function printValue(value: Required<Configuration>[keyof Configuration]): string {
  if (typeof value !== "object") return String(value);
  return (Array.isArray(value) ? value : Object.entries(value).map((tag) => tag.join("="))).join(",");
}

function parseTags(line: string): Record<string, string> | undefined {
  const entries = line.split(",").filter((tag) => tag.trim() !== "");
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map((tag) => {
      const [key = "", ...value] = tag.split("=");
      return [key.trim(), value.join("=").trim()];
    }),
  );
}

/** @param origin the file or "the environment", for errors */
export function parseConfiguration(value: unknown, origin: string): Configuration {
  const parsed = SCHEMA.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") throw unknownKey(issue.keys[0] ?? "", origin);
  throw new UserError(`${origin}: ${issue?.path.join(".") || "the configuration"}: ${issue?.message}`, {
    hint: "docs/configuration.md describes every key",
  });
}

function unknownKey(key: string, origin: string): UserError {
  const known = Object.keys(KEYS);
  const nearest = findNearest(key, known);
  return new UserError(`${origin} has an unknown key "${key}"`, {
    hint: nearest === undefined ? `the known keys are ${known.join(", ")}` : `did you mean ${nearest}?`,
  });
}

const OWN_PREFIX = "CLOUDTRAIL_PARTITIONER_";

/** Duo Labs' variables have common names, such as DATABASE: they count only where its bucket is given that way too. */
const DUO_LABS_KEYS = [
  "s3_bucket_containing_logs",
  "cloudtrail_prefix",
  "partition_days",
  "output_s3_bucket",
  "database",
  "table_prefix",
] as const;

function listVariables(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const theirs = (environment["S3_BUCKET_CONTAINING_LOGS"] ?? "") === "" ? [] : DUO_LABS_KEYS;
  const entries = [
    ...theirs.map((key) => [key, environment[key.toUpperCase()]] as const),
    ...Object.entries(environment)
      .filter(([name]) => name.startsWith(OWN_PREFIX))
      .map(([name, value]) => [name.slice(OWN_PREFIX.length).toLowerCase(), value] as const),
  ];
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

/** Without the keys that have no value. */
export function dropUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
