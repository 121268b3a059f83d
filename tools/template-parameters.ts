import { CfnParameter } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { DEFAULT_SCHEDULE } from "../src/config/deployment.ts";

interface Parameter {
  readonly description: string;
  /** Without one, CloudFormation asks for a value. */
  readonly default?: string;
  /** Of the whole value, in Java's language of patterns. */
  readonly allowedPattern: string;
  /** What the pattern wants, in words. */
  readonly constraintDescription: string;
}

const BUCKET = {
  allowedPattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
  constraintDescription: "must be the name of a bucket, without s3://",
};

const PREFIX = {
  // CloudFormation cannot escape what IAM would take for a wildcard.
  allowedPattern: "^$|^(?!.*AWSLogs)[^/*?$]+(/[^/*?$]+)*$",
  constraintDescription: "must not begin or end in a slash, and have none of * ? $ and AWSLogs",
};

/** What whoever deploys the plain template is asked for. */
const PARAMETERS = {
  LogBucket: { description: "The bucket that CloudTrail writes to; it is only read from", ...BUCKET },
  LogPrefix: {
    description: "What stands before AWSLogs/ in the bucket, without slashes at its ends; empty for nothing",
    default: "",
    ...PREFIX,
  },
  Database: {
    description: "The Glue database of the tables; it is made where it is missing",
    default: "default",
    allowedPattern: "^[a-z0-9_]{1,255}$",
    constraintDescription: "must be small letters, digits and _",
  },
  TablePrefix: {
    description: "Tables are called PREFIX_ACCOUNT, the view over them PREFIX",
    default: "cloudtrail",
    allowedPattern: "^(?!.*_(raw|[0-9]{12})$)[a-z_][a-z0-9_]{0,100}$",
    constraintDescription:
      "must be small letters, digits and _, begin with a letter, and not end in _raw or an account id",
  },
  AlarmEmail: {
    description: "Who is told of alarms; SNS asks this address for a confirmation first. Empty for nobody",
    default: "",
    allowedPattern: "^$|^[^\\s@,;]+@[^\\s@,;]+$",
    constraintDescription: "must be one e-mail address",
  },
  Schedule: {
    description: "When runs start, at least once a day: an alarm goes off after 26 hours without one",
    default: DEFAULT_SCHEDULE,
    allowedPattern:
      "^(rate\\((1 day|1 hour|[1-9][0-9]* minutes|([2-9]|1[0-9]|2[0-4]) hours)\\)|cron\\(\\S+ \\S+ (\\? \\S+ [^? ]+|[^? ]+ \\S+ \\?) \\S+\\))$",
    constraintDescription: "must be cron(15 3 * * ? *) or the like, or rate(12 hours), up to 1 day",
  },
  TimeZone: {
    description: "The time zone of the schedule",
    default: "UTC",
    allowedPattern: "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$",
    constraintDescription: "must be a name such as UTC or Europe/Zurich",
  },
  CodeBucket: { description: "The bucket that the zip was uploaded to, in the stack's Region", ...BUCKET },
  CodeKey: {
    description:
      "The zip's key there; it names the version, since code under the same key is not deployed again",
    allowedPattern: "^[^\\s]+$",
    constraintDescription: "must be a key without spaces",
  },
} satisfies Record<string, Parameter>;

/** What it is asked for besides, where there is a lake. */
const LAKE_PARAMETERS = {
  LakeBucket: {
    description: "The bucket for closed days as Parquet: an existing one, and not the log bucket",
    ...BUCKET,
  },
  LakePrefix: {
    description:
      "The folder of the lake in its bucket, without slashes at its ends; empty for the whole bucket",
    default: "",
    ...PREFIX,
  },
} satisfies Record<string, Parameter>;

type Parameters<T> = Readonly<Record<keyof T, CfnParameter>>;

/**
 * The template's parameters, by name, as tokens.
 * @param options.codeKey the default of CodeKey
 */
export function addParameters(
  scope: Construct,
  { codeKey }: { readonly codeKey: string },
): Parameters<typeof PARAMETERS> {
  return add(scope, { ...PARAMETERS, CodeKey: { ...PARAMETERS.CodeKey, default: codeKey } });
}

export function addLakeParameters(scope: Construct): Parameters<typeof LAKE_PARAMETERS> {
  return add(scope, LAKE_PARAMETERS);
}

function add<T extends Readonly<Record<string, Parameter>>>(scope: Construct, parameters: T): Parameters<T> {
  const made = Object.entries({ ...parameters }).map(([name, props]) => [
    name,
    new CfnParameter(scope, name, { ...props }),
  ]);
  return Object.fromEntries(made) as Parameters<T>;
}
