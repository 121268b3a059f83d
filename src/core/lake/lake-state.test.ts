import { describe, expect, test } from "vitest";
import type { Day } from "../day.ts";
import { LAKE_SCHEMA } from "./lake-columns.ts";
import type { LakeVersion } from "./lake-day.ts";
import { printDataFolder, printManifestKey, printSourcesKey } from "./lake-day.ts";
import type { Commit, DayState, ListedFile } from "./lake-state.ts";
import { findDamage, groupByAccountDay, isReadable, listRemovable } from "./lake-state.ts";
import { decideCompaction } from "./plan-compaction.ts";

const AT = { dataset: "data", account: "111122223333", day: "2026-11-20" as Day } as const;
const HOUR = 3_600_000;

function keysOf(version: number, fingerprint: string): { readonly part: string; readonly sources: string } {
  const at: LakeVersion = { ...AT, version, fingerprint };
  return { part: `${printDataFolder(at)}part-00000.parquet`, sources: printSourcesKey(at) };
}

function listed(...keys: string[]): ListedFile[] {
  return keys.map((key) => ({ key, size: 10, modified: 0 }));
}

function manifestKey(version: number): string {
  return printManifestKey({ ...AT, version });
}

function commitOf(version: number, fingerprint: string): Commit {
  return {
    ...AT,
    version,
    fingerprint,
    schema: LAKE_SCHEMA,
    parts: 1,
    objects: 1,
    folder: printDataFolder({ ...AT, version, fingerprint }),
    files: [{ name: "part-00000.parquet", bytes: 10 }],
    sources: { bytes: 10 },
  };
}

function stateOf(commit: Commit | undefined, ...keys: string[]): DayState {
  const [state] = groupByAccountDay(listed(...keys)).values();
  if (state === undefined) throw new Error("no key is one of a lake");
  return { ...state, commit };
}

const current = keysOf(2, "aaaa");
const WHOLE = [manifestKey(1), manifestKey(2), current.part, current.sources];

describe("groupByAccountDay", () => {
  test("finds the highest version, and leaves out what the tool did not write", () => {
    const files = listed("README.md", manifestKey(2), manifestKey(10), manifestKey(9));
    expect([...groupByAccountDay(files)]).toEqual([
      ["data/111122223333/2026-11-20", expect.objectContaining({ version: 10, commit: undefined })],
    ]);
  });
});

describe("A commit", () => {
  test("is readable where all of its files are there in their sizes", () => {
    expect(isReadable(stateOf(commitOf(2, "aaaa"), ...WHOLE))).toBe(true);
  });

  test.each([
    ["a part is gone", WHOLE.filter((key) => key !== current.part), current.part],
    ["its list of objects is gone", WHOLE.filter((key) => key !== current.sources), current.sources],
  ])("is damaged where %s", (_, keys, damaged) => {
    const state = stateOf(commitOf(2, "aaaa"), ...keys);
    expect(isReadable(state)).toBe(false);
    expect(findDamage(commitOf(2, "aaaa"), state.files)).toBe(damaged);
    expect(decideCompaction("aaaa", state)).toBe("damaged");
  });

  test("is damaged where a file has another size, and where its manifest cannot be read", () => {
    const files = [{ key: current.part, size: 9, modified: 0 }, ...listed(current.sources)];
    expect(findDamage(commitOf(2, "aaaa"), files)).toBe(current.part);
    expect(decideCompaction("aaaa", stateOf(undefined, ...WHOLE))).toBe("damaged");
  });

  test("is due where objects came, and where its columns are of another time", () => {
    const state = stateOf(commitOf(2, "aaaa"), ...WHOLE);
    expect(decideCompaction("aaaa", state)).toBeUndefined();
    expect(decideCompaction("bbbb", state)).toBe("changed");
    expect(decideCompaction("aaaa", undefined)).toBe("new");
    const older = { ...state, commit: { ...commitOf(2, "aaaa"), schema: LAKE_SCHEMA - 1 } };
    expect(decideCompaction("aaaa", older)).toBe("outdated");
    expect(isReadable(older)).toBe(true);
  });
});

describe("listRemovable", () => {
  const loser = keysOf(2, "bbbb");
  const earlier = keysOf(1, "cccc");
  const next = keysOf(3, "dddd");
  const all = [...WHOLE, loser.part, loser.sources, earlier.part, earlier.sources, next.part, next.sources];

  test("takes attempts that have lost, at once", () => {
    expect(listRemovable(stateOf(commitOf(2, "aaaa"), ...all), HOUR).toSorted()).toEqual(
      [loser.part, loser.sources].toSorted(),
    );
  });

  test("takes what was replaced a day ago, manifest and all, and never what may be somebody's work", () => {
    expect(listRemovable(stateOf(commitOf(2, "aaaa"), ...all), 24 * HOUR).toSorted()).toEqual(
      [loser.part, loser.sources, earlier.part, earlier.sources, manifestKey(1)].toSorted(),
    );
  });

  test("takes attempts that came to nothing when a week has gone by", () => {
    const removable = listRemovable(stateOf(commitOf(2, "aaaa"), ...all), 7 * 24 * HOUR);
    expect(removable).toEqual(expect.arrayContaining([next.part, next.sources]));
  });

  test("takes nothing of an account-day that has no readable manifest", () => {
    expect(listRemovable(stateOf(undefined, ...all), 1000 * HOUR)).toEqual([]);
    expect(listRemovable(stateOf(undefined, next.part), 1000 * HOUR)).toEqual([]);
  });
});
