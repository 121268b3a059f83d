import { unzipSync } from "fflate";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { makeFolder } from "../../src/fixtures.contract.ts";
import { decideSettings } from "../../src/config/settings.ts";
import { makeTemplate } from "../../tools/template-stack.ts";
import { makeQuickApp } from "./worlds.ts";
import { zipFolder } from "../../tools/template-zip.ts";

interface PlainTemplate {
  readonly Parameters: Readonly<
    Record<string, { AllowedPattern: string; Description: string; Default?: string }>
  >;
  readonly Resources: Readonly<Record<string, { Type: string; Condition?: string; Properties: unknown }>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
  readonly Rules?: unknown;
}

let template: PlainTemplate;
let lakeTemplate: PlainTemplate;
beforeAll(async () => {
  template = await make(false);
  lakeTemplate = await make(true);
});

async function make(hasLake: boolean): Promise<PlainTemplate> {
  const app = makeQuickApp(await mkdtemp(join(tmpdir(), "ctp-test-")));
  return (await makeTemplate({ codeKey: "code-1.zip", hasLake }, app)) as PlainTemplate;
}

function listTypes({ Resources }: PlainTemplate): string[] {
  return Object.values(Resources).map(({ Type }) => Type);
}

function fits(parameter: string, value: string): boolean {
  return new RegExp(template.Parameters[parameter]?.AllowedPattern ?? "^$").test(value);
}

describe("the plain template", () => {
  test("needs nothing of CDK, and no custom resource", () => {
    const text = JSON.stringify(template);
    expect(text).not.toMatch(/bootstrap|cdk|metadata|custom::|AWS::CloudFormation/i);
    expect(template.Rules).toBeUndefined();
    const functions = Object.values(template.Resources).filter(
      ({ Type }) => Type === "AWS::Lambda::Function",
    );
    expect(functions).toMatchObject([
      {
        Properties: {
          Code: { S3Bucket: { Ref: "CodeBucket" }, S3Key: { Ref: "CodeKey" } },
          Runtime: "nodejs24.x",
        },
      },
    ]);
  });

  test("fits into a request of CloudFormation as the tool writes it", () => {
    for (const each of [template, lakeTemplate])
      expect(JSON.stringify(each, undefined, 1).length).toBeLessThan(51_200);
  });

  test("asks for three names, explains each, and has defaults for the rest", () => {
    const entries = Object.entries(template.Parameters);
    expect(entries.map(([name]) => name)).toEqual([
      "LogBucket",
      "LogPrefix",
      "Database",
      "TablePrefix",
      "AlarmEmail",
      "Schedule",
      "TimeZone",
      "CodeBucket",
      "CodeKey",
    ]);
    const asked = entries.filter(([, { Default }]) => Default === undefined).map(([name]) => name);
    expect(asked).toEqual(["LogBucket", "CodeBucket"]);
    for (const [name, { Description, Default }] of entries) {
      expect(Description).toMatch(/^[A-Z].{20,}/);
      if (Default !== undefined) expect({ name, fits: fits(name, Default) }).toEqual({ name, fits: true });
    }
  });

  test.each([
    ["LogPrefix", ["", "a", "a/b c"], ["/a", "a/", "a//b", "a*", "a$b", "a/AWSLogs"]],
    ["TablePrefix", ["ct", "_x"], ["Ct", "ct_raw", "ct_111122223333", ""]],
    ["Database", ["default", "db_1"], ["My-DB", ""]],
    ["LogBucket", ["my-logs"], ["s3://my-logs", "My_Logs", "my-logs/prefix"]],
    [
      "Schedule",
      ["cron(0 3 * * ? *)", "rate(24 hours)", "rate(1 day)"],
      ["rate(2 days)", "rate(25 hours)", "daily"],
    ],
    ["TimeZone", ["UTC", "America/Argentina/Buenos_Aires"], ["", "+01:00", "Europe Zurich"]],
    ["AlarmEmail", ["", "a@example.com"], ["a", "a@example.com,b@example.com"]],
  ])("%s takes what the function would take, and refuses the rest", (parameter, taken, refused) => {
    expect(taken.filter((value) => !fits(parameter, value))).toEqual([]);
    expect(refused.filter((value) => fits(parameter, value))).toEqual([]);
  });

  test("takes no name of a table that the function would refuse", () => {
    for (const table_prefix of ["ct", "ct_raw", "Ct", "9x", "a".repeat(101), "a".repeat(102)]) {
      const take = (): unknown => decideSettings({}, { logs: "s3://example-logs", table_prefix });
      if (fits("TablePrefix", table_prefix)) expect(take).not.toThrow();
      else expect(take).toThrow();
    }
  });

  test("puts a slash after a prefix, and nothing in place of none", () => {
    const withSlash = { "Fn::If": ["HasPrefix", { "Fn::Join": ["", [{ Ref: "LogPrefix" }, "/"]] }, ""] };
    const text = JSON.stringify(template);
    expect(text).toContain(
      `"s3:prefix":[${JSON.stringify(withSlash)},{"Fn::Join":["",[${JSON.stringify(withSlash)},"AWSLogs/*"]]}`,
    );
    expect(text).toContain(`["s3://",{"Ref":"LogBucket"},"/",${JSON.stringify(withSlash)}]`);
  });

  test("subscribes an address where there is one", () => {
    const found = Object.values(template.Resources).filter(({ Type }) => Type === "AWS::SNS::Subscription");
    expect(found).toMatchObject([
      { Condition: "HasAlarmEmail", Properties: { Endpoint: { Ref: "AlarmEmail" } } },
    ]);
  });
});

describe("the plain template with a lake", () => {
  test("asks for its bucket and its folder besides, and is the same otherwise", () => {
    const { LakeBucket, LakePrefix, ...others } = lakeTemplate.Parameters;
    expect(others).toEqual(template.Parameters);
    expect(LakeBucket).not.toHaveProperty("Default");
    expect(LakePrefix?.Default).toBe("");
    expect(listTypes(lakeTemplate)).toEqual(listTypes(template));
  });

  test("tells the function of the lake, and lets it write there alone", () => {
    const prefix = { "Fn::If": ["HasLakePrefix", { "Fn::Join": ["", [{ Ref: "LakePrefix" }, "/"]] }, ""] };
    const text = JSON.stringify(lakeTemplate);
    expect(text).toContain(`["s3://",{"Ref":"LakeBucket"},"/",${JSON.stringify(prefix)}]`);
    expect(text).toContain(
      `"Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Effect":"Allow","Resource":{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":s3:::",{"Ref":"LakeBucket"},"/",${JSON.stringify(prefix)},"*"]]}`,
    );
    expect(JSON.stringify(template)).not.toContain("Lake");
  });
});

describe("the zip", () => {
  test("holds the folder's files, readable for all, and is the same bytes every time", async () => {
    const folder = pathToFileURL(`${await makeFolder()}/`);
    await writeFile(new URL("index.mjs", folder), "export const handler = 1;\n");
    await writeFile(new URL("a.mjs.map", folder), "{}");
    const zip = await zipFolder(folder);
    expect(Object.keys(unzipSync(zip))).toEqual(["a.mjs.map", "index.mjs"]);
    await writeFile(new URL("a.mjs.map", folder), "{}");
    expect(await zipFolder(folder)).toEqual(zip);
    // The mode stands in the upper half of the attributes, at byte 38 of each entry of the directory.
    const directory = Buffer.from(zip).indexOf("PK\u0001\u0002");
    expect((Buffer.from(zip).readUInt32LE(directory + 38) >>> 16).toString(8)).toBe("100644");
  });
});
