import { describe, expect, test } from "vitest";
import type { Catalog, Partition, SetAsideFile, Table } from "./catalog.ts";
import { partitionId } from "./catalog.ts";
import type { Day } from "./day.ts";
import type { Plan } from "./plan.ts";
import { planCatalog } from "./plan.ts";

const EMPTY: Catalog = { tables: new Map(), view: undefined, setAside: new Map() };

function partition(day: string, ...roots: string[]): Partition {
  return { region: "us-east-1", day: day as Day, roots: roots.length > 0 ? roots : ["/logs/AWSLogs/"] };
}

function table(account: string, partitions: Partition[], definition = "one"): Table {
  return {
    name: `cloudtrail_${account}`,
    account,
    partitions: new Map(partitions.map((each) => [partitionId(each), each])),
    sources: [],
    definition,
  };
}

function catalog(tables: Table[], rest: Partial<Catalog> = {}): Catalog {
  return {
    tables: new Map(tables.map((each) => [each.name, each])),
    view: tables.length === 0 ? undefined : { name: "cloudtrail", definition: "all" },
    setAside: new Map(),
    ...rest,
  };
}

function setAside(file: string, rest: Partial<SetAsideFile> = {}): SetAsideFile {
  return { file, account: "1", bytes: 10, modified: 5, verdict: "unreadable", reason: "why", ...rest };
}

function byFile(...files: SetAsideFile[]): ReadonlyMap<string, SetAsideFile> {
  return new Map(files.map((each) => [each.file, each]));
}

function kinds({ changes }: Plan): string[] {
  return changes.map(({ kind }) => kind);
}

const ONE = table("1", [partition("2026-11-20")]);
const TWO = table("2", [partition("2026-11-20")]);

describe("planCatalog", () => {
  test.each([
    ["empty", EMPTY],
    ["with a table", catalog([ONE])],
    ["with tables and files set aside", catalog([ONE, TWO], { setAside: byFile(setAside("/a")) })],
  ])("plans nothing for equal catalogs: %s", (_, same) => {
    expect(planCatalog(same, same)).toEqual({ changes: [] });
    expect(planCatalog(structuredClone(same), same)).toEqual({ changes: [] });
  });

  test("creates a table, with its partitions, and the view after it", () => {
    expect(planCatalog(catalog([ONE]), EMPTY)).toEqual({
      changes: [
        { kind: "create-table", table: ONE },
        { kind: "create-view", view: { name: "cloudtrail", definition: "all" } },
      ],
    });
  });

  test("adds the partitions that are missing, and only those", () => {
    const wanted = table("1", [partition("2026-11-20"), partition("2026-11-21")]);
    expect(planCatalog(catalog([wanted]), catalog([ONE]))).toEqual({
      changes: [{ kind: "add-partitions", table: wanted, partitions: [partition("2026-11-21")] }],
    });
  });

  test("adds a partition again that lies under one more root", () => {
    const both = partition("2026-11-20", "/logs/AWSLogs/", "/logs/o-1/AWSLogs/");
    const wanted = table("1", [both]);
    expect(planCatalog(catalog([wanted]), catalog([ONE])).changes).toEqual([
      { kind: "add-partitions", table: wanted, partitions: [both] },
    ]);
  });

  test("replaces a table whose definition differs, after its partitions", () => {
    const wanted = table("1", [partition("2026-11-20"), partition("2026-11-21")], "two");
    expect(kinds(planCatalog(catalog([wanted]), catalog([ONE])))).toEqual([
      "add-partitions",
      "replace-table",
    ]);
  });

  test("replaces a view whose definition differs, and never drops it", () => {
    const view = { name: "cloudtrail", definition: "all and more" };
    expect(planCatalog(catalog([ONE], { view }), catalog([ONE])).changes).toEqual([
      { kind: "replace-view", view },
    ]);
  });

  test("never drops what is in the catalog only", () => {
    const rich = catalog([table("1", [partition("2026-11-20"), partition("2026-11-21")]), TWO]);
    expect(planCatalog(catalog([ONE]), rich)).toEqual({ changes: [] });
    expect(planCatalog(EMPTY, rich)).toEqual({ changes: [] });
  });

  test("leaves a root that only the catalog knows", () => {
    const rich = table("1", [partition("2026-11-20", "/logs/AWSLogs/", "/logs/o-1/AWSLogs/")]);
    expect(planCatalog(catalog([ONE]), catalog([rich])).changes).toEqual([]);
  });

  test.each([
    ["new", []],
    ["changed in size", [setAside("/a", { bytes: 11 })]],
    ["changed in time", [setAside("/a", { modified: 6 })]],
    ["of another verdict", [setAside("/a", { verdict: "irregular" })]],
  ])("sets a file aside that is %s", (_, known) => {
    const file = setAside("/a");
    const plan = planCatalog(
      catalog([ONE], { setAside: byFile(file) }),
      catalog([ONE], { setAside: byFile(...known) }),
    );
    expect(plan.changes).toEqual([{ kind: "set-aside", files: [file] }]);
  });

  test("takes back a file that is no longer set aside", () => {
    const [good, bad] = [setAside("/a"), setAside("/b")];
    const plan = planCatalog(
      catalog([ONE], { setAside: byFile(bad) }),
      catalog([ONE], { setAside: byFile(good, bad) }),
    );
    expect(plan.changes).toEqual([{ kind: "take-back", files: [good] }]);
  });

  test("orders all changes: files, then tables as the catalog has them, then the view", () => {
    const grown = table("1", [partition("2026-11-20"), partition("2026-11-21")], "two");
    const desired = catalog([grown, TWO], {
      view: { name: "cloudtrail", definition: "new" },
      setAside: byFile(setAside("/new")),
    });
    const actual = catalog([ONE], { setAside: byFile(setAside("/old")) });
    expect(kinds(planCatalog(desired, actual))).toEqual([
      "take-back",
      "set-aside",
      "add-partitions",
      "replace-table",
      "create-table",
      "replace-view",
    ]);
  });
});
