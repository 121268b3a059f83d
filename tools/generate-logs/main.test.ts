import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "generate-logs-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function run(...argv: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync(process.execPath, ["--import", "tsx", MAIN, ...argv], { encoding: "utf8" });
}

test("a new folder is filled, each file is listed, and the sum is printed", () => {
  const out = join(folder, "logs");
  const { status, stdout, stderr } = run("--out", out, "--files", "5", "--records", "2", "--list");
  expect(status).toBe(0);
  const listed = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly key: string; readonly bytes: number });
  expect(listed).toHaveLength(5);
  for (const { key, bytes } of listed) expect(readFileSync(join(out, key))).toHaveLength(bytes);
  expect(stderr).toMatch(/^5 files, \d+ records, [\d,]+ bytes\n {2}log /);
});

test("a folder that is not empty is refused, and left as it is", () => {
  writeFileSync(join(folder, "mine.txt"), "");
  const { status, stdout, stderr } = run("--out", folder);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain('is not empty: it holds "mine.txt"');
  expect(stderr).toContain("hint: ");
  expect(readdirSync(folder)).toEqual(["mine.txt"]);
});
