import { describe, expect, test } from "vitest";
import type { CloudTrailPartitionerProps } from "../../src/cdk/index.ts";
import { printEnvironment } from "../../src/config/configuration.ts";
import type { TestLog } from "../../src/fixtures.contract.ts";
import type { Layout } from "../../src/warehouse/athena/catalog/layout.ts";
import type { AwsPlace } from "../doubles/aws-place.ts";
import type { PolicyText } from "../doubles/iam-policies.ts";
import { isAllowed, readStatements } from "../doubles/iam-policies.ts";
import type { Deployment } from "./deploy.ts";
import { deploy } from "./deploy.ts";
import { TIME_FOR_ONE } from "./lake-trail.ts";
import type { TimeGiven } from "./start-function.ts";
import { useFunction } from "./start-function.ts";
import type { Trail } from "./trail.ts";
import { BUCKET, DATABASE, dailyLogs, LAKE_BUCKET, NOON, startTrail } from "./trail.ts";

const lambda = useFunction();

const HERE: AwsPlace = { partition: "aws", region: "us-east-1", account: "123456789012", now: () => NOON };
const GOV: AwsPlace = { ...HERE, partition: "aws-us-gov", region: "us-gov-west-1" };

const KEY = "arn:aws:kms:us-east-1:123456789012:key/k";

/** Deployments that differ in what they need, the one that needs most first. */
const CASES: readonly [string, Partial<CloudTrailPartitionerProps>, AwsPlace?][] = [
  ["with an index and a retention", { partitionIndex: true, retentionDays: 30, layout: "tables" }],
  ["as the defaults are", {}],
  ["with one table for all accounts", { layout: "unified" }],
  ["with projected partitions", { partitions: "projected" }],
  ["below a prefix", { logPrefix: "security/trail" }],
  ["below a prefix of a policy's own characters", { logPrefix: "${a}/what? *" }], // oxlint-disable-line no-template-curly-in-string
  ["with names of its own, in another partition", { database: "trails", tablePrefix: "ct" }, GOV],
  ["with a catalog that is encrypted", { catalogKey: KEY }],
  ["with a lake", { lakeBucket: LAKE_BUCKET, lakePrefix: "cloudtrail", lakeKey: KEY, logKey: KEY }],
  ["with a lake in a whole bucket", { lakeBucket: LAKE_BUCKET, logPrefix: "trail", layout: "unified" }, GOV],
  ["with a lake and projected partitions", { lakeBucket: LAKE_BUCKET, partitions: "projected" }],
];

const DAYS = dailyLogs("111122223333", 3);
/** As trails of an organization have them, and as Control Tower has. */
const ORGANIZATION = "AWSLogs/o-a1b2c3d4e5/";
const MORE: readonly TestLog[] = [
  ...dailyLogs("444455556666", 2, { root: ORGANIZATION }),
  ...dailyLogs("777788889999", 2, { root: `o-a1b2c3d4e5/${ORGANIZATION}` }),
];

const EVENT = { days: 400 };

interface Deployed extends Deployment {
  readonly title: string;
  readonly props: Partial<CloudTrailPartitionerProps>;
  readonly place: AwsPlace;
}

const DEPLOYED = CASES.map(([title, props, place = HERE]): Deployed => {
  return { ...deploy({ logBucket: BUCKET, database: DATABASE, ...props }, place), title, props, place };
});

/**
 * All that runs do under these policies: makes the database, tables and views, turns those of another layout into its own, adds partitions,
 * updates and drops some, and goes on in another call.
 * @throws Error where a run fails
 */
async function runOften(deployed: Deployed, policies: readonly PolicyText[]): Promise<Trail> {
  const { props, place, environment } = deployed;
  const trail = await startTrail(lambda, { prefix: props.logPrefix ?? "", place });
  const run = async (time?: TimeGiven): Promise<void> => {
    trail.environment = environment;
    trail.aws.allowOnly(...policies);
    const outcomes = await trail.callToEnd({ event: EVENT, ...(time === undefined ? {} : { time }) });
    for (const { error } of outcomes) if (error !== undefined) throw new Error(error.message);
  };
  trail.put(...DAYS);
  if (props.partitionIndex === true) await runOtherwise(trail, deployed, "tables");
  await run();
  trail.put(...MORE);
  spoilCatalog(trail, props);
  await run(props.lakeBucket === undefined ? { total: 300_000, questions: 5 } : TIME_FOR_ONE);
  await runOtherwise(trail, deployed, props.layout === "unified" ? "tables" : "unified");
  await run();
  if (props.lakeBucket !== undefined) await runLater(trail, run);
  return trail;
}

/** An account-day is written anew, its earlier files are removed when a day has gone by, and it is lost in the end. */
async function runLater(trail: Trail, run: () => Promise<void>): Promise<void> {
  trail.put({ ...DAYS[0], file: "late.json.gz" });
  await run();
  trail.now += 2 * 86_400_000;
  await run();
  const ofDay = trail.aws.s3.keys(LAKE_BUCKET).filter((key) => /\/111122223333\/2026-11-21\.v/.test(key));
  if (ofDay.some((key) => key.includes(".v000001"))) throw new Error("the earlier files are still there");
  for (const bucket of [BUCKET, LAKE_BUCKET]) removeDay(trail, bucket);
  await run();
}

/** But for the manifest: it tells what has gone. */
function removeDay({ aws }: Trail, bucket: string): void {
  const ofDay = /111122223333\/(CloudTrail\/us-east-1\/2026\/11\/21|year=2026\/month=11\/day=21)\//;
  for (const key of aws.s3.keys(bucket)) if (ofDay.test(key)) aws.s3.remove(bucket, key);
}

/** Partitions as an earlier version made them, and older than any retention. */
function spoilCatalog({ aws }: Trail, props: Partial<CloudTrailPartitionerProps>): void {
  const { database = DATABASE, tablePrefix = "cloudtrail", layout, partitions } = props;
  if (partitions === "projected" || layout === "unified") return;
  const table = `${tablePrefix}_111122223333`;
  for (const day of ["2026/01/01", "2026/11/10"]) {
    const location = `s3://${BUCKET}/${props.logPrefix === undefined ? "" : `${props.logPrefix}/`}AWSLogs/111122223333/CloudTrail/us-east-1/${day}/`;
    const columns = [{ Name: "eventversion", Type: "string" }];
    aws.glue.seedPartitions(database, table, [
      { values: ["us-east-1", ...day.split("/")], location, columns },
    ]);
  }
}

/** The same bucket under another layout and without an index, with all rights. */
async function runOtherwise(trail: Trail, { environment }: Deployed, layout: Layout): Promise<void> {
  trail.aws.allowAll();
  const other = printEnvironment({ layout, partitions: "registered", partition_index: "false" });
  trail.environment = { ...environment, ...other };
  const { error } = await trail.call({ event: EVENT });
  expect(error).toBeUndefined();
}

/** What no call of the function needs: AWS itself uses these, with the function's role. */
const USED_BY_AWS: Readonly<Record<string, string>> = {
  "logs:CreateLogStream": "Lambda writes the function's log",
  "logs:PutLogEvents": "Lambda writes the function's log",
  "sqs:SendMessage": "Lambda sets calls aside that failed for good",
  "kms:Decrypt": "Glue reads a catalog that is encrypted",
  "kms:Encrypt": "Glue writes a catalog that is encrypted",
  "kms:GenerateDataKey": "Glue writes a catalog that is encrypted",
};

function without(policies: readonly PolicyText[], action: string): PolicyText[] {
  return policies.map(({ Statement }) => ({
    Statement: (Statement as readonly { readonly Action: string | readonly string[] }[]).flatMap(
      (statement) => {
        const Action = [statement.Action].flat().filter((one) => one !== action);
        return Action.length === 0 ? [] : [{ ...statement, Action }];
      },
    ),
  }));
}

function actionsOf({ policies }: Deployment): Set<string> {
  return new Set(policies.flatMap(readStatements).flatMap(({ actions }) => actions));
}

/** Whether a run fails without the right to an action, and says that this is why. */
async function isNeeded(action: string, deployed: Deployed): Promise<boolean> {
  try {
    await runOften(deployed, without(deployed.policies, action));
    return false;
  } catch (error) {
    expect(String(error)).toContain(`${action} on `);
    return true;
  }
}

describe("the role's policies", () => {
  const byTitle = DEPLOYED.map((deployed) => [deployed.title, deployed] as const);

  test.each(byTitle)("allow all that the function does, deployed %s", async (_, deployed) => {
    const { aws } = await runOften(deployed, deployed.policies);
    expect(aws.calls.filter(({ status }) => status === 403)).toEqual([]);
  });

  test("allow nothing that the function can do without", async () => {
    const needless: string[] = [];
    for (const action of new Set(DEPLOYED.flatMap((each) => [...actionsOf(each)]))) {
      const askers = DEPLOYED.filter((each) => !(action in USED_BY_AWS) && actionsOf(each).has(action));
      let isNeededSomewhere = false;
      for (const asker of askers) isNeededSomewhere ||= await isNeeded(action, asker);
      if (!isNeededSomewhere) needless.push(action);
    }
    expect(needless.toSorted()).toEqual(Object.keys(USED_BY_AWS).toSorted());
  });

  const glue = "arn:aws:glue:us-east-1:123456789012";

  test.each([
    [
      "s3:GetObject",
      `arn:aws:s3:::${BUCKET}/AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/20/a.json.gz`,
      {},
    ],
    ["s3:PutObject", `arn:aws:s3:::${BUCKET}/AWSLogs/a`, {}],
    ["s3:ListBucket", "arn:aws:s3:::other", { "s3:prefix": "" }],
    ["s3:ListBucket", `arn:aws:s3:::${BUCKET}`, { "s3:prefix": "data/" }],
    ["glue:UpdateTable", `${glue}:table/security/payments`, {}],
    ["glue:UpdateTable", `${glue}:table/other/cloudtrail`, {}],
    ["glue:DeleteTable", `${glue}:table/security/cloudtrail`, {}],
    ["glue:BatchDeletePartition", `${glue}:table/security/cloudtrail_111122223333`, {}],
    ["athena:StartQueryExecution", "arn:aws:athena:us-east-1:123456789012:workgroup/primary", {}],
    ["lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:other", {}],
    ["iam:PassRole", "arn:aws:iam::123456789012:role/any", {}],
  ])("do not allow %s on %s", (action, resource, context) => {
    const plain = DEPLOYED.find(({ title }) => title === "as the defaults are");
    const statements = plain?.policies.flatMap(readStatements) ?? [];
    expect(statements.length).toBeGreaterThan(0);
    expect(isAllowed(statements, { action, resource, context })).toBe(false);
  });

  test.each([
    [
      "s3:PutObject",
      `arn:aws:s3:::${BUCKET}/AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/20/a.json.gz`,
      {},
    ],
    [
      "s3:DeleteObject",
      `arn:aws:s3:::${BUCKET}/AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/20/a.json.gz`,
      {},
    ],
    ["s3:GetObject", `arn:aws:s3:::${BUCKET}/AWSLogs/111122223333/Config/us-east-1/2026/11/20/a.json.gz`, {}],
    ["s3:PutObject", `arn:aws:s3:::${LAKE_BUCKET}/other/a`, {}],
    ["s3:DeleteObject", `arn:aws:s3:::${LAKE_BUCKET}/a`, {}],
    ["s3:ListBucket", `arn:aws:s3:::${LAKE_BUCKET}`, { "s3:prefix": "" }],
    ["s3:DeleteBucket", `arn:aws:s3:::${LAKE_BUCKET}`, {}],
  ])("with a lake do not allow %s on %s", (action, resource, context) => {
    const statements =
      DEPLOYED.find(({ title }) => title === "with a lake")?.policies.flatMap(readStatements) ?? [];
    expect(statements.length).toBeGreaterThan(0);
    expect(isAllowed(statements, { action, resource, context })).toBe(false);
  });
});
