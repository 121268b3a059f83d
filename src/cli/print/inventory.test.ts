import { expect, test } from "vitest";
import type { Day } from "../../core/day.ts";
import type { Inventory, InventoryPartition } from "../../core/inventory.ts";
import { printInventory, printOddities } from "./inventory.ts";

const partition: InventoryPartition = {
  root: "AWSLogs/",
  account: "111122223333",
  kind: "CloudTrail",
  region: "us-east-1",
  day: "2026-03-01" as Day,
  objects: 2,
  bytes: 1500,
};

const inventory: Inventory = {
  url: "/logs",
  roots: ["AWSLogs/"],
  partitions: [partition],
  outside: [],
  unseen: [],
  oddities: [],
  otherServices: [],
  tooSmall: [],
  listings: 7,
};

test("an account, kind and root is a line, with its Regions, days and files added up", () => {
  const text = printInventory({
    ...inventory,
    partitions: [
      { ...partition, account: "999999999999" },
      { ...partition, region: "eu-west-1", day: "2026-03-05" as Day, objects: 1000 },
      partition,
      { ...partition, root: "old/AWSLogs/" },
    ],
  });
  const rows = text.split("\n").filter((line) => /\d{12}/.test(line));
  expect(
    rows.map((row) =>
      row
        .split("│")
        .map((cell) => cell.trim())
        .slice(1, -1),
    ),
  ).toEqual([
    ["111122223333", "CloudTrail", "AWSLogs/", "2", "2", "1,002", "3.0 kB", "2026-03-01", "2026-03-05"],
    ["111122223333", "CloudTrail", "old/AWSLogs/", "1", "1", "2", "1.5 kB", "2026-03-01", "2026-03-01"],
    ["999999999999", "CloudTrail", "AWSLogs/", "1", "1", "2", "1.5 kB", "2026-03-01", "2026-03-01"],
  ]);
  expect(text).toMatch(/\n1,006 files \(6\.0 kB\) of 2 accounts in 2 Regions, in \/logs\n$/);
});

test("other services are named once, and names have nothing that a terminal acts on", () => {
  const text = printInventory({
    ...inventory,
    url: "/lo\u001bgs",
    partitions: [{ ...partition, root: "\u202eAWSLogs/" }],
    otherServices: ["Config", "evil\u001b[31m"],
  });
  expect(text).toContain("Other services' logs beside them: Config, evil\\u001b[31m\n");
  expect(text).toContain("\\u202eAWSLogs/");
  expect(text).toContain("in /lo\\u001bgs\n");
});

test("an inventory without partitions is a head and zeros", () => {
  expect(printInventory({ ...inventory, partitions: [] })).toMatch(
    /\n0 files \(0 B\) of 0 accounts in 0 Regions, in \/logs\n$/,
  );
});

test("a reason for passing something over is a line, with examples and how many more there are", () => {
  expect(
    printOddities({
      ...inventory,
      oddities: [
        { reason: "not a day", count: 1, examples: ["a/"] },
        { reason: "not a log file", count: 1005, examples: ["x\n.txt", "y", "z"] },
      ],
    }),
  ).toEqual(["not read: a/: not a day", "not read: x\\n.txt, y, z and 1,002 more: not a log file"]);
});

test("a kind of log that no table holds is a line; CloudTrail is not", () => {
  const digest: InventoryPartition = { ...partition, kind: "CloudTrail-Digest" };
  expect(printOddities({ ...inventory, partitions: [partition, digest, digest] })).toEqual([
    "not in any table: CloudTrail-Digest files (tables hold the kind CloudTrail)",
  ]);
});
