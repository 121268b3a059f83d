import { expect, test } from "vitest";
import { escapedJson, printJson, rawJson } from "./json.ts";

test.each(["1.10", "1e5", "9223372036854775807", '"a\\/b"', '{"a":1,"a":2}'])(
  "raw JSON stays as it is: %s",
  (raw) => {
    expect(printJson({ value: rawJson(raw), next: 1 })).toBe(`{"value":${raw},"next":1}`);
  },
);

test("escaped JSON reads as the same text", () => {
  const printed = printJson([escapedJson('a/"b"/é🚀\n')]);
  expect(printed).toBe(String.raw`["a\/\"b\"\/\u00e9\ud83d\ude80\n"]`);
  expect(JSON.parse(printed)).toEqual(['a/"b"/é🚀\n']);
});

test("undefined fields are left out, null ones are not", () => {
  expect(printJson({ a: undefined, b: null })).toBe('{"b":null}');
});
