import { describe, expect, test } from "vitest";
import type { Day } from "../../../core/day.ts";
import { PartitionSet } from "../../../core/partition-set.ts";
import { UserError } from "../../../core/user-error.ts";
import type { Layout } from "./layout.ts";
import { decideLayout } from "./layout.ts";

const [ROOT, OTHER] = ["s3://logs/AWSLogs/", "s3://logs/AWSLogs/o-aa111bb222/"] as const;
const REGISTERED = { projected: false };

function accountIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1).padStart(12, "0"));
}

function partitionsOf(accounts: readonly string[], day = "2026-11-20", root: string = ROOT): PartitionSet {
  return new PartitionSet(
    accounts.map((account) => ({ account, region: "us-east-1", day: day as Day, roots: [root] })),
  );
}

function together(...sets: readonly PartitionSet[]): PartitionSet {
  return new PartitionSet(sets.flatMap((set) => [...set]));
}

describe("decideLayout", () => {
  test.each<[Layout, number, "own" | "shared"]>([
    ["auto", 0, "own"],
    ["auto", 1, "own"],
    ["auto", 100, "own"],
    ["auto", 101, "shared"],
    ["tables", 100, "own"],
    ["unified", 1, "shared"],
    ["unified", 500, "shared"],
  ])("%s gives %i accounts tables of the kind: %s", (layout, count, kind) => {
    const accounts = accountIds(count);
    const decided = decideLayout(layout, partitionsOf(accounts), REGISTERED);
    expect(decided).toEqual({ own: [], shared: [], [kind]: accounts });
  });

  test("refuses more tables than a view can safely read, and says what to do", () => {
    const partitions = partitionsOf(accountIds(101));
    expect(() => decideLayout("tables", partitions, REGISTERED)).toThrow(UserError);
    expect(() => decideLayout("tables", partitions, REGISTERED)).toThrow("101 tables");
  });

  test("an account with one Region and day under two roots shares a table, the others do not", () => {
    const accounts = accountIds(3);
    const partitions = together(
      partitionsOf(accounts),
      partitionsOf(accounts.slice(1, 2), "2026-11-20", OTHER),
    );
    for (const layout of ["auto", "tables"] as const) {
      expect(decideLayout(layout, partitions, REGISTERED)).toEqual({
        own: [accounts[0], accounts[2]],
        shared: [accounts[1]],
      });
    }
  });

  test("an account that moved to another root keeps its table, but where its one template must fit all days", () => {
    const accounts = accountIds(2);
    const moved = partitionsOf(accounts.slice(0, 1), "2026-11-21", OTHER);
    const partitions = together(partitionsOf(accounts), moved);
    expect(decideLayout("auto", partitions, REGISTERED).shared).toEqual([]);
    expect(decideLayout("auto", partitions, { projected: true })).toEqual({
      own: [accounts[1]],
      shared: [accounts[0]],
    });
  });
});
