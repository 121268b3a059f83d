import { describe, expect, test } from "vitest";
import { UserError } from "../core/user-error.ts";
import { checkKeyArn, decidePolicyOptions, isKeyArn } from "./policy-options.ts";
import { decideSettings } from "./settings.ts";

const place = { partition: "aws", region: "us-east-1", account: "111122223333" };

describe("decidePolicyOptions", () => {
  test("takes names, prefix and what is on from the settings", () => {
    const settings = decideSettings(
      {},
      {
        logs: "s3://example-logs/a/AWSLogs/o-abcdefghij",
        database: "security",
        table_prefix: "ct",
        retention_days: 400,
        partition_index: "true",
        output_s3_bucket: "example-answers",
      },
    );
    expect(decidePolicyOptions(settings, { command: "run", place, catalogKey: "KEY" })).toEqual({
      command: "run",
      place,
      catalogKey: "KEY",
      logs: { bucket: "example-logs", prefix: "a/" },
      output: { bucket: "example-answers", prefix: "" },
      database: "security",
      tablePrefix: "ct",
      workgroup: "primary",
      partitions: "registered",
      retention: true,
      partitionIndex: true,
    });
  });

  test("takes the lake from the settings, with a slash at the end of its prefix", () => {
    const logs = "s3://example-logs";
    for (const [lake, folder] of [
      ["s3://example-lake", { bucket: "example-lake", prefix: "" }],
      ["s3://example-lake/a/b/", { bucket: "example-lake", prefix: "a/b/" }],
      [undefined, undefined],
    ] as const) {
      const settings = decideSettings({ logs, lake }, {});
      expect(decidePolicyOptions(settings, { command: "run", place }).lake).toEqual(folder);
    }
    const inLogs = decideSettings({ logs, lake: "s3://example-logs/lake" }, {});
    expect(() => decidePolicyOptions(inLogs, { command: "run", place })).toThrow("read-only");
  });

  test("writes in capitals what is not known", () => {
    const settings = decideSettings({}, { engine: "athena" });
    expect(decidePolicyOptions(settings, { command: "run", place }).logs).toEqual({
      bucket: "LOG_BUCKET",
      prefix: "",
    });
    expect(decidePolicyOptions(settings, { command: "compact", place }).lake).toEqual({
      bucket: "LAKE_BUCKET",
      prefix: "",
    });
  });
});

test("checkKeyArn takes ARNs of keys in every partition, and nothing else", () => {
  const arn = "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-0a1b2c3d";
  expect(checkKeyArn(arn, "kms_key_arn")).toBe(arn);
  expect(checkKeyArn(undefined, "kms_key_arn")).toBeUndefined();
  for (const text of ["alias/x", "0a1b2c3d", "arn:aws:kms:us-east-1:111122223333:alias/x", "*"]) {
    expect(isKeyArn(text)).toBe(false);
    expect(() => checkKeyArn(text, "kms_key_arn")).toThrow(UserError);
  }
});
