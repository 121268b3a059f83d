import * as fc from "fast-check";
import { expect, test } from "vitest";
import { printSafe, printSafeJson, printSafeLines } from "./safe-text.ts";

// oxlint-disable-next-line no-control-regex
const ACTED_ON = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Text of the characters that matter, and of any others. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom(
      ...Array.from('\u0000\u0007\t\n\r\u001b\u007f\u0085\u009b\u200e\u200f\u2028\u202e\u2066\u2069\\"a🦊'),
    ),
  }),
);

test.each([
  ["\u001b[31m", "\\u001b[31m"],
  ["\u009b2J", "\\u009b2J"],
  ["a\tb\r\nc", "a\\tb\\r\\nc"],
  ["\u0000\u007f", "\\u0000\\u007f"],
  ["right\u202eleft\u202c\u2066x\u2069", "right\\u202eleft\\u202c\\u2066x\\u2069"],
  ["\u200eleft\u200f", "\\u200eleft\\u200f"],
  ["a\u2028b\u2029c", "a\\u2028b\\u2029c"],
])("printSafe spells out what a terminal acts on: %j", (unsafe, safe) => {
  expect(printSafe(unsafe)).toBe(safe);
});

test("printSafe leaves every other text as it is, joiners and emoji included", () => {
  for (const harmless of ["", "plain", "日本語 naïve Ελλάδα 🦊", "👩\u200d💻", "\\u001b", "a\u00a0b"])
    expect(printSafe(harmless)).toBe(harmless);
});

test("printSafe leaves nothing that a terminal acts on", () => {
  fc.assert(fc.property(text, (any) => !ACTED_ON.test(printSafe(any))));
});

test("printSafeJson is the same JSON, with nothing in it that a terminal acts on but the layout's line ends", () => {
  fc.assert(
    fc.property(fc.dictionary(text, text), (object) => {
      const json = printSafeJson(JSON.stringify(object, undefined, 2));
      expect(json.replaceAll("\n", "")).not.toMatch(ACTED_ON);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(object)));
    }),
  );
});

test("printSafeLines keeps line breaks, and only those", () => {
  expect(printSafeLines("one\ntwo\u001b[31m\n\u202ethree\r\n")).toBe(
    "one\ntwo\\u001b[31m\n\\u202ethree\\r\n",
  );
});
