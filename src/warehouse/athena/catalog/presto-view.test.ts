import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseViewText } from "../../../../test/doubles/glue-view-text.ts";
import { tableName } from "../../../core/catalog.ts";
import { decodeViewText, encodeViewText, printPrestoView, readColumnNames } from "./presto-view.ts";
import { sharedTableName } from "./naming.ts";
import { ACCOUNT_VIEW_COLUMNS, ALL_VIEW_COLUMNS, printAccountView, printAllView } from "./view-sql.ts";

fc.configureGlobal({ seed: 20261122 });

/** The longest names that the settings let through. */
const LONG = { database: "d".repeat(255), prefix: "t".repeat(101) };

/** The view over so many accounts, of which the last few share a table. */
function viewOver(own: number, { shared = false, database = "security", prefix = "cloudtrail" } = {}) {
  const branches = Array.from({ length: own }, (_, index) => {
    const account = String(index).padStart(12, "0");
    return { database, table: tableName(prefix, account), account };
  });
  const last = { database, table: sharedTableName(prefix), account: undefined };
  const sql = printAllView(shared ? [...branches, last] : branches);
  return { sql, json: printPrestoView({ sql, database, columns: ALL_VIEW_COLUMNS }) };
}

describe("the text of a view", () => {
  test("is Athena's form, and is read back as it was", () => {
    const { sql, json } = viewOver(2);
    const text = encodeViewText(json);
    expect(text).toMatch(/^\/\* Presto View: [A-Za-z0-9+/]+=* \*\/$/);
    expect(decodeViewText(text)).toBe(json);
    expect(parseViewText(text)).toEqual({
      originalSql: sql,
      catalog: "awsdatacatalog",
      schema: "security",
      columns: ALL_VIEW_COLUMNS.map(() => expect.anything() as object),
      runAsInvoker: false,
      path: [],
    });
  });

  test("is read back whatever it says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (sql) => {
        const json = printPrestoView({ sql, database: "db", columns: ACCOUNT_VIEW_COLUMNS });
        expect(decodeViewText(encodeViewText(json))).toBe(json);
        expect(JSON.parse(json)).toMatchObject({ originalSql: sql });
      }),
    );
  });

  test.each(["", "/* Presto View */", "SELECT 1", "/* Presto View: e30="])("is none in %j", (text) => {
    expect(decodeViewText(text)).toBeUndefined();
  });

  test("over 100 tables stays below half of Athena's and Glue's limits", () => {
    for (const shared of [false, true]) {
      const { sql, json } = viewOver(shared ? 99 : 100, { shared });
      expect(Buffer.byteLength(sql)).toBeLessThan(262_144 / 2);
      expect(encodeViewText(json).length).toBeLessThan(409_600 / 2);
    }
  });

  test("grows with the accounts, and stays within both limits for every number that has tables of their own", () => {
    const arbitraryNames = fc.record({
      database: fc.stringMatching(/^[a-z0-9_]{1,255}$/),
      prefix: fc.stringMatching(/^[a-z_][a-z0-9_]{0,100}$/),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.oneof(arbitraryNames, fc.constant(LONG)),
        (count, names) => {
          const { sql, json } = viewOver(count, names);
          expect(Buffer.byteLength(sql)).toBeLessThan(262_144);
          expect(encodeViewText(json).length).toBeLessThanOrEqual(409_600);
          expect(sql.split("\nUNION ALL\n")).toHaveLength(count);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("is refused where it would be too long for Athena", () => {
    expect(() => encodeViewText(viewOver(430).json)).toThrow("may have 409600");
  });
});

/** The columns of a SELECT, as they are called. */
function listNames(select: string): string[] {
  const columns = select.slice("SELECT ".length, select.indexOf(" FROM ")).split(", ");
  return columns.map((column) => /"([^"]+)"$/.exec(column)?.[1] ?? "");
}

describe("the SQL of a view", () => {
  test("over all accounts takes of the shared table those accounts that it is told to", () => {
    const address = { database: "security", table: "cloudtrail_raw", account: undefined };
    expect(printAllView([address])).toMatch(/ FROM "security"."cloudtrail_raw"$/);
    const accounts = ["111122223333", "444455556666"];
    expect(printAllView([{ ...address, accounts }])).toMatch(
      / FROM "security"."cloudtrail_raw" WHERE "account" IN \('111122223333', '444455556666'\)$/,
    );
  });

  test("names every column, in one order, in each branch", () => {
    const { sql, json } = viewOver(1, { shared: true });
    const [own = "", shared = ""] = sql.split("\nUNION ALL\n");
    const names = ALL_VIEW_COLUMNS.map(({ name }) => name);
    expect(readColumnNames(json)).toEqual(names);
    expect(listNames(own)).toEqual(names);
    expect(listNames(shared)).toEqual(names);
    expect(own).toContain(`'000000000000' AS "account"`);
    expect(shared).toMatch(/, "account", .* FROM "security"."cloudtrail_raw"$/);
  });

  test("of an account has the columns of a table, and only its rows", () => {
    const sql = printAccountView({ database: "security", table: "cloudtrail_raw" }, "111122223333");
    expect(sql).toMatch(/ FROM "security"."cloudtrail_raw" WHERE "account" = '111122223333'$/);
    expect(sql.slice(0, sql.indexOf(" FROM "))).not.toContain(`"account"`);
    const [region, year, month, day] = ACCOUNT_VIEW_COLUMNS.slice(-4).map(({ name }) => name);
    expect([region, year, month, day]).toEqual(["region", "year", "month", "day"]);
  });
});
