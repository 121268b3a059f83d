import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { printHiveType, printTrinoType, RECORD_COLUMNS } from "../../../core/columns.ts";
import { SCHEMA_VERSION } from "./table-definition.ts";

const GOLDEN = new URL("../../../../test/golden/athena-columns.txt", import.meta.url);

function printColumns(): string {
  return RECORD_COLUMNS.map(
    ({ name, type }) =>
      `${name.toLowerCase()}\n  Hive   ${printHiveType(type)}\n  Trino  ${printTrinoType(type)}\n`,
  ).join("");
}

/** The version that tables were last published with, and their columns then. */
function parseGolden(text: string): { readonly version: number; readonly columns: string } {
  const [, version = "", columns = ""] = /^schema (\d+)\n([\s\S]*)$/.exec(text) ?? [];
  return { version: Number(version), columns };
}

/** Why the columns may not be what they are; undefined where they may. */
function refuseColumns(
  now: { readonly version: number; readonly columns: string },
  golden: { readonly version: number; readonly columns: string },
): string | undefined {
  if (now.version === golden.version && now.columns !== golden.columns) {
    return "RECORD_COLUMNS have changed: raise SCHEMA_VERSION in table-definition.ts, or tables that are there keep the old ones; then write the golden anew with UPDATE_GOLDEN=1";
  }
  if (now.version < golden.version) return `SCHEMA_VERSION was ${golden.version}, and never goes back`;
  const names = listNames(now.columns);
  const moved = listNames(golden.columns).find((name, index) => names[index] !== name);
  return moved === undefined ? undefined : `${moved} has moved: columns are only ever appended`;
}

function listNames(columns: string): string[] {
  return columns.match(/^\S+$/gm) ?? [];
}

describe("the version of the schema", () => {
  test("goes up whenever the columns of a table in Athena change", async () => {
    const now = { version: SCHEMA_VERSION, columns: printColumns() };
    const golden = parseGolden(await readFile(GOLDEN, "utf8").catch(() => ""));
    expect(refuseColumns(now, golden)).toBeUndefined();
    const text = `schema ${now.version}\n${now.columns}`;
    if (process.env["UPDATE_GOLDEN"] === "1") await writeFile(GOLDEN, text);
    expect(await readFile(GOLDEN, "utf8")).toBe(text);
  });

  const columns = "a\n  Hive   string\nb\n  Hive   string\n";

  test.each([
    ["a column more and the same version", 1, `${columns}c\n  Hive   string\n`, /raise SCHEMA_VERSION/],
    ["a wider struct and the same version", 1, columns.replace("string", "struct<x:string>"), /raise SCHEMA/],
    ["columns in another order", 2, "b\n  Hive   string\na\n  Hive   string\n", /a has moved/],
    ["a column less", 2, "a\n  Hive   string\n", /b has moved/],
    ["an earlier version", 0, columns, /never goes back/],
  ])("is refused for %s", (_, version, changed, reason) => {
    expect(refuseColumns({ version, columns: changed }, { version: 1, columns })).toMatch(reason);
  });

  test("is right for a column more and a higher version", () => {
    const grown = `${columns}c\n  Hive   string\n`;
    expect(refuseColumns({ version: 2, columns: grown }, { version: 1, columns })).toBeUndefined();
  });
});
