import { expect, test } from "vitest";
import type { SetAsideFile } from "../../core/catalog.ts";
import { printSetAside } from "./set-aside.ts";

const file: SetAsideFile = {
  file: "/logs/a.json.gz",
  account: "111122223333",
  bytes: 1,
  modified: 2,
  verdict: "unreadable",
  reason: "not gzip",
};

test("a file that is left out, and one that is read with NULLs, are a line each", () => {
  expect(printSetAside([file, { ...file, verdict: "irregular", reason: "a string" }])).toEqual([
    "left out: /logs/a.json.gz: not gzip",
    "read with NULL for values of a wrong shape: /logs/a.json.gz: a string",
  ]);
});

test("names and reasons have nothing that a terminal acts on", () => {
  const [line] = printSetAside([{ ...file, file: "/logs/\u001b[31m\n.gz", reason: "starts with \u009b" }]);
  expect(line).toBe("left out: /logs/\\u001b[31m\\n.gz: starts with \\u009b");
});

test("of many files twenty are named, and the last line says how many more there are and where", () => {
  const lines = printSetAside(Array.from({ length: 23 }, () => file));
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe("and 3 files more; SELECT * FROM cloudtrail_partitioner.set_aside lists all");
  expect(printSetAside(Array.from({ length: 20 }, () => file))).toHaveLength(20);
});

test("no files are no lines", () => {
  expect(printSetAside([])).toEqual([]);
});
