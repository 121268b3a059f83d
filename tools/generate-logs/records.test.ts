import { expect, test } from "vitest";
import { parseLogKey } from "../../src/core/log-key.ts";
import { eventTemplates } from "./events/catalogue.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { generateLogs } from "./generate-logs.ts";
import { readRecords, readText } from "./read-generated.ts";

const files = [...generateLogs({ files: 360, records: 30, duplicates: 0.05, empty: 0.1, dataEvents: 0.3 })];
const texts = files.map(readText).join("\n");
const recordsOf = new Map(files.map((file) => [file, readRecords(file)]));
const records = [...recordsOf.values()].flat();

function shareOf(count: number): number {
  return count / records.length;
}

function dayOf({ key }: GeneratedFile): string {
  return parseLogKey(key)?.day ?? "";
}

test("there are at least 25 kinds of events of 15 services", () => {
  expect(eventTemplates.length).toBeGreaterThanOrEqual(25);
  expect(new Set(eventTemplates.map(({ service }) => service)).size).toBeGreaterThanOrEqual(15);
});

test("every kind of event occurs", () => {
  const seen = new Set(records.map(({ eventName }) => eventName));
  expect(eventTemplates.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
});

test("every type of identity occurs, and none at all", () => {
  const types = new Set(
    records.map(({ userIdentity }) => (userIdentity === null ? "null" : (userIdentity.type ?? "absent"))),
  );
  expect([...types].toSorted()).toEqual([
    "AWSAccount",
    "AWSService",
    "AssumedRole",
    "Directory",
    "FederatedUser",
    "IAMUser",
    "IdentityCenterUser",
    "Role",
    "Root",
    "SAMLUser",
    "Unknown",
    "WebIdentityUser",
    "absent",
    "null",
  ]);
});

test("every version of the record occurs, the newest most", () => {
  const versions = records.map(({ eventVersion }) => eventVersion);
  const minors = ["0", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11"];
  expect([...new Set(versions)].toSorted()).toEqual(minors.map((minor) => `1.${minor}`).toSorted());
  expect(shareOf(versions.filter((version) => version === "1.11").length)).toBeCloseTo(0.6, 1);
});

test.each([
  ["eventID", 1],
  ["recipientAccountId", 2],
  ["managementEvent", 6],
  ["eventCategory", 7],
])("%s is in every record since 1.%i, and in none before", (field, since) => {
  const wrong = records.filter((record) => field in record !== Number(record.eventVersion.slice(2)) >= since);
  expect(wrong).toEqual([]);
});

test.each(["tlsDetails", "sessionCredentialFromConsole", "addendum", "edgeDeviceDetails"])(
  "%s is in no record before 1.08",
  (field) => {
    const having = records.filter((record) => field in record);
    expect(having.length).toBeGreaterThan(0);
    expect(having.filter(({ eventVersion }) => Number(eventVersion.slice(2)) < 8)).toEqual([]);
  },
);

test.each([
  "invokedBy",
  "identityProvider",
  "credentialId",
  "onBehalfOf",
  "inScopeOf",
  "invokedByDelegate",
  "webIdFederationData",
  "assumedRoot",
  "signInSessionArn",
  "sourceIdentity",
  "ec2RoleDelivery",
  "keyExchange",
  "vpcEndpointAccountId",
  "sharedEventID",
  "serviceEventDetails",
  "ARNPrefix",
])("the field %s occurs", (field) => {
  expect(texts.includes(`"${field}":`)).toBe(true);
});

test("numbers occur that parsing and printing would change", () => {
  for (const number of [":1.10", ":1e5", ":9223372036854775807", "\\/", "\\u001b"])
    expect(texts.includes(number)).toBe(true);
});

test("one file in ten is empty", () => {
  expect(files.filter(({ records: count }) => count === 0)).toHaveLength(36);
});

test("a file's count is what it holds", () => {
  for (const file of files) expect(recordsOf.get(file) ?? []).toHaveLength(file.records);
});

test("three records in ten are data events", () => {
  const newer = records.filter(({ eventCategory }) => eventCategory !== undefined);
  const data = newer.filter(({ eventCategory }) => eventCategory === "Data");
  expect(data.length / newer.length).toBeCloseTo(0.3, 1);
});

test("five records in a hundred come twice, in two files of one account, Region and day", () => {
  const places = new Map<string, string>();
  const astray: string[] = [];
  let twice = 0;
  for (const file of files) {
    const place = file.key.slice(0, file.key.lastIndexOf("/"));
    for (const { eventID } of recordsOf.get(file) ?? []) {
      if (eventID === undefined) continue;
      const before = places.get(eventID);
      if (before !== undefined && before !== place) astray.push(eventID);
      if (before !== undefined) twice++;
      places.set(eventID, place);
    }
  }
  expect(astray).toEqual([]);
  expect(shareOf(twice)).toBeGreaterThan(0.03);
  expect(shareOf(twice)).toBeLessThan(0.07);
});

test("eight calls in a hundred fail", () => {
  const failed = records.filter(({ errorCode }) => errorCode !== undefined);
  expect(shareOf(failed.length)).toBeGreaterThan(0.06);
  expect(shareOf(failed.length)).toBeLessThan(0.11);
});

test("about one event in a hundred is delivered under another day than its own", () => {
  const late = files.flatMap((file) =>
    (recordsOf.get(file) ?? []).filter(({ eventTime }) => !eventTime.startsWith(dayOf(file))),
  );
  expect(late.length).toBeGreaterThan(0);
  expect(shareOf(late.length)).toBeLessThan(0.02);
});

test("half of the files are late when asked for", () => {
  const late = [...generateLogs({ files: 100, records: 2, late: 0.5 })].filter(({ note }) =>
    /day-before|redelivered/.test(note ?? ""),
  );
  expect(late).toHaveLength(50);
});

test("a record is in the log of its own account and Region", () => {
  const strays = files.filter((file) => {
    const key = parseLogKey(file.key);
    return (recordsOf.get(file) ?? []).some(
      ({ awsRegion, recipientAccountId = key?.account }) =>
        awsRegion !== key?.region || recipientAccountId !== key?.account,
    );
  });
  expect(strays).toEqual([]);
});

test("addresses are those kept for documentation, or names", () => {
  const wrong = records.filter(
    ({ sourceIPAddress }) =>
      !/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}$|^2001:db8:|^[a-z0-9-]+\.amazonaws\.com$|^AWS Internal$/.test(
        sourceIPAddress,
      ),
  );
  expect(wrong).toEqual([]);
});

test("one stolen key is used from one address, in several accounts, and is refused at times", () => {
  const stolen = records.filter(({ sourceIPAddress }) => sourceIPAddress === "198.51.100.23");
  expect(new Set(stolen.map(({ userIdentity }) => userIdentity?.accessKeyId)).size).toBe(1);
  const accounts = stolen
    .map(({ recipientAccountId }) => recipientAccountId)
    .filter((id) => id !== undefined);
  expect(new Set(accounts).size).toBe(3);
  expect(stolen.some(({ errorCode }) => errorCode === "AccessDenied")).toBe(true);
});

test("a record has about 1,500 characters", () => {
  expect(texts.length / records.length).toBeGreaterThan(1200);
  expect(texts.length / records.length).toBeLessThan(1700);
});
