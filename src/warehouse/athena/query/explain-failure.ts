import type { QueryExecution } from "@aws-sdk/client-athena";
import { UserError } from "../../../core/user-error.ts";
import { DEFAULT_WORKGROUP } from "./workgroup.ts";

/** Where the query ran. */
export interface Place {
  readonly database: string;
  readonly workgroup?: string | undefined;
}

interface Explanation {
  readonly names: RegExp;
  /** Stands before Athena's own words. */
  readonly title?: string | ((place: Place) => string);
  readonly hint: string | ((place: Place) => string);
}

/** The first that fits is taken: the more particular stand first. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    names: /bytes scanned limit/i,
    title: ({ workgroup = DEFAULT_WORKGROUP }) =>
      `the query would scan more than the workgroup ${workgroup} allows, and was stopped; what it scanned is charged`,
    hint: "narrow region, year, month and day in the query, or name a workgroup with a higher limit with --workgroup",
  },
  {
    names: /Lake ?Formation|Insufficient permissions to execute the query|Relation not found or not allowed/i,
    title: "Lake Formation refused the query",
    hint: "grant the caller SELECT and DESCRIBE on the database's tables and the view in Lake Formation, or give IAMAllowedPrincipals back",
  },
  {
    names: /kms:|KMS\.|AWSKMS|AWS KMS/,
    title: "Athena may not use a KMS key",
    hint: "allow kms:Decrypt on the key that the logs are encrypted with (for answers, kms:GenerateDataKey too), in IAM and in the key's policy",
  },
  {
    names: /output (bucket|location)|writing output/i,
    title: "Athena cannot write the answer",
    hint: "name a bucket that exists in this Region with output_s3_bucket, or a workgroup that has one with --workgroup; s3:PutObject, s3:GetObject, s3:ListBucket and s3:GetBucketLocation are needed on it",
  },
  {
    names: /Access ?Denied|AccessDenied|PERMISSION_DENIED|Status Code: 403|not authorized/i,
    title: "Athena may not read what the query needs, with the caller's permissions",
    hint: "allow s3:GetObject and s3:ListBucket on the logs, and kms:Decrypt on their key; cloudtrail-partitioner iam-policy query prints all that is needed",
  },
  {
    names: /HIVE_PARTITION_SCHEMA_MISMATCH/,
    title: "a partition is older than its table",
    hint: "run the command run: it brings old partitions along with their table",
  },
  {
    names: /INVALID_VIEW|VIEW_IS_STALE|is stale/,
    title: "the view is older than its tables",
    hint: "run the command run: it defines the view anew",
  },
  {
    names:
      /(TABLE|SCHEMA|DATABASE|CATALOG)_NOT_FOUND|(Table|Schema|Database|View) \S+ (does not exist|not found)|EntityNotFoundException/i,
    hint: ({ database }) =>
      `SHOW TABLES lists the tables of the database ${database}; make them with: cloudtrail-partitioner run, or name another database with --database`,
  },
  {
    names: /SlowDown|reduce your request rate|Status Code: 503|Throttl|TooManyRequests|Rate exceeded/i,
    title: "S3 or Athena asked for fewer requests",
    hint: "ask again later, or narrow region, year, month and day in the query",
  },
  {
    names: /exhausted resources|EXCEEDED_(MEMORY|LOCAL_MEMORY|GLOBAL_MEMORY)|timeout|EXCEEDED_TIME_LIMIT/i,
    hint: "narrow region, year, month and day in the query, and name the columns that it needs instead of *",
  },
  {
    names: /HIVE_CURSOR_ERROR|HIVE_BAD_DATA|not a valid JSON|Unexpected end/,
    title: "Athena cannot read one of the log files",
    hint: "move the file that is named out of the day's folder, or leave its day out of the query",
  },
  {
    names: /SYNTAX_ERROR|COLUMN_NOT_FOUND|FUNCTION_NOT_FOUND|TYPE_MISMATCH|line \d+:\d+/,
    hint: "docs/tables.md lists the columns; Athena's SQL is Trino's",
  },
];

/** Athena's own words, and what to do about them. */
export function explainFailure(reason: string, place: Place, cause?: unknown): UserError {
  const said = reason.trim() || "Athena gives no reason";
  const { title, hint } = EXPLANATIONS.find(({ names }) => names.test(said)) ?? {};
  const says = typeof title === "function" ? title(place) : title;
  return new UserError(says === undefined ? said : `${says}: ${said}`, {
    ...(hint === undefined ? {} : { hint: typeof hint === "function" ? hint(place) : hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A query that ended otherwise than well. */
export function explainEnd({ Status, QueryExecutionId }: QueryExecution, place: Place): UserError {
  const reason = Status?.StateChangeReason ?? Status?.AthenaError?.ErrorMessage ?? "";
  if (Status?.State !== "CANCELLED" || /bytes scanned limit/i.test(reason)) {
    return explainFailure(reason, place);
  }
  const said = reason === "" ? "" : `: ${reason}`;
  return new UserError(`somebody else cancelled the query ${QueryExecutionId} in Athena${said}`, {
    hint: "ask again; CloudTrail's own records of StopQueryExecution say who it was",
  });
}
