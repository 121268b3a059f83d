import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { printTablesDoc, TABLES_DOC } from "./tables-doc.ts";

test("docs/tables.md lists the columns as the code declares them", async () => {
  expect(await readFile(TABLES_DOC, "utf8")).toBe(await printTablesDoc());
});
