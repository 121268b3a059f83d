import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateLogs } from "../../../tools/generate-logs/generate-logs.ts";
import { ADVERSARIAL_TEXTS } from "./adversarial-texts.contract.ts";
import { changedTexts, checkText, REGION, SAMPLE, shred } from "./check-text.contract.ts";
import { expectRecords } from "./expected-records.contract.ts";
import { readRows } from "./read-rows.contract.ts";
import { Shredder } from "./shred-records.ts";

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The gunzipped texts of a small store; what is no gzip is for others to refuse. */
function* generateTexts(): Generator<Uint8Array> {
  for (const { bytes } of generateLogs({ seed: 5, records: 15, files: 20, broken: true, noise: true })) {
    try {
      const text = gunzipSync(bytes);
      if (text.length < 100_000) yield text;
    } catch {
      continue;
    }
  }
}

function rowsOf(...members: string[]): ReturnType<typeof readRows> {
  const shredder = new Shredder();
  shredder.shred(encode(`{"Records":[${members.map((text) => `{${text}}`).join(",")}]}`), REGION);
  return readRows(shredder.columns);
}

describe("Shredder", () => {
  test.each(ADVERSARIAL_TEXTS.map((text) => [Buffer.from(text).toString().slice(0, 80), text] as const))(
    "reads or refuses as JSON.parse would: %s",
    (_, text) => checkText(text),
  );

  test("refuses a text cut at any byte, and leaves no trace of it", () => {
    for (let length = 0; length < SAMPLE.length; length++) checkText(SAMPLE.subarray(0, length));
  });

  test("reads or refuses any change of a text as JSON.parse would", () => {
    fc.assert(fc.property(changedTexts(), checkText), { numRuns: 100 });
  });

  test("keeps the free-form fields byte for byte, in any JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(3), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), undefined, indent);
        const [row] = rowsOf(`"requestParameters":${text},"eventName":"n"`);
        expect(row).toMatchObject({ requestparameters: text === "null" ? null : text, eventname: "n" });
      }),
      { numRuns: 100 },
    );
  });

  test("keeps the first of two fields of one name, and the other in otherfields", () => {
    const [row] = rowsOf('"eventName":"a","x": {"y" :1} ,"eventName" : "b"');
    expect(row).toMatchObject({ eventname: "a", otherfields: '{"x": {"y" :1},"eventName" : "b"}' });
  });

  test("keeps a struct with a field of no column in otherfields too", () => {
    const [row] = rowsOf('"userIdentity":{"type":"Root","new":1}');
    expect(row).toMatchObject({ otherfields: '{"userIdentity":{"type":"Root","new":1}}' });
    expect(row?.["useridentity"]).toMatchObject({ type: "Root" });
  });

  test("makes a row of a record that is no object, with its text in otherfields", () => {
    const shredder = new Shredder();
    const text = '{"Records":[{"eventName":"a"},null,5,"x",[{"eventName":"b"}]]}';
    expect(shredder.shred(encode(text), REGION)).toBe(5);
    expect(readRows(shredder.columns).map(({ eventname, otherfields }) => [eventname, otherfields])).toEqual([
      ["a", null],
      [null, null],
      [null, "5"],
      [null, '"x"'],
      [null, '[{"eventName":"b"}]'],
    ]);
  });

  test("is as new when it is cleared, whatever it read or refused before", () => {
    const shredder = new Shredder();
    for (const text of ADVERSARIAL_TEXTS) {
      shred(shredder, text);
      shredder.clear();
      expect(shredder.columns.cells).toBe(0);
      shredder.shred(SAMPLE, REGION);
      expect(readRows(shredder.columns)).toEqual(expectRecords(SAMPLE, REGION));
    }
  });

  test.each([
    ["records", `{"Records":[${"{},".repeat(500_000)}{}]}`, 'records at byte 1500012, found "{}]}"'],
    [
      "elements of lists",
      `{"Records":[{"resources":[${"{},".repeat(500_000)}{}]}]}`,
      'elements of lists at byte 1500026, found "{}]}]}"',
    ],
  ])("refuses more than 500000 %s, however short they are", (what, text, message) => {
    const shredder = new Shredder();
    expect(() => shredder.shred(encode(text), REGION)).toThrow(`expected at most 500000 ${message}`);
    expect(shredder.shred(encode(text.replace("{},", "")), REGION)).toBe(what === "records" ? 500_000 : 1);
  });

  test("leaves keys of more than 64 KiB out of maps, and keeps their member", () => {
    const long = "k".repeat(65_536);
    const member = `"userIdentity":{"sessionContext":{"webIdFederationData":{"attributes":{"a":"1","${long}":"2"}}}}`;
    const [row] = rowsOf(member);
    expect(row?.["useridentity"]).toMatchObject({
      sessioncontext: { webidfederationdata: { attributes: { a: "1" } } },
    });
    expect(row?.["otherfields"]).toBe(`{${member}}`);
  });

  test("reads every generated log as JSON.parse would: regular, irregular, broken, hostile ones", () => {
    const shredder = new Shredder();
    const rows = [];
    for (const text of generateTexts()) {
      const wanted = expectRecords(text, REGION);
      expect(shred(shredder, text)).toBe(wanted?.length);
      rows.push(...(wanted ?? []));
    }
    expect(rows.length).toBeGreaterThan(250);
    expect(readRows(shredder.columns)).toEqual(rows);
  });

  test.each([
    ["", 'expected an object with a list "Records" at byte 0, found the end'],
    ["[]", 'expected an object with a list "Records" at byte 0, found "[]"'],
    ['{"a":1}', 'expected a list "Records" in the object at byte 0, found "{\\"a\\":1}"'],
    ['{"Records":null}', 'expected a list as "Records" at byte 11, found "null}"'],
    ['{"Records":[],"Records":[]}', 'expected no second "Records" at byte 14, found "\\"Records\\":[]"'],
    ['{"Records":[{"a":tru}]}', 'expected a value at byte 17, found "tru}]}"'],
    ['{"Records":[{"a":"b', "expected a string's closing quote at byte 19, found the end"],
    ['{"Records":[{"a":"\u001b[2J"}]}', "expected a string's closing quote at byte 18, found byte 0x1b"],
    ['{"Records":[{"a":1;}]}', 'expected a comma or a closing bracket at byte 18, found ";}]}"'],
  ])("says of %j what it found, and where", (text, message) => {
    expect(() => new Shredder().shred(encode(text), REGION)).toThrow(message);
  });

  test("says where a text stops being UTF-8", () => {
    const text = Uint8Array.from([...encode('{"Records":["é'), 0xc3, 0x28]);
    expect(() => new Shredder().shred(text, REGION)).toThrow("expected UTF-8 at byte 15, found byte 0xc3");
  });
});
