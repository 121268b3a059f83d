import { UserError } from "../core/user-error.ts";
import type { Configuration } from "./configuration.ts";

/** What flags can say over the configuration. */
export interface Flags {
  readonly logs?: string | undefined;
  readonly engine?: "duckdb" | "athena" | undefined;
  readonly database?: string | undefined;
}

/** Every setting, decided. */
export interface Settings {
  /** A folder or `s3://bucket/prefix`; undefined where only a database is asked. */
  readonly logs: string | undefined;
  readonly engine: "duckdb" | "athena";
  /** DuckDB: the file. Athena: the Glue database. */
  readonly database: string;
  readonly tablePrefix: string;
  /** How many days a run covers where it is not told; undefined for all. */
  readonly partitionDays: number | undefined;
  readonly accounts: readonly string[] | undefined;
  readonly regions: readonly string[] | undefined;
}

const DEFAULT_FILE = "cloudtrail.duckdb";
const DEFAULT_GLUE_DATABASE = "default";
/** Athena's partitions cost calls to make, DuckDB's nothing. */
const ATHENA_PARTITION_DAYS = 90;

/** Flags over the configuration over defaults. */
export function decideSettings(flags: Flags, configuration: Configuration): Settings {
  const logs = flags.logs ?? configuration.logs ?? duoLabsUrl(configuration);
  const isS3 = logs?.startsWith("s3://") ?? false;
  const engine = flags.engine ?? configuration.engine ?? (isS3 ? "athena" : "duckdb");
  const tablePrefix = configuration.table_prefix ?? "cloudtrail";
  if (!/^[a-z_][a-z0-9_]{0,100}$/.test(tablePrefix)) {
    throw new UserError(`table_prefix "${tablePrefix}" is not a table name in Athena`, {
      hint: "use small letters, digits and _, beginning with a letter, e.g. cloudtrail",
    });
  }
  return {
    logs,
    engine,
    database: flags.database ?? decideDatabase(engine, configuration),
    tablePrefix,
    partitionDays: configuration.partition_days ?? (engine === "athena" ? ATHENA_PARTITION_DAYS : undefined),
    accounts: configuration.accounts,
    regions: configuration.regions,
  };
}

function decideDatabase(engine: Settings["engine"], { database }: Configuration): string {
  if (engine === "athena") return database ?? DEFAULT_GLUE_DATABASE;
  // "default" is the name of a Glue database, in configurations that were made for Athena.
  return database === undefined || database === DEFAULT_GLUE_DATABASE ? DEFAULT_FILE : database;
}

function duoLabsUrl({
  s3_bucket_containing_logs: bucket,
  cloudtrail_prefix: prefix = "",
}: Configuration): string | undefined {
  if (bucket === undefined) return undefined;
  return `s3://${bucket}/${prefix}`.replace(/\/+$/, "");
}
