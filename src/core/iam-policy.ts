import type { AwsPlace } from "./arn.ts";
import { printArn, printBucketArn } from "./arn.ts";
import { DATASETS } from "./lake/lake-day.ts";
import type { LogKind } from "./log-key.ts";

/** A policy of IAM, as JSON has it. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  /** Letters and digits only. */
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly StringLike: Readonly<Record<string, readonly string[]>> };
}

/** Commands that have a policy of their own. */
export const POLICY_COMMANDS = ["run", "compact", "plan", "discover", "query", "doctor", "init"] as const;

export type PolicyCommand = (typeof POLICY_COMMANDS)[number];

/** A bucket, and what keys in it begin with: "", or a prefix with its final slash. */
export interface BucketFolder {
  readonly bucket: string;
  readonly prefix: string;
}

export interface PolicyOptions {
  /** What is to be run with it. */
  readonly command: PolicyCommand;
  /** Where the Glue database and the workgroup are. */
  readonly place: AwsPlace;
  /** The prefix is what stands before `AWSLogs/`. */
  readonly logs: BucketFolder;
  readonly database: string;
  readonly tablePrefix: string;
  readonly workgroup: string;
  /** Where Athena writes answers. */
  readonly output: BucketFolder;
  /** Where closed days lie as Parquet; undefined where there is none. To compact it must be named. */
  readonly lake?: BucketFolder | undefined;
  /** ARN of the KMS key that the lake's bucket encrypts with. */
  readonly lakeKey?: string | undefined;
  /** ARN of the KMS key that the trail encrypts with; undefined where it has none. */
  readonly logKey?: string | undefined;
  /** ARN of the KMS key that answers are encrypted with. */
  readonly outputKey?: string | undefined;
  /** ARN of the KMS key that the Glue catalog's metadata are encrypted with. */
  readonly catalogKey?: string | undefined;
  /** Default `registered`; `projected` ones are in no catalog, and nothing is allowed to write them, but for a lake's. */
  readonly partitions?: "registered" | "projected" | undefined;
  /** Whether partitions that have become too old are taken out of the catalog. */
  readonly retention?: boolean | undefined;
  /** Whether tables get a partition index. */
  readonly partitionIndex?: boolean | undefined;
}

/** The least that a command needs, on named resources; `*` stands alone only where AWS has no resource to name. */
export function planPolicy(options: PolicyOptions): PolicyDocument {
  const statements = choose(options).map((make) => make(options));
  return { Version: "2012-10-17", Statement: statements.filter((made) => made !== undefined) };
}

/** Where there is a lake, a run compacts. */
function choose({ command, lake }: PolicyOptions): readonly MakeStatement[] {
  return STATEMENTS[command === "run" && lake !== undefined ? "compact" : command];
}

type MakeStatement = (options: PolicyOptions) => PolicyStatement | undefined;

const listLogs: MakeStatement = ({ place, logs }) => ({
  ...allow("ListLogs", ["s3:ListBucket"], [printBucketArn(place, logs.bucket)]),
  Condition: { StringLike: { "s3:prefix": listedPrefixes(logs) } },
});

/** Athena looks up the Region of the data too (Athena's guide, "Configure cross-account access to S3"). */
const locateLogs: MakeStatement = ({ place, logs }) =>
  allow("LocateLogs", ["s3:GetBucketLocation"], [printBucketArn(place, logs.bucket)]);

/** CloudTrail's folders only: other services write below `AWSLogs/` too. */
const readLogs: MakeStatement = (options) => readKinds(options, ["CloudTrail"]);

/** Of all kinds that a lake has. */
const readLakeLogs: MakeStatement = (options) => readKinds(options, Object.values(DATASETS));

function readKinds(
  { place, logs: { bucket, prefix } }: PolicyOptions,
  kinds: readonly LogKind[],
): PolicyStatement {
  const keys = kinds.flatMap((kind) => [`AWSLogs/*/${kind}/*`, `o-*/AWSLogs/*/${kind}/*`]);
  const resources = keys.map((key) => `${printBucketArn(place, bucket)}/${literal(prefix)}${key}`);
  return allow("ReadLogs", ["s3:GetObject"], resources);
}

const decryptLogs: MakeStatement = ({ logKey }) =>
  logKey === undefined ? undefined : allow("DecryptLogs", ["kms:Decrypt"], [logKey]);

/** Glue gives a list of tables to those only who may list all of a database (Athena's guide, SHOW TABLES). */
const listTables: MakeStatement = ({ place, database }) =>
  allow(
    "ListTables",
    ["glue:GetTables"],
    [...glueAncestors(place, database), printArn(place, "glue", `table/${database}/*`)],
  );

const readCatalog: MakeStatement = (options) =>
  allow("ReadCatalog", ["glue:GetDatabase", "glue:GetPartitions"], glueTables(options));

/** Glue uses the key with the caller's rights (Glue's guide, "Encrypting your Data Catalog"). */
const decryptCatalog: MakeStatement = ({ catalogKey }) =>
  catalogKey === undefined ? undefined : allow("DecryptCatalog", ["kms:Decrypt"], [catalogKey]);

const encryptCatalog: MakeStatement = ({ catalogKey }) =>
  catalogKey === undefined
    ? undefined
    : allow("EncryptCatalog", ["kms:Encrypt", "kms:GenerateDataKey"], [catalogKey]);

const createDatabase: MakeStatement = ({ place, database }) =>
  allow("CreateDatabase", ["glue:CreateDatabase"], glueAncestors(place, database));

const writeCatalog: MakeStatement = (options) => {
  const { partitions = "registered", retention = false, partitionIndex = false, lake } = options;
  const isRegistered = partitions === "registered" || lake !== undefined;
  const actions = [
    "glue:GetTable",
    "glue:CreateTable",
    "glue:UpdateTable",
    ...(isRegistered ? ["glue:BatchCreatePartition", "glue:BatchUpdatePartition"] : []),
    ...(retention || lake !== undefined ? ["glue:BatchDeletePartition"] : []),
    ...(partitionIndex ? ["glue:GetPartitionIndexes", "glue:CreatePartitionIndex"] : []),
  ];
  return allow("WriteCatalog", actions, glueTables(options));
};

/** What Athena asks of Glue, with the rights of whoever sent the query. */
const queryCatalog: MakeStatement = (options) =>
  allow(
    "QueryCatalog",
    [
      "glue:GetDatabase",
      "glue:GetTable",
      "glue:GetPartition",
      "glue:GetPartitions",
      "glue:BatchGetPartition",
    ],
    glueTables(options),
  );

/** Athena looks for the database `default` whichever is queried (Athena's guide, "Configure access to databases"). */
const findDefaultDatabase: MakeStatement = ({ place, database }) =>
  database === "default"
    ? undefined
    : allow("FindDefaultDatabase", ["glue:GetDatabase"], glueAncestors(place, "default"));

const useWorkgroup: MakeStatement = ({ place, workgroup }) =>
  allow(
    "UseWorkgroup",
    [
      "athena:GetWorkGroup",
      "athena:StartQueryExecution",
      "athena:GetQueryExecution",
      "athena:GetQueryResults",
      "athena:StopQueryExecution",
    ],
    [printArn(place, "athena", `workgroup/${workgroup}`)],
  );

const readWorkgroup: MakeStatement = ({ place, workgroup }) =>
  allow("ReadWorkgroup", ["athena:GetWorkGroup"], [printArn(place, "athena", `workgroup/${workgroup}`)]);

const locateAnswers: MakeStatement = ({ place, output }) =>
  allow("LocateAnswers", ["s3:GetBucketLocation"], [printBucketArn(place, output.bucket)]);

const listAnswers: MakeStatement = ({ place, output }) =>
  allow("ListAnswers", ["s3:GetBucketLocation", "s3:ListBucket"], [printBucketArn(place, output.bucket)]);

const writeAnswers: MakeStatement = ({ place, output: { bucket, prefix } }) =>
  allow(
    "WriteAnswers",
    ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
    [printKeys(place, { bucket, prefix })],
  );

const encryptAnswers: MakeStatement = ({ outputKey }) =>
  outputKey === undefined
    ? undefined
    : allow("EncryptAnswers", ["kms:Decrypt", "kms:GenerateDataKey"], [outputKey]);

/** A statement on the lake, where there is one. */
function onLake(make: (lake: BucketFolder, options: PolicyOptions) => PolicyStatement): MakeStatement {
  return (options) => (options.lake === undefined ? undefined : make(options.lake, options));
}

const listLake = onLake(({ bucket, prefix }, { place }) => ({
  ...allow("ListLake", ["s3:ListBucket"], [printBucketArn(place, bucket)]),
  Condition: { StringLike: { "s3:prefix": [`${literal(prefix)}*`] } },
}));

const locateLake = onLake(({ bucket }, { place }) =>
  allow("LocateLake", ["s3:GetBucketLocation"], [printBucketArn(place, bucket)]),
);

const readLake = onLake((lake, { place }) => allow("ReadLake", ["s3:GetObject"], [printKeys(place, lake)]));

const writeLake = onLake((lake, { place }) =>
  allow("WriteLake", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [printKeys(place, lake)]),
);

const decryptLake: MakeStatement = ({ lake, lakeKey }) =>
  lake === undefined || lakeKey === undefined ? undefined : allow("DecryptLake", ["kms:Decrypt"], [lakeKey]);

const encryptLake: MakeStatement = ({ lakeKey }) =>
  lakeKey === undefined ? undefined : allow("EncryptLake", ["kms:Decrypt", "kms:GenerateDataKey"], [lakeKey]);

/** CloudTrail has no resource for this action (AWS's Service Authorization Reference). */
const findTrails: MakeStatement = () => allow("FindTrails", ["cloudtrail:DescribeTrails"], ["*"]);

const DISCOVER = [listLogs];
const PLAN = [...DISCOVER, listTables, readCatalog, decryptCatalog];
const RUN = [...PLAN, createDatabase, writeCatalog, encryptCatalog];
const SEE_LAKE = [listLake, readLake, decryptLake];

const STATEMENTS: Readonly<Record<PolicyCommand, readonly MakeStatement[]>> = {
  discover: DISCOVER,
  plan: [...PLAN, ...SEE_LAKE],
  run: RUN,
  compact: [...RUN, readLakeLogs, decryptLogs, listLake, writeLake, encryptLake],
  query: [
    listLogs,
    locateLogs,
    readLogs,
    decryptLogs,
    ...SEE_LAKE,
    locateLake,
    listTables,
    queryCatalog,
    decryptCatalog,
    findDefaultDatabase,
    useWorkgroup,
    listAnswers,
    writeAnswers,
    encryptAnswers,
  ],
  doctor: [...RUN, readLogs, decryptLogs, ...SEE_LAKE, readWorkgroup, locateAnswers],
  init: [findTrails],
};

/** All keys that begin with the prefix. */
function printKeys(place: AwsPlace, { bucket, prefix }: BucketFolder): string {
  return `${printBucketArn(place, bucket)}/${literal(prefix)}*`;
}

function allow(sid: string, actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return { Sid: sid, Effect: "Allow", Action: actions, Resource: resources };
}

/** The search for `AWSLogs` folders lists the prefix itself, and Control Tower's folders: `o-id/AWSLogs/`. */
function listedPrefixes({ prefix }: BucketFolder): string[] {
  return ["", "AWSLogs/*", "o-*"].map((rest) => `${literal(prefix)}${rest}`);
}

/** Glue checks a resource and all above it (Glue's guide, "Specifying resource ARNs"). */
function glueAncestors(place: AwsPlace, database: string): string[] {
  return ["catalog", `database/${database}`].map((resource) => printArn(place, "glue", resource));
}

/** The view is called as the prefix is, tables `<prefix>_` and more. */
function glueTables({ place, database, tablePrefix }: PolicyOptions): string[] {
  const tables = [tablePrefix, `${tablePrefix}_*`].map((name) => `table/${database}/${name}`);
  return [...glueAncestors(place, database), ...tables.map((resource) => printArn(place, "glue", resource))];
}

/** What a key begins with, where policies have wildcards and variables (IAM's guide, "Policy elements: variables"). */
function literal(prefix: string): string {
  return prefix.replaceAll(/[*?$]/g, (character) => `\${${character}}`);
}
