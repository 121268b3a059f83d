import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { findNearest } from "../core/nearest.ts";
import { UserError } from "../core/user-error.ts";

/** Looked for in the working directory where no --config is given. */
export const DEFAULT_CONFIG_FILE = "cloudtrail-partitioner.yaml";

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
 * Reads the configuration: the environment over the file. Paths in the file are relative to the file.
 * @param file undefined for the default file, which may be missing
 * @throws UserError naming the file, and the key with the nearest known one
 */
export async function readConfiguration(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Configuration> {
  const fromFile = await readConfigurationFile(file);
  const fromEnvironment = dropUndefined(parseConfiguration(readEnvironment(environment), "the environment"));
  // A bucket in the environment is a place of logs too, and wins over the file's.
  const replaced = fromEnvironment.s3_bucket_containing_logs === undefined ? {} : { logs: undefined };
  return { ...fromFile, ...replaced, ...fromEnvironment };
}

async function readConfigurationFile(file: string | undefined): Promise<Configuration> {
  const path = resolve(file ?? DEFAULT_CONFIG_FILE);
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (error) {
    if (file === undefined && error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new UserError(`the configuration file ${path} cannot be read: ${String(error)}`, {
      hint: "name another with --config",
      cause: error,
    });
  }
  const configuration = parseConfiguration(parseYaml(content, path), path);
  const { logs, database } = configuration;
  const folder = dirname(path);
  return {
    ...configuration,
    ...dropUndefined({
      logs: logs === undefined || /^s3:\/\//i.test(logs) ? logs : resolve(folder, logs),
      // A name without a dot or a slash is a Glue database's.
      database: database === undefined || /^\w+$/.test(database) ? database : resolve(folder, database),
    }),
  };
}

function parseYaml(content: string, path: string): unknown {
  const document = parseDocument(content, { schema: "failsafe" });
  const [fault] = document.errors;
  if (fault !== undefined)
    throw new UserError(`the configuration file ${path} is not YAML: ${fault.message}`);
  try {
    return document.toJS() || {};
  } catch (error) {
    throw new UserError(`the configuration file ${path} is not YAML: ${String(error)}`, { cause: error });
  }
}

function parseConfiguration(value: unknown, origin: string): Configuration {
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

function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const theirs = (environment["S3_BUCKET_CONTAINING_LOGS"] ?? "") === "" ? [] : DUO_LABS_KEYS;
  const entries = [
    ...theirs.map((key) => [key, environment[key.toUpperCase()]] as const),
    ...Object.keys(KEYS).map((key) => [key, environment[`${OWN_PREFIX}${key.toUpperCase()}`]] as const),
  ];
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

function dropUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
