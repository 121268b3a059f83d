import * as fc from "fast-check";
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { PolicyOptions } from "./iam-policy.ts";
import { planPolicy, POLICY_COMMANDS } from "./iam-policy.ts";

const DEFAULTS: PolicyOptions = {
  command: "run",
  place: { partition: "aws", region: "us-east-1", account: "111122223333" },
  logs: { bucket: "example-logs", prefix: "" },
  database: "default",
  tablePrefix: "cloudtrail",
  workgroup: "primary",
  output: { bucket: "aws-athena-query-results-111122223333-us-east-1", prefix: "" },
};

const LAKE = { bucket: "example-lake", prefix: "cloudtrail/" };

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d";

/** All actions, or all resources, of a policy. */
function collect(part: "Action" | "Resource", options: Partial<PolicyOptions>): string[] {
  return planPolicy({ ...DEFAULTS, ...options }).Statement.flatMap((statement) => statement[part]);
}

/** All actions of a command with a lake on resources that have a text in their ARN. */
function collectOn(text: string, command: PolicyOptions["command"]): string[] {
  return planPolicy({ ...DEFAULTS, command, lake: LAKE, lakeKey: KEY }).Statement.flatMap(
    ({ Action, Resource }) => (Resource.some((resource) => resource.includes(text)) ? Action : []),
  );
}

/** Compares with the golden; UPDATE_GOLDEN=1 writes it anew. */
async function expectGolden(name: string, text: string): Promise<void> {
  const golden = new URL(`../../test/golden/${name}`, import.meta.url);
  if (process.env["UPDATE_GOLDEN"] === "1") await writeFile(golden, text);
  expect(text).toBe(await readFile(golden, "utf8"));
}

describe("planPolicy", () => {
  test.each(["run", "query"] as const)(
    "the policy of %s with defaults is as the golden has it",
    async (command) => {
      const policy = planPolicy({ ...DEFAULTS, command });
      await expectGolden(`iam-policy-${command}.json`, `${JSON.stringify(policy, undefined, 2)}\n`);
    },
  );

  test.each([
    ["aws", "us-east-1"],
    ["aws-us-gov", "us-gov-west-1"],
    ["aws-cn", "cn-north-1"],
    ["aws-eusc", "eusc-de-east-1"],
  ])("every ARN is of the partition %s, and of its Region where it has one", (partition, region) => {
    const place = { partition, region, account: "111122223333" };
    for (const command of ["run", "compact", "plan", "discover", "query", "doctor"] as const) {
      for (const resource of collect("Resource", { command, place, lake: LAKE })) {
        const rest = /^arn:([^:]+):(?:s3:::|(?:glue|athena):([^:]+):111122223333:)/.exec(resource);
        expect(rest?.[1], resource).toBe(partition);
        expect(rest?.[2] ?? region, resource).toBe(region);
      }
    }
  });

  test("no statement allows everything, but for DescribeTrails, which knows no resource", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{2,20}$/);
    const options = fc.record({
      command: fc.constantFrom(...POLICY_COMMANDS),
      logs: fc.record({ bucket: name, prefix: fc.string({ maxLength: 8 }) }),
      output: fc.record({ bucket: name, prefix: fc.string({ maxLength: 8 }) }),
      database: name,
      tablePrefix: name,
      workgroup: name,
      logKey: fc.option(fc.constant(KEY), { nil: undefined }),
      outputKey: fc.option(fc.constant(KEY), { nil: undefined }),
      lake: fc.option(fc.record({ bucket: name, prefix: fc.string({ maxLength: 8 }) }), { nil: undefined }),
      lakeKey: fc.option(fc.constant(KEY), { nil: undefined }),
      partitions: fc.constantFrom("registered", "projected", undefined),
      retention: fc.boolean(),
      partitionIndex: fc.boolean(),
    });
    fc.assert(
      fc.property(options, (some) => {
        for (const { Sid, Action, Resource } of planPolicy({ ...DEFAULTS, ...some }).Statement) {
          expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
          expect(Action.filter((action) => action.includes("*"))).toEqual([]);
          if (Action.join() !== "cloudtrail:DescribeTrails") {
            expect(Resource.filter((resource) => !resource.startsWith("arn:"))).toEqual([]);
          }
        }
      }),
    );
  });

  test("no command may write to or delete from the log bucket, nor delete a table", () => {
    for (const command of POLICY_COMMANDS) {
      for (const { Action, Resource } of planPolicy({ ...DEFAULTS, command, lake: LAKE }).Statement) {
        if (Resource.some((resource) => resource.includes("example-logs"))) {
          expect(Action.filter((action) => !/^s3:(List|Get)/.test(action))).toEqual([]);
        }
        const deleting = Action.filter((action) => /Delete(?!Partition)/.test(action));
        if (deleting.length > 0) expect(Resource).toEqual(["arn:aws:s3:::example-lake/cloudtrail/*"]);
      }
    }
  });

  test("discover, plan and run read no file, and need nothing of Athena", () => {
    for (const command of ["discover", "plan", "run"] as const) {
      expect(collect("Action", { command }).filter((each) => /GetObject|athena:/.test(each))).toEqual([]);
    }
  });

  test("plan and query write nothing into the catalog", () => {
    for (const command of ["plan", "query"] as const) {
      const actions = collect("Action", { command, retention: true, partitionIndex: true, lake: LAKE });
      expect(actions.filter((each) => /^glue:(?!Get|BatchGet)/.test(each))).toEqual([]);
    }
  });

  test("a run with a lake needs what compact needs, and what compact needs is as the golden has it", async () => {
    const policy = planPolicy({ ...DEFAULTS, command: "compact", lake: LAKE });
    expect(planPolicy({ ...DEFAULTS, lake: LAKE })).toEqual(policy);
    await expectGolden("iam-policy-compact.json", `${JSON.stringify(policy, undefined, 2)}\n`);
  });

  test("compact may do all that a run may", () => {
    const compact = planPolicy({ ...DEFAULTS, command: "compact", lake: LAKE }).Statement;
    for (const { Sid, Action, Resource } of planPolicy(DEFAULTS).Statement) {
      const same = compact.find((statement) => statement.Sid === Sid);
      expect(same?.Action).toEqual(expect.arrayContaining([...Action]));
      expect(same?.Resource).toEqual(Resource);
    }
  });

  test("only compact writes to the lake; plan, query and doctor read it, discover does not", () => {
    expect(collectOn("example-lake", "compact")).toEqual([
      "s3:ListBucket",
      "s3:GetObject",
      "s3:PutObject",
      "s3:DeleteObject",
    ]);
    expect(collectOn("example-lake", "plan")).toEqual(["s3:ListBucket", "s3:GetObject"]);
    expect(collectOn("example-lake", "doctor")).toEqual(collectOn("example-lake", "plan"));
    expect(collectOn("example-lake", "query")).toEqual([
      ...collectOn("example-lake", "plan"),
      "s3:GetBucketLocation",
    ]);
    expect(collectOn("example-lake", "discover")).toEqual([]);
  });

  test("the lake's prefix bounds what is listed and written", () => {
    for (const [prefix, listed, written] of [
      ["", "*", "arn:aws:s3:::example-lake/*"],
      ["a*/", "a${*}/*", "arn:aws:s3:::example-lake/a${*}/*"],
    ] as const) {
      const lake = { bucket: "example-lake", prefix };
      const { Statement } = planPolicy({ ...DEFAULTS, command: "compact", lake });
      const find = (sid: string) => Statement.find(({ Sid }) => Sid === sid);
      expect(find("ListLake")?.Condition).toEqual({ StringLike: { "s3:prefix": [listed] } });
      expect(find("WriteLake")?.Resource).toEqual([written]);
    }
  });

  test("partitions of a lake are written and dropped even where those of the logs are projected", () => {
    const written = collect("Action", { command: "compact", lake: LAKE, partitions: "projected" });
    expect(written.filter((each) => each.startsWith("glue:Batch"))).toEqual([
      "glue:BatchCreatePartition",
      "glue:BatchUpdatePartition",
      "glue:BatchDeletePartition",
    ]);
  });

  test("the lake's key is used to write by compact, and to read by those who read", () => {
    expect(collectOn(KEY, "compact")).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
    expect(collectOn(KEY, "query")).toEqual(["kms:Decrypt"]);
    expect(collectOn(KEY, "discover")).toEqual([]);
  });

  test("partitions are deleted only where there is a retention, indexes made only where wanted", () => {
    expect(collect("Action", {})).not.toContain("glue:BatchDeletePartition");
    expect(collect("Action", { retention: true })).toContain("glue:BatchDeletePartition");
    expect(collect("Action", {}).filter((each) => each.includes("Index"))).toEqual([]);
    expect(collect("Action", { partitionIndex: true }).filter((each) => each.includes("Index"))).toEqual([
      "glue:GetPartitionIndexes",
      "glue:CreatePartitionIndex",
    ]);
  });

  test("projected partitions are not written", () => {
    const written = collect("Action", { partitions: "projected" });
    expect(written.filter((each) => /glue:Batch/.test(each))).toEqual([]);
  });

  test("the prefix of the logs stands before AWSLogs/, in lists and in reads", () => {
    const { Statement } = planPolicy({
      ...DEFAULTS,
      command: "query",
      logs: { bucket: "example-logs", prefix: "security/" },
    });
    expect(Statement.find(({ Sid }) => Sid === "ListLogs")?.Condition).toEqual({
      StringLike: { "s3:prefix": ["security/", "security/AWSLogs/*", "security/o-*"] },
    });
    expect(Statement.find(({ Sid }) => Sid === "ReadLogs")?.Resource).toEqual([
      "arn:aws:s3:::example-logs/security/AWSLogs/*/CloudTrail/*",
      "arn:aws:s3:::example-logs/security/o-*/AWSLogs/*/CloudTrail/*",
    ]);
  });

  test("a prefix with characters that policies read as wildcards or variables means itself", () => {
    const logs = { bucket: "example-logs", prefix: "a*b?c$/" };
    expect(collect("Resource", { command: "query", logs })).toContain(
      "arn:aws:s3:::example-logs/a${*}b${?}c${$}/AWSLogs/*/CloudTrail/*",
    );
  });

  test("keys of KMS are named where there are some", () => {
    expect(collect("Action", { command: "query" }).filter((each) => each.startsWith("kms:"))).toEqual([]);
    const { Statement } = planPolicy({ ...DEFAULTS, command: "query", logKey: KEY, outputKey: `${KEY}2` });
    expect(Statement.filter(({ Action }) => Action.some((each) => each.startsWith("kms:")))).toEqual([
      { Sid: "DecryptLogs", Effect: "Allow", Action: ["kms:Decrypt"], Resource: [KEY] },
      {
        Sid: "EncryptAnswers",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [`${KEY}2`],
      },
    ]);
  });

  test.each([
    ["default", 0],
    ["logs", 1],
  ])("a query on the database %s needs %i statements to find the one called default", (database, count) => {
    const { Statement } = planPolicy({ ...DEFAULTS, command: "query", database });
    expect(Statement.filter(({ Sid }) => Sid === "FindDefaultDatabase")).toHaveLength(count);
  });

  test("policies stay below IAM's 6,144 characters", () => {
    const options = {
      ...DEFAULTS,
      logs: { bucket: "b".repeat(63), prefix: `${"p".repeat(200)}/` },
      database: "d".repeat(100),
      tablePrefix: "t".repeat(60),
      logKey: KEY,
      outputKey: KEY,
      lake: { bucket: "l".repeat(63), prefix: `${"k".repeat(100)}/` },
      lakeKey: KEY,
      retention: true,
      partitionIndex: true,
    };
    for (const command of POLICY_COMMANDS) {
      expect(JSON.stringify(planPolicy({ ...options, command })).length).toBeLessThan(6144);
    }
  });
});
