import { describe, expect, test } from "vitest";
import type { Catalog, SetAsideFile, Table, View } from "./catalog.ts";
import type { Day } from "./day.ts";
import type { Partition } from "./partition-set.ts";
import { PartitionSet } from "./partition-set.ts";
import type { Change, Plan } from "./plan.ts";
import { countWrites, listWrites, planCatalog } from "./plan.ts";
import { UserError } from "./user-error.ts";

const EMPTY: Catalog = { tables: new Map(), views: new Map(), setAside: new Map() };

function partition(day: string, ...roots: string[]): Partition {
  const account = "1";
  return {
    account,
    region: "us-east-1",
    day: day as Day,
    roots: roots.length > 0 ? roots : ["/logs/AWSLogs/"],
  };
}

function table(account: string, partitions: Partition[], definition = "one"): Table {
  return {
    name: `cloudtrail_${account}`,
    account,
    partitions: new PartitionSet(partitions.map((each) => ({ ...each, account }))),
    sources: [],
    definition,
  };
}

function catalog(tables: Table[], rest: Partial<Catalog> = {}): Catalog {
  return {
    tables: new Map(tables.map((each) => [each.name, each])),
    views: byName(...(tables.length === 0 ? [] : [VIEW])),
    setAside: new Map(),
    ...rest,
  };
}

const VIEW: View = { name: "cloudtrail", definition: "all" };

function byName(...views: View[]): ReadonlyMap<string, View> {
  return new Map(views.map((view) => [view.name, view]));
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
      changes: [
        { kind: "add-partitions", table: wanted, partitions: new PartitionSet([partition("2026-11-21")]) },
      ],
    });
  });

  test("adds a partition again that lies under one more root", () => {
    const both = partition("2026-11-20", "/logs/AWSLogs/", "/logs/o-1/AWSLogs/");
    const wanted = table("1", [both]);
    expect(planCatalog(catalog([wanted]), catalog([ONE])).changes).toEqual([
      { kind: "add-partitions", table: wanted, partitions: new PartitionSet([both]) },
    ]);
  });

  test("replaces a table whose definition differs, before its partitions", () => {
    const wanted = table("1", [partition("2026-11-20"), partition("2026-11-21")], "two");
    expect(kinds(planCatalog(catalog([wanted]), catalog([ONE])))).toEqual([
      "replace-table",
      "add-partitions",
    ]);
  });

  test("replaces a view whose definition differs, and never drops it", () => {
    const view = { name: "cloudtrail", definition: "all and more" };
    expect(planCatalog(catalog([ONE], { views: byName(view) }), catalog([ONE])).changes).toEqual([
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
      views: byName({ name: "cloudtrail", definition: "new" }),
      setAside: byFile(setAside("/new")),
    });
    const actual = catalog([ONE], { setAside: byFile(setAside("/old")) });
    expect(kinds(planCatalog(desired, actual))).toEqual([
      "take-back",
      "set-aside",
      "replace-table",
      "add-partitions",
      "create-table",
      "replace-view",
    ]);
  });

  test("creates the database first, and only where it is missing", () => {
    const wanted = catalog([ONE], { database: "security" });
    expect(planCatalog(wanted, EMPTY).changes[0]).toEqual({ kind: "create-database", database: "security" });
    expect(kinds(planCatalog(wanted, { ...EMPTY, database: "security" }))).not.toContain("create-database");
  });

  test("brings partitions of an earlier time along, after their table and before new ones", () => {
    const old = { ...ONE, outdated: ONE.partitions };
    const wanted = table("1", [partition("2026-11-20"), partition("2026-11-21")], "two");
    const { changes } = planCatalog(catalog([wanted]), catalog([old]));
    expect(changes.map(({ kind }) => kind)).toEqual(["replace-table", "update-partitions", "add-partitions"]);
    expect(changes[1]).toMatchObject({ partitions: ONE.partitions });
  });

  test("drops partitions beyond their retention, and only on request", () => {
    const rich = table("1", [partition("2026-11-19"), partition("2026-11-20")]);
    expect(planCatalog(catalog([ONE]), catalog([rich])).changes).toEqual([]);
    const options = { dropBefore: "2026-11-20" as Day };
    expect(planCatalog(catalog([ONE]), catalog([rich]), options).changes).toEqual([
      { kind: "drop-partitions", table: ONE, partitions: new PartitionSet([partition("2026-11-19")]) },
    ]);
  });

  test("turns a table of ours into a view in its place, after the view over all", () => {
    const all = table("all", [partition("2026-11-20")]);
    const own: View = { name: ONE.name, definition: "SELECT" };
    const desired = catalog([all], { views: byName({ ...VIEW, definition: "new" }, own) });
    expect(kinds(planCatalog(desired, catalog([ONE])))).toEqual([
      "create-table",
      "replace-view",
      "turn-into-view",
    ]);
  });

  test("turns a view of ours into a table in its place, before the view over all", () => {
    const own: View = { name: ONE.name, definition: "SELECT" };
    const actual = catalog([], { views: byName(VIEW, own) });
    expect(
      kinds(planCatalog(catalog([ONE], { views: byName({ ...VIEW, definition: "new" }) }), actual)),
    ).toEqual(["turn-into-table", "replace-view"]);
  });

  test.each(["cloudtrail", "cloudtrail_1"])("refuses to change %s, which somebody else made", (name) => {
    const actual = { ...EMPTY, foreign: new Set([name]) };
    expect(() => planCatalog(catalog([ONE]), actual)).toThrow(UserError);
    expect(() => planCatalog(catalog([ONE]), actual)).toThrow(name);
  });

  test("minds no foreign name that it does not touch", () => {
    const actual = { ...catalog([ONE]), foreign: new Set(["cloudtrail_notes"]) };
    expect(planCatalog(catalog([ONE, TWO]), actual).changes).toHaveLength(1);
  });
});

describe("listWrites and countWrites", () => {
  const grown = table("1", [partition("2026-11-20"), partition("2026-11-21")]);
  const partitions = new PartitionSet([partition("2026-11-19")]);
  const none = { create: 0, update: 0, delete: 0 };

  test.each<[Change, number | undefined, object]>([
    [{ kind: "create-database", database: "security" }, undefined, none],
    [{ kind: "create-table", table: grown }, 2, { ...none, create: 2 }],
    [{ kind: "replace-table", table: grown }, undefined, none],
    [{ kind: "turn-into-table", table: grown }, 2, { ...none, create: 2 }],
    [{ kind: "add-partitions", table: grown, partitions }, 1, { ...none, create: 1 }],
    [{ kind: "update-partitions", table: grown, partitions }, 1, { ...none, update: 1 }],
    [{ kind: "drop-partitions", table: grown, partitions }, 1, { ...none, delete: 1 }],
    [{ kind: "create-view", view: VIEW }, undefined, none],
    [{ kind: "replace-view", view: VIEW }, undefined, none],
    [{ kind: "turn-into-view", view: VIEW }, undefined, none],
    [{ kind: "set-aside", files: [setAside("/a")] }, undefined, none],
    [{ kind: "take-back", files: [setAside("/a")] }, undefined, none],
  ])("know the partitions that are written: $kind", (change, size, counts) => {
    expect(listWrites(change)?.size).toBe(size);
    expect(countWrites({ changes: [change] })).toEqual(counts);
  });

  test("take all changes of a plan together", () => {
    const changes: Change[] = [
      { kind: "create-table", table: grown },
      { kind: "add-partitions", table: grown, partitions },
      { kind: "drop-partitions", table: grown, partitions },
    ];
    expect(countWrites({ changes })).toEqual({ create: 3, update: 0, delete: 1 });
    expect(countWrites({ changes: [] })).toEqual(none);
  });
});
