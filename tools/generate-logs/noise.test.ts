import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { parseLogKey } from "../../src/core/log-key.ts";
import { generateLogs } from "./generate-logs.ts";

const files = [...generateLogs({ files: 0, noise: true })];

test("noise holds no record of the table", () => {
  expect(files.filter(({ kind, records }) => kind !== "other" || records > 0)).toEqual([]);
});

test("noise holds every kind of CloudTrail's files but log files", () => {
  const kinds = new Set(files.map(({ key }) => parseLogKey(key)?.kind ?? "other"));
  expect([...kinds].toSorted((a, b) => a.localeCompare(b))).toEqual([
    "CloudTrail-Aggregated",
    "CloudTrail-Digest",
    "CloudTrail-Insight",
    "CloudTrail-NetworkActivity",
    "other",
  ]);
});

test("noise holds an account that other services write to, and CloudTrail does not", () => {
  const accounts = files
    .map(({ key }) => /AWSLogs\/(\d{12})\/Config\//.exec(key)?.[1])
    .filter((id) => id !== undefined);
  const [own, stranger] = [...new Set(accounts)];
  expect(own).toBeDefined();
  expect(files.filter(({ key }) => key.includes(`/${stranger}/CloudTrail/`))).toEqual([]);
});

test("noise holds keys that sort before and after the logs", () => {
  const keys = files.map(({ key }) => key);
  expect(keys.filter((key) => key < "AWSLogs/").length).toBeGreaterThan(2);
  expect(keys.filter((key) => key > "AWSLogs0").length).toBeGreaterThan(1);
});

test("a digest names the one before it and its hash", () => {
  const digests = files.filter(({ note }) => note === "CloudTrail-Digest");
  const [first, second] = digests.map(({ bytes }) => gunzipSync(bytes).toString());
  expect(JSON.parse(first ?? "")).toMatchObject({
    previousDigestS3Object: null,
    previousDigestSignature: null,
  });
  expect(JSON.parse(second ?? "")).toMatchObject({
    digestS3Object: digests[1]?.key,
    previousDigestS3Object: digests[0]?.key,
    previousDigestHashValue: createHash("sha256")
      .update(first ?? "")
      .digest("hex"),
  });
});
