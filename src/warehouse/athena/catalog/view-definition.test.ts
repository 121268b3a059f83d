import type { Table } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import { printPrestoView } from "./presto-view.ts";
import { makeViewInput, readViewDefinition } from "./view-definition.ts";
import { ACCOUNT_VIEW_COLUMNS } from "./view-sql.ts";

const VIEW = {
  name: "cloudtrail_111122223333",
  definition: printPrestoView({ sql: "SELECT 1", database: "security", columns: ACCOUNT_VIEW_COLUMNS }),
};
const ALL = ACCOUNT_VIEW_COLUMNS.map(({ name }) => name);
const KEYS = ["region", "year", "month", "day"].map((Name) => ({ Name, Type: "string" }));

test("a view lists its columns in Glue, too", () => {
  const input = makeViewInput(VIEW, { version: "1.0.0" });
  expect(input.StorageDescriptor?.Columns?.map(({ Name }) => Name)).toEqual(ALL);
  expect(input.PartitionKeys).toEqual([]);
  expect(readViewDefinition(input as Table)).toBe(VIEW.definition);
});

test.each([
  ["that it had as a table", { existing: { Name: VIEW.name, PartitionKeys: KEYS } }],
  ["that it is given", { keys: KEYS }],
])("a view with the partition keys %s has each name once, and all of them in its JSON", (_, options) => {
  const input = makeViewInput(VIEW, { version: "1.0.0", ...options });
  const names = [...(input.StorageDescriptor?.Columns ?? []), ...(input.PartitionKeys ?? [])].map(
    ({ Name }) => Name,
  );
  expect(names).toEqual(ALL);
  expect(readViewDefinition(input as Table)).toBe(VIEW.definition);
});

test("a view keeps its owner, and has one in any case", () => {
  expect(makeViewInput(VIEW, { version: "1.0.0" }).Owner).toBe("hadoop");
  const existing = { Name: VIEW.name, Owner: "somebody" };
  expect(makeViewInput(VIEW, { version: "1.0.0", existing }).Owner).toBe("somebody");
});
