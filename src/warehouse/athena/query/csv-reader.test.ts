import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { TextRow } from "./csv-reader.ts";
import { CsvReader, NotCsvError } from "./csv-reader.ts";

function read(...pieces: string[]): TextRow[] {
  const reader = new CsvReader();
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

/** As Athena does. */
function print(rows: readonly TextRow[], lineBreak: string): string {
  return rows.map((row) => `${row.map(printField).join(",")}${lineBreak}`).join("");
}

function printField(text: string | null): string {
  return text === null ? "" : `"${text.replaceAll('"', '""')}"`;
}

test.each([
  [
    "values",
    '"a","b"\n"1","2"\n',
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "NULL and the empty text",
    '"a","b","c"\n,"",\n',
    [
      ["a", "b", "c"],
      [null, "", null],
    ],
  ],
  ["one NULL a row", '"a"\n\n""\n\n', [["a"], [null], [""], [null]]],
  ["no line break at the end", '"a"\n"b"', [["a"], ["b"]]],
  ["line breaks, commas and quotes in values", '"a\nb","c,""d"""\n', [["a\nb", 'c,"d"']]],
  ["Windows' line breaks", '"a\r\nb"\r\n"c"\r\n', [["a\r\nb"], ["c"]]],
  ["values without quotes", "a,1.5\n", [["a", "1.5"]]],
  ["nothing", "", []],
])("CsvReader reads %s", (_, text, rows) => {
  expect(read(text)).toEqual(rows);
  expect(read(...text.split(""))).toEqual(rows);
});

test.each([
  ["a value without end", '"a"\n"b'],
  ["rows of different width", '"a","b"\n"c"\n'],
  ["text behind quotes", '"a"b\n'],
])("CsvReader refuses %s", (_, text) => {
  expect(() => read(text)).toThrow(NotCsvError);
});

const cell = fc.option(
  fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "x") })),
);
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width })));

test("CsvReader gives back what was printed, wherever it is cut", () => {
  fc.assert(
    fc.property(table, fc.constantFrom("\n", "\r\n"), fc.nat(), (rows, lineBreak, cut) => {
      const text = print(rows, lineBreak);
      const at = text === "" ? 0 : cut % text.length;
      expect(read(text.slice(0, at), text.slice(at))).toEqual(rows);
    }),
  );
});

test("CsvReader reads what another parser reads, but for NULL", () => {
  fc.assert(
    fc.property(table, (rows) => {
      const text = print(rows, "\n");
      const others = parse(text, { record_delimiter: "\n" });
      expect(read(text).map((row) => row.map((value) => value ?? ""))).toEqual(others);
    }),
  );
});
