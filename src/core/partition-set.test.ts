import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Day } from "./day.ts";
import type { Partition } from "./partition-set.ts";
import { PartitionSet } from "./partition-set.ts";

fc.configureGlobal({ seed: 20261122 });

const ACCOUNTS = ["000000000012", "111122223333", "444455556666"];
const REGIONS = ["eu-west-1", "us-east-1", "us-gov-west-1"];
const DAYS = ["2025-12-31", "2026-01-01", "2026-11-22"] as Day[];
const ROOTS = ["s3://a/AWSLogs/", "s3://a/AWSLogs/o-aa111bb222/", "s3://b/AWSLogs/"];

const arbitraryPartition: fc.Arbitrary<Partition> = fc.record({
  account: fc.constantFrom(...ACCOUNTS),
  region: fc.constantFrom(...REGIONS),
  day: fc.constantFrom(...DAYS),
  roots: fc.array(fc.constantFrom(...ROOTS), { minLength: 1, maxLength: 3 }),
});
const arbitraryPartitions = fc.array(arbitraryPartition, { maxLength: 40 });

/** The obvious way: text to roots. */
type Model = ReadonlyMap<string, ReadonlySet<string>>;

function idOf({ account, region, day }: Pick<Partition, "account" | "region" | "day">): string {
  return `${account} ${region} ${day}`;
}

function modelOf(partitions: readonly Partition[]): Model {
  const model = new Map<string, Set<string>>();
  for (const each of partitions) {
    model.set(idOf(each), new Set([...(model.get(idOf(each)) ?? []), ...each.roots]));
  }
  return model;
}

function printModel(model: Model): string[] {
  return [...model].map(([id, roots]) => `${id} ${[...roots].toSorted().join(",")}`).toSorted();
}

function printSet(set: PartitionSet): string[] {
  return [...set].map((each) => `${idOf(each)} ${each.roots.join(",")}`);
}

const EVERY_PLACE = ACCOUNTS.flatMap((account) =>
  REGIONS.flatMap((region) => DAYS.map((day) => ({ account, region, day }))),
);

describe("a partition set is what a map of texts is", () => {
  test("in its order, its size, its accounts and its Regions", () => {
    fc.assert(
      fc.property(arbitraryPartitions, (partitions) => {
        const set = new PartitionSet(partitions);
        const model = modelOf(partitions);
        expect(printSet(set)).toEqual(printModel(model));
        expect(set.size).toBe(model.size);
        expect(set.accounts).toEqual([...new Set(partitions.map(({ account }) => account))].toSorted());
        expect(set.regions).toEqual([...new Set(partitions.map(({ region }) => region))].toSorted());
      }),
    );
  });

  test("in what it has, and under which roots", () => {
    fc.assert(
      fc.property(arbitraryPartitions, (partitions) => {
        const set = new PartitionSet(partitions);
        const model = modelOf(partitions);
        expect(EVERY_PLACE.map((place) => [set.has(place), set.rootsOf(place)])).toEqual(
          EVERY_PLACE.map((place) => [
            model.has(idOf(place)),
            [...(model.get(idOf(place)) ?? [])].toSorted(),
          ]),
        );
      }),
    );
  });

  test("in its difference from another", () => {
    fc.assert(
      fc.property(arbitraryPartitions, arbitraryPartitions, (some, others) => {
        const known = modelOf(others);
        const missing = [...modelOf(some)].filter(
          ([id, roots]) => ![...roots].every((root) => known.get(id)?.has(root)),
        );
        const difference = new PartitionSet(some).difference(new PartitionSet(others));
        expect(printSet(difference)).toEqual(printModel(new Map(missing)));
      }),
    );
  });

  test("in the part of one account, and in the part that is kept", () => {
    fc.assert(
      fc.property(arbitraryPartitions, fc.constantFrom(...ACCOUNTS), (partitions, account) => {
        const set = new PartitionSet(partitions);
        const theirs = printModel(modelOf(partitions.filter((each) => each.account === account)));
        expect(printSet(set.ofAccount(account))).toEqual(theirs);
        expect(printSet(set.filter((each) => each.account === account))).toEqual(theirs);
      }),
    );
  });
});

describe("a partition set", () => {
  const place = { account: "111122223333", region: "us-east-1", day: DAYS[0]! };

  test("is empty to begin with", () => {
    const set = new PartitionSet();
    expect([set.size, [...set], set.accounts, set.regions]).toEqual([0, [], [], []]);
    expect(set.rootsOf(place)).toEqual([]);
    expect(set.ofAccount("111122223333").size).toBe(0);
  });

  test("counts a partition under two roots once, however they are added", () => {
    const set = new PartitionSet([{ ...place, roots: [ROOTS[1]!] }]);
    set.add({ ...place, roots: [ROOTS[0]!] });
    set.add({ ...place, roots: [ROOTS[1]!, ROOTS[0]!] });
    expect(set.size).toBe(1);
    expect(set.rootsOf(place)).toEqual([ROOTS[0], ROOTS[1]]);
  });

  test("has a partition whose root is not known, and lacks it in a difference until a root is", () => {
    const rootless = new PartitionSet([{ ...place, roots: [] }]);
    expect([rootless.size, rootless.has(place)]).toEqual([1, true]);
    const rooted = new PartitionSet([{ ...place, roots: [ROOTS[0]!] }]);
    expect(rooted.difference(rootless).size).toBe(1);
    rootless.add({ ...place, roots: [ROOTS[0]!] });
    expect(rooted.difference(rootless).size).toBe(0);
  });

  test("is not changed by changes to what was derived from it", () => {
    const set = new PartitionSet([{ ...place, roots: [ROOTS[0]!] }]);
    for (const derived of [set.ofAccount(place.account), set.filter(() => true), new PartitionSet(set)]) {
      derived.add({ ...place, day: DAYS[1]!, roots: [ROOTS[0]!] });
      derived.add({ ...place, roots: [ROOTS[1]!] });
    }
    expect(printSet(set)).toEqual([`${idOf(place)} ${ROOTS[0]}`]);
  });
});
