import { parseBytes } from "../core/byte-size.ts";
import { isAccount } from "../core/log-key.ts";
import { UserError } from "../core/user-error.ts";
import { parseS3Url } from "../store/locate-logs.ts";
import type { Configuration } from "./configuration.ts";
import { decideLakePlace } from "./lake-place.ts";
import { checkKeyArn } from "./policy-options.ts";
import type { Settings } from "./settings.ts";
import { decideSettings } from "./settings.ts";

/** When runs start where nothing is said: late enough for the files of the day before to be there. */
export const DEFAULT_SCHEDULE = "cron(15 3 * * ? *)";

/** What CloudWatch Logs takes (its API, PutRetentionPolicy). */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Bytes: Athena has no lower limit for what a query may scan (Athena's API, WorkGroupConfiguration). */
export const LEAST_SCAN_LIMIT = 10_000_000;

/** MB of a function that compacts: one whole processor and somewhat more, and room for large log files. */
export const LAKE_FUNCTION_MEMORY = 2048;

/** What is deployed: a function that runs every night, and who hears of it. Checked, as far as it can be without AWS. */
export interface Deployment {
  readonly settings: Settings;
  readonly logBucket: string;
  /** As the configuration has it, without slashes at its ends. */
  readonly logPrefix: string;
  /** Where the bucket is another account's. */
  readonly logBucketAccount: string | undefined;
  /** Closed days as Parquet; undefined where none is asked for. The prefix has no slashes at its ends. */
  readonly lake: { readonly bucket: string; readonly prefix: string } | undefined;
  /** MB of the function; undefined for the usual. */
  readonly memorySize: number | undefined;
  /** EventBridge Scheduler's `cron(...)` or `rate(...)`. */
  readonly schedule: string;
  readonly scheduleTimeZone: string;
  /** One of these two, or none. */
  readonly alarmTopicArn: string | undefined;
  readonly alarmEmail: string | undefined;
  /** Made by the deployment; undefined where none is asked for. The limit is in bytes. */
  readonly workgroup: { readonly name: string; readonly scanLimit: number | undefined } | undefined;
  readonly keyArn: string | undefined;
  readonly catalogKeyArn: string | undefined;
  readonly logKeyArn: string | undefined;
  readonly lakeKeyArn: string | undefined;
  readonly logRetentionDays: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** @throws UserError for what cannot be deployed, naming the key of the configuration */
export function decideDeployment(configuration: Configuration): Deployment {
  const settings = decideSettings({}, configuration);
  const { bucket, path } = parseS3Url(checkLogs(settings));
  return {
    settings,
    logBucket: bucket,
    logPrefix: path,
    logBucketAccount: check(configuration.log_bucket_account, "log_bucket_account", ACCOUNT),
    lake: decideLake(settings),
    memorySize: decideMemorySize(configuration),
    schedule: check(configuration.schedule ?? DEFAULT_SCHEDULE, "schedule", SCHEDULE),
    scheduleTimeZone: check(configuration.schedule_time_zone ?? "UTC", "schedule_time_zone", TIME_ZONE),
    ...decideAlarms(configuration),
    workgroup: decideWorkgroup(configuration),
    keyArn: checkKeyArn(configuration.kms_key_arn, "kms_key_arn"),
    catalogKeyArn: checkKeyArn(configuration.catalog_key_arn, "catalog_key_arn"),
    logKeyArn: checkKeyArn(configuration.log_key_arn, "log_key_arn"),
    lakeKeyArn: checkKeyArn(configuration.lake_key_arn, "lake_key_arn"),
    logRetentionDays: check(configuration.log_retention_days, "log_retention_days", LOG_RETENTION),
    tags: checkTags(configuration.tags ?? {}),
  };
}

/** What a value must be, and how to write it. */
interface Form<T> {
  readonly fits: (value: T) => boolean;
  readonly wanted: string;
  readonly hint: string;
}

const ACCOUNT: Form<string> = {
  fits: isAccount,
  wanted: "12 digits",
  hint: "name the account that owns the log bucket, e.g. log_bucket_account: 111122223333",
};

const SCHEDULE: Form<string> = {
  fits: (text) => /^rate\([1-9]\d* (minute|hour|day)s?\)$/.test(text) || isCron(text),
  wanted: "a schedule of EventBridge Scheduler",
  hint: "write it as cron(15 3 * * ? *), which is daily at 03:15, with ? for one of day of month and day of week, or as rate(12 hours)",
};

/** Minute, hour, day of month, month, day of week and year, as far as a wrong one is a slip (Scheduler's guide, "Schedule types"). */
function isCron(text: string): boolean {
  const fields = /^cron\((\S+(?: \S+){5})\)$/.exec(text)?.[1]?.split(" ") ?? [];
  const [minute = "", hour = "", dayOfMonth, , dayOfWeek] = fields;
  return isBelow(minute, 60) && isBelow(hour, 24) && (dayOfMonth === "?") !== (dayOfWeek === "?");
}

/** Whether all numbers of a field, as in `0/15` or `1,13`, are lower. */
function isBelow(field: string, end: number): boolean {
  return !field.includes("?") && (field.match(/\d+/g) ?? []).every((number) => Number(number) < end);
}

const TIME_ZONE: Form<string> = {
  fits: isTimeZone,
  wanted: "a time zone",
  hint: "write it as UTC or Europe/Zurich, as the IANA's database of time zones has it",
};

const TOPIC: Form<string> = {
  fits: (arn) => /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/.test(arn),
  wanted: "the ARN of an SNS topic",
  hint: "write it as arn:aws:sns:REGION:ACCOUNT:NAME, or use alarm_email to have a topic made",
};

const EMAIL: Form<string> = {
  fits: (address) => /^[^\s@,;]+@[^\s@,;]+$/.test(address),
  wanted: "an e-mail address",
  hint: "name one; for more than one, name a topic with alarm_sns_arn",
};

const WORKGROUP: Form<string> = {
  fits: (name) => /^[\w.-]{1,128}$/.test(name) && name !== "primary",
  wanted: "a name for a new workgroup",
  hint: "use letters, digits, dots, dashes and _, e.g. workgroup: cloudtrail; every account has primary already",
};

const LOG_RETENTION: Form<number> = {
  fits: (days) => (LOG_RETENTION_DAYS as readonly number[]).includes(days),
  wanted: "a number of days that CloudWatch Logs can keep logs for",
  hint: `choose one of ${LOG_RETENTION_DAYS.join(", ")}`,
};

function check<T extends string | number | undefined>(
  value: T,
  key: string,
  { fits, wanted, hint }: Form<NonNullable<T>>,
): T {
  if (value === undefined || fits(value)) return value;
  throw new UserError(`${key} "${value}" is not ${wanted}`, { hint });
}

function checkLogs({ logs, engine }: Settings): string {
  if (logs === undefined) {
    throw new UserError("no log bucket is named", {
      hint: "name it in the configuration file: logs: s3://bucket/prefix",
    });
  }
  if (engine === "athena" && /^s3:\/\//i.test(logs)) return logs;
  throw new UserError(`DuckDB over ${logs} has nothing to deploy: that runs where the logs are`, {
    hint: "for Athena name a bucket, logs: s3://bucket/prefix, and no other engine",
  });
}

function decideLake({ lake, ...settings }: Settings): Deployment["lake"] {
  if (lake === undefined) return undefined;
  const place = decideLakePlace({ ...settings, lake });
  return place.kind === "bucket" ? { bucket: place.bucket, prefix: place.prefix } : undefined;
}

const MIB = 2 ** 20;
/** MB (Lambda's guide, "Lambda quotas"). */
const MOST_FUNCTION_MEMORY = 10_240;

/** A function with less than is usual would have less of a processor, too: it takes longer, and costs as much. */
function decideMemorySize({ memory, lake }: Configuration): number | undefined {
  if (memory === undefined || lake === undefined) return undefined;
  const size = Math.ceil(parseBytes(memory, "memory", "2GB") / MIB);
  if (size <= LAKE_FUNCTION_MEMORY) return undefined;
  if (size <= MOST_FUNCTION_MEMORY) return size;
  throw new UserError(`memory "${memory}" is more than a function can have`, {
    hint: "10GB is the most; an account-day takes far less, unless a log file is huge",
  });
}

function decideAlarms(configuration: Configuration): Pick<Deployment, "alarmTopicArn" | "alarmEmail"> {
  const alarmTopicArn = check(configuration.alarm_sns_arn, "alarm_sns_arn", TOPIC);
  const alarmEmail = check(configuration.alarm_email, "alarm_email", EMAIL);
  if (alarmTopicArn === undefined || alarmEmail === undefined) return { alarmTopicArn, alarmEmail };
  throw new UserError(`alarms go to alarm_sns_arn or to alarm_email, and both are given`, {
    hint: `remove alarm_email, and subscribe ${alarmEmail} to ${alarmTopicArn}`,
  });
}

function decideWorkgroup(configuration: Configuration): Deployment["workgroup"] {
  if (configuration.create_workgroup !== "true") return undefined;
  if (configuration.workgroup === undefined) {
    throw new UserError("create_workgroup wants a name for the workgroup, and there is none", {
      hint: "name it: workgroup: cloudtrail",
    });
  }
  const name = check(configuration.workgroup, "workgroup", WORKGROUP);
  const scanLimit =
    configuration.max_scan === undefined ? undefined : parseBytes(configuration.max_scan, "max_scan");
  if (scanLimit === undefined || scanLimit >= LEAST_SCAN_LIMIT) return { name, scanLimit };
  throw new UserError(`max_scan "${configuration.max_scan}" is less than a workgroup can have as its limit`, {
    hint: "10MB is the least",
  });
}

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** What all services take (AWS Tagging guide, "Tag naming limits and requirements"). */
function checkTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(tags);
  const odd = entries.find(
    ([key, value]) =>
      !/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu.test(key) ||
      !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value),
  );
  if (odd !== undefined) {
    throw new UserError(`tags: "${odd[0]}: ${odd[1]}" is not a tag in AWS`, {
      hint: "use letters, digits, spaces and _.:/=+-@, 128 for the key, 256 for the value; keys do not begin with aws:",
    });
  }
  return tags;
}
