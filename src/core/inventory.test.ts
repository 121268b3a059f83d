import { expect, test } from "vitest";
import type { Day } from "./day.ts";
import type { InventoryPartition } from "./inventory.ts";
import { totalInventory } from "./inventory.ts";

const PARTITION: InventoryPartition = {
  root: "AWSLogs/",
  account: "111122223333",
  kind: "CloudTrail",
  region: "us-east-1",
  day: "2026-11-20" as Day,
  objects: 2,
  bytes: 100,
};

test("totalInventory of nothing is zeros without days", () => {
  expect(totalInventory([])).toEqual({
    accounts: 0,
    regions: 0,
    partitions: 0,
    objects: 0,
    bytes: 0,
    firstDay: undefined,
    lastDay: undefined,
  });
});

test("totalInventory counts each account, Region and partition once, and adds files and bytes", () => {
  const partitions = [
    PARTITION,
    { ...PARTITION, day: "2026-11-22" as Day },
    { ...PARTITION, day: "2026-11-19" as Day, region: "eu-west-1" },
    { ...PARTITION, account: "444455556666", objects: 1, bytes: 1 },
  ];
  expect(totalInventory(partitions)).toEqual({
    accounts: 2,
    regions: 2,
    partitions: 4,
    objects: 7,
    bytes: 301,
    firstDay: "2026-11-19",
    lastDay: "2026-11-22",
  });
});

test("totalInventory counts a day that lies under two roots as one partition", () => {
  const twice = [PARTITION, { ...PARTITION, root: "AWSLogs/o-aa111bb222/" }];
  expect(totalInventory(twice)).toMatchObject({ accounts: 1, partitions: 1, objects: 4, bytes: 200 });
});

test("totalInventory counts another kind of log of the same day as another partition", () => {
  const kinds = [PARTITION, { ...PARTITION, kind: "CloudTrail-Digest" as const }];
  expect(totalInventory(kinds)).toMatchObject({ accounts: 1, regions: 1, partitions: 2 });
});
