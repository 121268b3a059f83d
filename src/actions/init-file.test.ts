import * as fc from "fast-check";
import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import type { Trail } from "../aws/trails.ts";
import { readConfiguration } from "../config/configuration-file.ts";
import { decideSettings } from "../config/settings.ts";
import { makeFolder } from "../fixtures.contract.ts";
import type { InitAnswers } from "./init-file.ts";
import { printInitFile } from "./init-file.ts";

const TRAIL: Trail = {
  name: "management-events",
  bucket: "example-logs",
  prefix: "security/",
  homeRegion: "us-east-1",
  isOrganization: true,
  isMultiRegion: true,
  key: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d",
};

const ATHENA: InitAnswers = {
  logs: "s3://example-logs/security",
  trails: [TRAIL],
  engine: "athena",
  database: "default",
  layout: "auto",
  workgroup: "primary",
  output: undefined,
  awsRegion: "us-east-1",
  profile: undefined,
};

const DUCKDB: InitAnswers = {
  ...ATHENA,
  engine: "duckdb",
  logs: "./logs",
  trails: [],
  database: "cloudtrail.duckdb",
};

/** All lines that are not comments. */
function keys(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("printInitFile", () => {
  test("writes the keys for Athena, and as comments those that need no value", () => {
    const text = printInitFile(ATHENA);
    expect(keys(text)).toEqual([
      "logs: s3://example-logs/security",
      "engine: athena",
      "database: default",
      "table_prefix: cloudtrail",
      "layout: auto",
      "partition_days: 90",
      "workgroup: primary",
      "aws_region: us-east-1",
    ]);
    expect(text).toContain("# The trail management-events of the organization, all Regions.\n");
    expect(text).toContain("kms:Decrypt on arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d");
    expect(text).toContain("# output_s3_bucket: default\n");
  });

  test("writes the keys for DuckDB", () => {
    expect(keys(printInitFile(DUCKDB))).toEqual([
      "logs: ./logs",
      "engine: duckdb",
      "database: cloudtrail.duckdb",
      "table_prefix: cloudtrail",
    ]);
  });

  test.each([
    ["Athena", ATHENA],
    ["DuckDB", DUCKDB],
  ])("what stands in comments for %s is right too: each key is known", async (_, answers) => {
    const file = `${await makeFolder()}/all.yaml`;
    const text = printInitFile(answers);
    await writeFile(file, text.replaceAll(/^# (\w+: [^ ]+)$/gm, "$1"));
    const settings = decideSettings({}, await readConfiguration(file, {}));
    expect(settings.engine).toBe(answers.engine);
  });

  test("what was written is read back as it was answered, whatever it is", () => {
    const value = fc.string({ unit: "binary", minLength: 1 });
    const answers = fc.record({
      logs: value,
      database: value,
      workgroup: value,
      output: value,
      awsRegion: value,
      profile: value,
    });
    fc.assert(
      fc.property(answers, value, (some, name) => {
        const trails = [{ ...TRAIL, name, key: name, homeRegion: name, isMultiRegion: false }];
        const document = parseDocument(printInitFile({ ...ATHENA, ...some, trails }), { schema: "failsafe" });
        expect(document.errors).toEqual([]);
        expect(document.toJS()).toEqual({
          logs: some.logs,
          engine: "athena",
          database: some.database,
          table_prefix: "cloudtrail",
          layout: "auto",
          partition_days: "90",
          workgroup: some.workgroup,
          output_s3_bucket: some.output,
          aws_region: some.awsRegion,
          profile: some.profile,
        });
      }),
    );
  });
});
