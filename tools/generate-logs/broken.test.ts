import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { parseLogKey } from "../../src/core/log-key.ts";
import { BREAKAGES } from "./broken.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { generateLogs } from "./generate-logs.ts";
import { IRREGULARITIES, ODD_NAMES } from "./irregular.ts";
import { readRecords, readText } from "./read-generated.ts";

const files = [...generateLogs({ files: 0, broken: true })];

function fileOf(note: string): GeneratedFile {
  const file = files.find((one) => one.note === note);
  if (file === undefined) throw new Error(`no file ${note}`);
  return file;
}

/** What Node's own gzip and JSON say. */
function whyBroken(note: string): string {
  let text: string;
  try {
    text = gunzipSync(fileOf(note).bytes).toString("utf8");
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  try {
    const { Records = "none" } = (JSON.parse(text) ?? {}) as { readonly Records?: unknown };
    return Array.isArray(Records) ? "nothing" : `Records is ${Records === null ? "null" : typeof Records}`;
  } catch {
    return text === "" ? "no text" : "not JSON";
  }
}

test.each([
  ["gzip cut short", "unexpected end of file"],
  ["gzip header only", "unexpected end of file"],
  ["plain JSON, not gzip", "incorrect header check"],
  ["no bytes", "unexpected end of file"],
  ["only zeros", "incorrect header check"],
  ["gzip of nothing", "no text"],
  ["gzip and garbage", "incorrect header check"],
  ["wrong checksum", "incorrect data check"],
  ["wrong length", "incorrect length check"],
  ["not JSON", "not JSON"],
  ["JSON cut short", "not JSON"],
  ["an array", "Records is string"],
  ["a string", "Records is string"],
  ["null", "Records is string"],
  ["no Records", "Records is string"],
  ["Records a string", "Records is string"],
  ["Records null", "Records is null"],
  ["Records an object", "Records is object"],
  ["one record a line", "not JSON"],
])("%s: %s", (note, reason) => {
  expect(whyBroken(note)).toBe(reason);
});

test("every breakage is in the catalogue of the test above", () => {
  expect(files.filter(({ kind }) => kind === "broken").map(({ note }) => note)).toEqual(
    Object.keys(BREAKAGES),
  );
});

test("what precedes the garbage is sound", () => {
  const { bytes } = fileOf("gzip and garbage");
  expect(Buffer.from(bytes.subarray(-7)).toString()).toBe("garbage");
  expect(JSON.parse(gunzipSync(bytes.subarray(0, -7)).toString())).toHaveProperty("Records");
});

test("broken and irregular files lie where log files belong", () => {
  for (const { key, kind } of files) {
    if (kind === "other") continue;
    expect(parseLogKey(key), key).toMatchObject({ kind: "CloudTrail" });
  }
});

test("a broken file has no records, and a near miss none that count", () => {
  const counting = files.filter(({ kind, records }) => kind !== "irregular" && records > 0);
  expect(counting).toEqual([]);
});

test("every irregularity and odd name is there, and counts its records", () => {
  const irregular = files.filter(({ kind }) => kind === "irregular");
  const notes = [...Object.keys(IRREGULARITIES), ...ODD_NAMES.map(() => "odd file name")];
  expect(irregular.map(({ note }) => note)).toEqual(notes);
  for (const file of irregular) expect(readRecords(file)).toHaveLength(file.records);
});

test.each([
  ["a record that is a string", "not a record"],
  ["a record without fields", {}],
  ["userIdentity a string", { userIdentity: "alice" }],
  ["resources an object", { resources: { ARN: "arn:aws:s3:::example" } }],
  ["readOnly a string", { readOnly: "true" }],
])("%s: one record of three", (note, odd) => {
  const records = readRecords(fileOf(note));
  expect(records[1]).toEqual(typeof odd === "string" ? odd : expect.objectContaining(odd));
});

test("a record has a key twice", () => {
  expect(readText(fileOf("duplicate keys"))).toMatch(/"eventName":"First","eventName":"/);
});

test("no near miss is a log key", () => {
  const misses = files.filter(({ kind }) => kind === "other");
  expect(misses.length).toBeGreaterThan(15);
  for (const { key } of misses) expect(parseLogKey(key), key).toBeUndefined();
});

test.each(["account", "organization", "control-tower", "mixed"] as const)(
  "no near miss is a log key in the layout %s",
  (layout) => {
    const misses = [...generateLogs({ files: 0, broken: true, layout })].filter(
      ({ kind }) => kind === "other",
    );
    expect(misses.filter(({ key }) => parseLogKey(key) !== undefined)).toEqual([]);
  },
);
