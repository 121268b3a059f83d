import { describe, expect, test } from "vitest";
import type { PolicyOptions } from "../../src/core/iam-policy.ts";
import { planPolicy } from "../../src/core/iam-policy.ts";
import { listPolicies, spread } from "./policies.ts";
import type { World, WorldName } from "./worlds.ts";
import { ACCOUNT, CATALOG_KEY, LAKE_KEY, listResources, LOG_KEY, openWorlds, WORLD_NAMES } from "./worlds.ts";

const PLAIN: PolicyOptions = {
  command: "run",
  place: { partition: "aws", region: "us-east-1", account: ACCOUNT },
  logs: { bucket: "example-logs", prefix: "" },
  database: "default",
  tablePrefix: "cloudtrail",
  workgroup: "primary",
  output: { bucket: "", prefix: "" },
};

const EXPECTED: Readonly<Record<Exclude<WorldName, "tokens" | "lakeTokens">, Partial<PolicyOptions>>> = {
  plain: {},
  full: {
    logs: { bucket: "example-logs", prefix: "security/trail/" },
    database: "security",
    tablePrefix: "ct",
    retention: true,
    partitionIndex: true,
    catalogKey: CATALOG_KEY,
  },
  projected: { logs: { bucket: "example-logs", prefix: "odd prefix*/" }, partitions: "projected" },
  keyed: {},
  elsewhere: { logs: { bucket: "example-logs", prefix: "o/" }, catalogKey: CATALOG_KEY },
  lake: { lake: { bucket: "example-lake", prefix: "cloudtrail/" }, lakeKey: LAKE_KEY, logKey: LOG_KEY },
  china: { place: { partition: "aws-cn", region: "cn-north-1", account: ACCOUNT } },
  gov: {
    place: { partition: "aws-us-gov", region: "us-gov-west-1", account: ACCOUNT },
    logs: { bucket: "example-logs", prefix: "trail/" },
  },
};

function runPolicy(world: World): ReturnType<typeof spread> | undefined {
  return listPolicies(world).get("Run");
}

describe("the role's policy of a run", () => {
  test.each(Object.entries(EXPECTED))("of %s is what iam-policy run prints", (name, options) => {
    const world = openWorlds()[name as WorldName];
    expect(runPolicy(world)).toEqual(spread(planPolicy({ ...PLAIN, ...options })));
  });

  test("has tokens where only the deployment knows a value, and no stand-in", () => {
    const { tokens } = openWorlds();
    const policy = runPolicy(tokens);
    const [list] = policy?.Statement ?? [];
    const bucket = { Ref: expect.stringContaining("Logs") as unknown };
    expect(list?.Resource).toEqual([
      { "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, ":s3:::", bucket]] },
    ]);
    expect(list?.Condition).toEqual({
      StringLike: {
        "s3:prefix": [
          { Ref: "Prefix" },
          { "Fn::Join": ["", [{ Ref: "Prefix" }, "AWSLogs/*"]] },
          { "Fn::Join": ["", [{ Ref: "Prefix" }, "o-*"]] },
        ],
      },
    });
    const texts = JSON.stringify(tokens.template.toJSON());
    expect(texts).not.toMatch(/held|\$\{Token/);
    for (const name of ["Database", "TablePrefix"])
      expect(JSON.stringify(policy)).toContain(`{"Ref":"${name}"}`);
    expect(policy?.Statement.find(({ Sid }) => Sid === "DecryptCatalog")?.Resource).toEqual([
      { Ref: "CatalogKey" },
    ]);
  });
});

function findLakeStatement(sid: string): ReturnType<typeof spread>["Statement"][number] | undefined {
  return runPolicy(openWorlds().lakeTokens)?.Statement.find(({ Sid }) => Sid === sid);
}

describe("the role's policy of a run with a lake", () => {
  test("has the lake's bucket and folder as tokens, and the key that the bucket has", () => {
    const key = { "Fn::GetAtt": [expect.stringMatching(/^LakeKey/), "Arn"] };
    const name = { Ref: expect.stringMatching(/^Lake/) as unknown };
    const arn = ["arn:", { Ref: "AWS::Partition" }, ":s3:::", name, "/", { Ref: "LakePrefix" }, "*"];
    expect(findLakeStatement("WriteLake")?.Resource).toEqual([{ "Fn::Join": ["", arn] }]);
    expect(findLakeStatement("EncryptLake")?.Resource).toEqual([key]);
    expect(JSON.stringify(runPolicy(openWorlds().lakeTokens))).not.toMatch(/held|\$\{Token/);
    expect(JSON.stringify(findLakeStatement("ListLake"))).toContain('{"Ref":"LakePrefix"}');
  });

  test("reads no log where there is no lake, and needs no key of the logs", () => {
    const actions = runPolicy(openWorlds().elsewhere)?.Statement.flatMap(({ Action }) => Action);
    expect(actions).not.toContain("s3:GetObject");
  });
});

describe.each(WORLD_NAMES)("policies of %s", (name) => {
  test("allow nothing on * and no kind of action at once", () => {
    for (const { Statement } of listPolicies(openWorlds()[name]).values()) {
      expect(Statement.flatMap(({ Resource }) => Resource)).not.toContain("*");
      expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
    }
  });

  test("are all in the stack: no managed policy, and no permission that a function grants", () => {
    const world = openWorlds()[name];
    for (const role of listResources(world, "AWS::IAM::Role"))
      expect(role).not.toHaveProperty("ManagedPolicyArns");
    world.template.resourceCountIs("AWS::IAM::ManagedPolicy", 0);
    world.template.resourceCountIs("AWS::Lambda::Permission", 0);
    world.template.resourceCountIs("AWS::IAM::Role", 2);
  });
});

/** @param id how the logical id goes on after the construct's */
function arnOf(id: string): unknown {
  return { "Fn::GetAtt": [expect.stringMatching(`^Partitioner${id}`), "Arn"] };
}

describe("what the deployment itself needs", () => {
  const LOGS = ["logs:CreateLogStream", "logs:PutLogEvents"];

  test("is its log group, its queue, and calling itself", () => {
    const policies = listPolicies(openWorlds().plain);
    expect([...policies.keys()]).toEqual([
      "Run",
      "Deployment",
      "Start",
      expect.stringContaining("ContinuePolicy"),
    ]);
    expect(policies.get("Deployment")?.Statement).toEqual([
      { Effect: "Allow", Action: LOGS, Resource: [arnOf("LogGroup")] },
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [arnOf("DeadLetters")] },
    ]);
    expect([...policies.values()].at(-1)?.Statement).toEqual([
      { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [arnOf("Function")] },
    ]);
    expect(policies.get("Start")?.Statement).toEqual([
      { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [arnOf("Function")] },
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [arnOf("DeadLetters")] },
    ]);
  });

  test("is the key, too, where there is one", () => {
    const policies = listPolicies(openWorlds().elsewhere);
    const key = { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [CATALOG_KEY] };
    expect(policies.get("Deployment")?.Statement).toContainEqual(key);
    expect(policies.get("Start")?.Statement).toContainEqual(key);
  });

  test("has the function wait for its role alone, so that nothing goes round in a circle", () => {
    const functions = Object.values(openWorlds().full.template.findResources("AWS::Lambda::Function"));
    expect(functions[0]?.["DependsOn"]).toEqual([expect.stringMatching(/^PartitionerRole[0-9A-F]+$/)]);
  });

  test("lets Scheduler take the role for the stack's own account and group only", () => {
    const roles = listResources(openWorlds().gov, "AWS::IAM::Role");
    const trust = roles.map(({ AssumeRolePolicyDocument: trusted }) => trusted);
    expect(trust[1]).toMatchObject({
      Statement: [
        {
          Principal: { Service: "scheduler.amazonaws.com" },
          Condition: {
            StringEquals: {
              "aws:SourceAccount": ACCOUNT,
              "aws:SourceArn": {
                "Fn::Join": [
                  "",
                  [
                    "arn:",
                    { Ref: "AWS::Partition" },
                    `:scheduler:us-gov-west-1:${ACCOUNT}:schedule-group/default`,
                  ],
                ],
              },
            },
          },
        },
      ],
    });
  });
});

describe("the policy for a log bucket in another account", () => {
  test("is an output and a field: what the role may do to the bucket, with the same condition", () => {
    const { partitioner, template } = openWorlds().elsewhere;
    const role = { "Fn::GetAtt": [expect.stringMatching(/^PartitionerRole/), "Arn"] };
    const outputs = template.findOutputs("*");
    const [, output] = Object.entries(outputs).find(([id]) => id.includes("LogBucketPolicy")) ?? [];
    const [, [before, arn, after]] = (
      output!["Value"] as { "Fn::Join": [string, [string, unknown, string]] }
    )["Fn::Join"];
    expect(arn).toEqual(role);
    const [listLogs] = planPolicy({ ...PLAIN, ...EXPECTED.elsewhere }).Statement;
    expect(spread(JSON.parse(`${before}ROLE${after}`) as ReturnType<typeof spread>).Statement).toEqual([
      { ...listLogs, Sid: "CloudTrailPartitionerListLogs", Principal: { AWS: "ROLE" } },
    ]);
    expect(partitioner.logBucketPolicy?.statementCount).toBe(1);
  });

  test("has what a lake reads, and nothing of the lake's own bucket", () => {
    const { partitioner } = openWorlds().lake;
    const { Statement } = partitioner.logBucketPolicy!.toJSON() as { Statement: { Sid: string }[] };
    expect(Statement.map(({ Sid }) => Sid)).toEqual([
      "CloudTrailPartitionerListLogs",
      "CloudTrailPartitionerReadLogs",
    ]);
    expect(JSON.stringify(Statement)).not.toContain("example-lake");
  });

  test("says aws-us-gov where that is the partition", () => {
    const { partitioner } = openWorlds().gov;
    expect(JSON.stringify(partitioner.logBucketPolicy?.toJSON())).toContain(
      "arn:aws-us-gov:s3:::example-logs",
    );
  });

  test("is not there where the bucket is the stack's own account's", () => {
    for (const name of ["plain", "china"] as const) {
      expect(openWorlds()[name].partitioner.logBucketPolicy).toBeUndefined();
      expect(Object.keys(openWorlds()[name].template.findOutputs("*"))).toHaveLength(3);
    }
  });
});
