import type { AwsSettings } from "../aws/clients.ts";
import { parseBytes } from "../core/byte-size.ts";
import { COVERAGE_TABLE, DATASET_TABLES } from "../core/lake/lake-columns.ts";
import { isAccount, isRegion } from "../core/log-key.ts";
import { UserError } from "../core/user-error.ts";
import type { Layout } from "../warehouse/athena/catalog/layout.ts";
import type { Configuration } from "./configuration.ts";

/** What flags can say over the configuration. */
export interface Flags {
  readonly logs?: string | undefined;
  readonly engine?: "duckdb" | "athena" | undefined;
  readonly database?: string | undefined;
  readonly lake?: string | undefined;
  readonly memory?: string | undefined;
  readonly workgroup?: string | undefined;
  readonly maxScan?: string | undefined;
  readonly profile?: string | undefined;
  readonly awsRegion?: string | undefined;
  readonly endpointUrl?: string | undefined;
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
  /** A folder or `s3://bucket/prefix`, as the user wrote it; undefined for none. decideLakePlace checks it. */
  readonly lake: string | undefined;
  /** Bytes that compacting may take. */
  readonly memory: number;
  /** How AWS is reached. */
  readonly aws: AwsSettings;
  /** Whether the caller pays for requests to the log bucket. */
  readonly requestPayer: boolean;
  readonly layout: Layout;
  readonly partitions: "registered" | "projected";
  readonly partitionIndex: boolean;
  /** Partitions of earlier days are dropped; undefined for never. */
  readonly retentionDays: number | undefined;
  /** Athena's; undefined for `primary`. */
  readonly workgroup: string | undefined;
  /** Where Athena's answers go; see AthenaOptions. */
  readonly output: string | undefined;
  /** How much a query may read, as the user wrote it: "100GB". */
  readonly maxScan: string | undefined;
  /** US dollars. */
  readonly dollarsPerTerabyte: number | undefined;
}

const DEFAULT_FILE = "cloudtrail.duckdb";
const DEFAULT_GLUE_DATABASE = "default";
/** Athena's partitions cost calls to make, DuckDB's nothing. */
const ATHENA_PARTITION_DAYS = 90;
/** Bytes. */
export const DEFAULT_MEMORY = 1_000_000_000;

/** Tables of the prefix `cloudtrail` end so: `cloudtrail_lake`. */
const TAKEN_NAMES = ["raw", ...Object.values(DATASET_TABLES), COVERAGE_TABLE];
const TAKEN_ENDING = new RegExp(`_(${TAKEN_NAMES.join("|")}|\\d{12})$`);

/** Flags over the configuration over defaults. */
export function decideSettings(flags: Flags, configuration: Configuration): Settings {
  const logs = flags.logs ?? configuration.logs ?? duoLabsUrl(configuration);
  const isS3 = logs !== undefined && /^s3:\/\//i.test(logs);
  const engine = flags.engine ?? configuration.engine ?? (isS3 ? "athena" : "duckdb");
  const tablePrefix = configuration.table_prefix ?? "cloudtrail";
  if (TAKEN_ENDING.test(tablePrefix)) {
    throw new UserError(`table_prefix "${tablePrefix}" ends as names of another prefix's tables do`, {
      hint: `choose one that does not end in ${TAKEN_NAMES.map((name) => `_${name}`).join(", ")} or in an account id`,
    });
  }
  if (!/^[a-z_][a-z0-9_]{0,100}$/.test(tablePrefix)) {
    throw new UserError(`table_prefix "${tablePrefix}" is not a table name in Athena`, {
      hint: "use small letters, digits and _, beginning with a letter, e.g. cloudtrail",
    });
  }
  refuseOdd("accounts", configuration.accounts, isAccount, "12 digits");
  refuseOdd("regions", configuration.regions, isRegion, "a name such as us-east-1");
  const database = flags.database ?? decideDatabase(engine, configuration);
  if (engine === "athena") refuseDatabaseName(database);
  return {
    logs,
    engine,
    database,
    tablePrefix,
    partitionDays: configuration.partition_days ?? (engine === "athena" ? ATHENA_PARTITION_DAYS : undefined),
    accounts: configuration.accounts,
    regions: configuration.regions,
    lake: flags.lake ?? configuration.lake,
    memory: decideMemory(flags, configuration),
    ...decideAws(flags, configuration),
  };
}

type AwsPart = Omit<
  Settings,
  | "logs"
  | "engine"
  | "database"
  | "tablePrefix"
  | "partitionDays"
  | "accounts"
  | "regions"
  | "lake"
  | "memory"
>;

function decideMemory(flags: Flags, configuration: Configuration): number {
  const [text, option] =
    flags.memory === undefined ? [configuration.memory, "memory"] : [flags.memory, "--memory"];
  return text === undefined ? DEFAULT_MEMORY : parseBytes(text, option, "2GB");
}

function refuseOdd(
  key: string,
  values: readonly string[] = [],
  fits: (value: string) => boolean,
  wanted: string,
): void {
  const odd = values.find((value) => !fits(value));
  if (odd !== undefined) throw new UserError(`${key}: "${odd}" is not ${wanted}`, { hint: `correct ${key}` });
}

/** @throws UserError for what the SDK would take for our bug */
function refuseOddPlace({ endpointUrl, awsRegion }: AwsSettings): void {
  if (endpointUrl !== undefined && !/^https?:\/\/[^/]/.test(endpointUrl)) {
    throw new UserError(`--endpoint-url "${endpointUrl}" is not the URL of a server`, {
      hint: "write it as http://host:port or https://host",
    });
  }
  if (awsRegion !== undefined && !isRegion(awsRegion)) {
    throw new UserError(`--aws-region "${awsRegion}" is not an AWS Region`, {
      hint: "e.g. --aws-region eu-west-1",
    });
  }
}

function decideAws(flags: Flags, configuration: Configuration): AwsPart {
  const aws: AwsSettings = {
    profile: flags.profile ?? configuration.profile,
    awsRegion: flags.awsRegion ?? configuration.aws_region,
    endpointUrl: flags.endpointUrl ?? configuration.endpoint_url,
  };
  refuseOddPlace(aws);
  return {
    aws,
    requestPayer: configuration.request_payer === "requester",
    layout: configuration.layout ?? "auto",
    partitions: configuration.partitions ?? "registered",
    partitionIndex: configuration.partition_index === "true",
    retentionDays: configuration.retention_days,
    workgroup: flags.workgroup ?? configuration.workgroup,
    output: configuration.output_s3_bucket,
    maxScan: flags.maxScan ?? configuration.max_scan,
    dollarsPerTerabyte: configuration.dollars_per_terabyte,
  };
}

/** Athena takes letters, digits and _ (Athena user guide, "Name databases, tables, and columns"); Glue lowers them. */
function refuseDatabaseName(database: string): void {
  if (/^[a-z0-9_]{1,255}$/.test(database)) return;
  throw new UserError(`--database "${database}" is not the name of a Glue database that Athena can query`, {
    hint: "use small letters, digits and _, e.g. --database cloudtrail",
  });
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
