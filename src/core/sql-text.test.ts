import type { DuckDBConnection } from "@duckdb/node-api";
import { DuckDBInstance } from "@duckdb/node-api";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { quoteName, quoteText } from "./sql-text.ts";

fc.configureGlobal({ seed: 20261122 });

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  connection = await instance.connect();
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

/** Any text that UTF-8 can hold, rich in what SQL gives a meaning to. DuckDB's client cuts SQL at U+0000. */
const anyText = fc
  .oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom("'", '"', "\\", ";", "--", "/*", "$$", "\n", "‘", "é", "x"), { maxLength: 12 })
      .map((parts) => parts.join("")),
  )
  .map((text) => text.replaceAll("\u0000", ""));

test("quoteText gives a literal that DuckDB evaluates to the text", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const result = await connection.runAndReadAll(`SELECT ${quoteText(text)}`);
      expect(result.getRowsJS()).toEqual([[text]]);
    }),
    { numRuns: 300 },
  );
});

test("quoteName gives a name that DuckDB takes for the text", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyText.filter((text) => text !== ""),
      async (text) => {
        const result = await connection.runAndReadAll(`SELECT 1 AS ${quoteName(text)}`);
        expect(result.columnNames()).toEqual([text]);
      },
    ),
    { numRuns: 300 },
  );
});

test.each([
  ["it's", "'it''s'"],
  ["", "''"],
  ["'; DROP TABLE cloudtrail; --", "'''; DROP TABLE cloudtrail; --'"],
])("quoteText of %j is %s", (text, sql) => {
  expect(quoteText(text)).toBe(sql);
});

test.each([
  ['a"b', '"a""b"'],
  ["select", '"select"'],
])("quoteName of %j is %s", (name, sql) => {
  expect(quoteName(name)).toBe(sql);
});
