import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayFromTime } from "./day.ts";
import type { LogKey } from "./log-key.ts";
import { LOG_KINDS, parseLogKey, parseStamp, printLogKey, printPartitionPrefix } from "./log-key.ts";

fc.configureGlobal({ seed: 20261122 });

const ORGANIZATION = "o-aa111bb222";
const FILE = "111122223333_CloudTrail_us-east-1_20261122T1405Z_Ab3dEf6hIj9kLm2n.json.gz";

function keyAt(root: string, place = "111122223333/CloudTrail/us-east-1/2026/11/22", file = FILE): string {
  return `${root}${place}/${file}`;
}

describe("parseLogKey reads", () => {
  test.each([
    ["an account trail", "AWSLogs/"],
    ["an account trail below a prefix", "logs/AWSLogs/"],
    ["a prefix of several folders", "a/b c/d/AWSLogs/"],
    ["an organization trail", `AWSLogs/${ORGANIZATION}/`],
    ["an organization trail below a prefix", `logs/AWSLogs/${ORGANIZATION}/`],
    ["Control Tower's doubled organization", `${ORGANIZATION}/AWSLogs/${ORGANIZATION}/`],
    ["Control Tower's older account trails", `${ORGANIZATION}/AWSLogs/`],
    ["the shortest organization id", "AWSLogs/o-abcdefghij/"],
    ["the longest organization id", `AWSLogs/o-${"a1".repeat(16)}/`],
  ])("%s", (_, root) => {
    expect(parseLogKey(keyAt(root))).toEqual({
      root,
      account: "111122223333",
      kind: "CloudTrail",
      region: "us-east-1",
      day: "2026-11-22",
      file: FILE,
    });
  });

  test.each([
    "us-east-1",
    "ap-southeast-7",
    "mx-central-1",
    "us-gov-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "us-isof-south-1",
    "eu-isoe-west-1",
    "il-central-1",
    "zz-newplace-12",
  ])("the Region %s", (region) => {
    const key = keyAt("AWSLogs/", `111122223333/CloudTrail/${region}/2026/11/22`);
    expect(parseLogKey(key)).toMatchObject({ region });
  });

  test.each(LOG_KINDS)("the kind %s from its folder, whatever the file is called", (kind) => {
    const key = keyAt("AWSLogs/", `111122223333/${kind}/us-east-1/2026/11/22`, "any name.json.gz");
    expect(parseLogKey(key)).toMatchObject({ kind, file: "any name.json.gz" });
  });

  test("an account whose id begins with zeros, as text", () => {
    const key = keyAt("AWSLogs/", "000000000012/CloudTrail/us-east-1/2026/11/22");
    expect(parseLogKey(key)).toMatchObject({ account: "000000000012" });
  });
});

describe("parseLogKey rejects", () => {
  test.each([
    ["an account of 11 digits", keyAt("AWSLogs/", "11112222333/CloudTrail/us-east-1/2026/11/22")],
    ["an account of 13 digits", keyAt("AWSLogs/", "1111222233334/CloudTrail/us-east-1/2026/11/22")],
    ["the predecessor's account pattern", keyAt("AWSLogs/", "11112222333a/CloudTrail/us-east-1/2026/11/22")],
    ["an organization id of 9 characters", keyAt("AWSLogs/o-abcdefghi/")],
    ["an organization id of 33 characters", keyAt(`AWSLogs/o-${"a".repeat(33)}/`)],
    ["an organization id with capitals", keyAt("AWSLogs/o-ABCDEFGHIJ/")],
    ["an organization without AWSLogs", keyAt(`${ORGANIZATION}/`)],
    ["two organizations", keyAt(`AWSLogs/${ORGANIZATION}/${ORGANIZATION}/`)],
    ["AWSLogs in lower case", keyAt("awslogs/")],
    ["a folder that ends in AWSLogs", keyAt("oldAWSLogs/")],
    ["no AWSLogs", keyAt("")],
    ["a folder between AWSLogs and the account", keyAt("AWSLogs/old/")],
    ["cloudtrail in lower case", keyAt("AWSLogs/", "111122223333/cloudtrail/us-east-1/2026/11/22")],
    ["a kind that nobody knows", keyAt("AWSLogs/", "111122223333/CloudTrail-Backup/us-east-1/2026/11/22")],
    ["another service", keyAt("AWSLogs/", "111122223333/Config/us-east-1/2026/11/22")],
    ["a Region with a capital", keyAt("AWSLogs/", "111122223333/CloudTrail/US-east-1/2026/11/22")],
    ["a Region without a dash", keyAt("AWSLogs/", "111122223333/CloudTrail/global/2026/11/22")],
    ["a Region as Hive writes it", keyAt("AWSLogs/", "111122223333/CloudTrail/region=us-east-1/2026/11/22")],
    ["month 13", keyAt("AWSLogs/", "111122223333/CloudTrail/us-east-1/2026/13/01")],
    ["a month of one digit", keyAt("AWSLogs/", "111122223333/CloudTrail/us-east-1/2026/9/01")],
    ["a day that the month lacks", keyAt("AWSLogs/", "111122223333/CloudTrail/us-east-1/2026/09/31")],
    [
      "a date as Hive writes it",
      keyAt("AWSLogs/", "111122223333/CloudTrail/us-east-1/year=2026/month=11/day=22"),
    ],
    ["an empty folder's name after AWSLogs", keyAt("AWSLogs//")],
    [
      "an empty folder's name in the date",
      keyAt("AWSLogs/", "111122223333/CloudTrail/us-east-1//2026/11/22"),
    ],
    [
      "an empty folder's name before the file",
      keyAt("AWSLogs/", "111122223333/CloudTrail/us-east-1/2026/11/22/"),
    ],
    ["an empty folder's name in the prefix", keyAt("logs//AWSLogs/")],
    ["a leading slash", keyAt("/AWSLogs/")],
    ["a hidden file", keyAt("AWSLogs/", undefined, `.${FILE}`)],
    ["a file that begins with _", keyAt("AWSLogs/", undefined, `_${FILE}`)],
    ["a file that ends in .json", keyAt("AWSLogs/", undefined, "logs.json")],
    ["a file that ends in .gz", keyAt("AWSLogs/", undefined, "logs.gz")],
    ["a temporary file", keyAt("AWSLogs/", undefined, `${FILE}.tmp`)],
    ["an ending in capitals", keyAt("AWSLogs/", undefined, "logs.JSON.GZ")],
    ["an ending and no name", keyAt("AWSLogs/", undefined, ".json.gz")],
    ["a folder more", keyAt("AWSLogs/", "111122223333/CloudTrail/us-east-1/2026/11/22/retry")],
    ["a folder less", keyAt("AWSLogs/", "111122223333/CloudTrail/us-east-1/2026/11")],
    ["no Region", keyAt("AWSLogs/", "111122223333/CloudTrail/2026/11/22")],
    ["the folder of a day", keyAt("AWSLogs/", undefined, "")],
    ["backslashes", keyAt("AWSLogs/").replaceAll("/", "\\")],
    ["nothing", ""],
    ["a slash", "/"],
  ])("%s", (_, key) => {
    expect(parseLogKey(key)).toBeUndefined();
  });
});

const account = fc.stringMatching(/^\d{12}$/);
const organization = fc.stringMatching(/^o-[a-z0-9]{10,32}$/);
const region = fc.stringMatching(/^[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,9}){1,3}$/);
const folderName = fc
  .string({ minLength: 1, maxLength: 12, unit: "binary" })
  .filter((name) => !name.includes("/") && !/^[._]/.test(name));
const root = fc
  .tuple(fc.array(folderName, { maxLength: 3 }), fc.option(organization, { nil: undefined }))
  .map(([prefix, org]) => [...prefix, "AWSLogs", ...(org === undefined ? [] : [org]), ""].join("/"));
const day = fc
  .integer({ min: Date.UTC(2013, 0, 1), max: Date.UTC(2099, 11, 31) })
  .map((time) => dayFromTime(time));
const file = folderName.map((name) => `${name}.json.gz`);
const logKey: fc.Arbitrary<LogKey> = fc.record({
  root,
  account,
  kind: fc.constantFrom(...LOG_KINDS),
  region,
  day,
  file,
});

/** A log key with a piece put in, taken out or replaced: near enough to parse now and then. */
const nearlyLogKey = fc
  .tuple(logKey.map(printLogKey), fc.nat(), fc.nat({ max: 3 }), fc.oneof(fc.constant("/"), fc.string()))
  .map(([key, at, removed, added]) => {
    const start = at % key.length;
    return key.slice(0, start) + added + key.slice(start + removed);
  });

test("parseLogKey reads whatever printLogKey prints", () => {
  fc.assert(
    fc.property(logKey, (key) => {
      expect(parseLogKey(printLogKey(key))).toEqual(key);
    }),
  );
});

test("parseLogKey never throws, and what it reads printLogKey prints", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), nearlyLogKey), (text) => {
      const key = parseLogKey(text);
      if (key !== undefined) expect(printLogKey(key)).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test("printPartitionPrefix is a log key without its file", () => {
  fc.assert(
    fc.property(logKey, (key) => {
      expect(`${printPartitionPrefix(key)}${key.file}`).toBe(printLogKey(key));
    }),
  );
});

test.each([
  [FILE, "20261122T1405Z"],
  ["any name.json.gz", undefined],
  [`${FILE}.tmp`, undefined],
  ["111122223333_CloudTrail_us-east-1_20261122T1405Z_tooShort.json.gz", undefined],
])("parseStamp of %s is %s", (name, stamp) => {
  expect(parseStamp(name)).toBe(stamp);
});
