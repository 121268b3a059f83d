import { readdir, readFile, stat } from "node:fs/promises";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BUNDLE, useFunction } from "./start-function.ts";
import { startTrail } from "./trail.ts";

const lambda = useFunction();

const MOST_BYTES = 5 * 1024 * 1024;

async function listBundle(): Promise<string[]> {
  return (await readdir(BUNDLE, { recursive: true })).toSorted();
}

test("the bundle is small, and has nothing but modules, their maps and licenses, and zstd", async () => {
  const files = await listBundle();
  expect(files).toContain("index.mjs");
  expect(files.filter((file) => !/\.mjs(\.map|\.LEGAL\.txt)?$/.test(file))).toEqual(["zstd.wasm"]);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(BUNDLE, file))).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
});

test("the bundle needs nothing but Node, and has no engine in it", async () => {
  const files = (await listBundle()).filter((file) => file.endsWith(".mjs"));
  for (const file of files) {
    const text = await readFile(join(BUNDLE, file), "utf8");
    expect(text, file).not.toMatch(/duckdb\.node|@duckdb|client-athena/);
    const statements = text.matchAll(/^(?:import|export)\b[^"']*?["']([^"'\n]+)["']/gm);
    const names = [...statements].map(([, name = ""]) => name).filter((name) => !name.startsWith("./"));
    expect(
      names.filter((name) => !builtinModules.includes(name.replace(/^node:/, ""))),
      file,
    ).toEqual([]);
  }
});

/** All modules that are loaded with one. */
async function listLoaded(file: string, loaded = new Set<string>()): Promise<Set<string>> {
  loaded.add(file);
  const text = await readFile(join(BUNDLE, file), "utf8");
  for (const [, name = ""] of text.matchAll(/^(?:import|export)\b[^"']*?["']\.\/([^"'\n]+)["']/gm))
    if (!loaded.has(name)) await listLoaded(name, loaded);
  return loaded;
}

test("the bundle loads nothing of what makes Parquet before there is a lake", async () => {
  const all = (await listBundle()).filter((file) => file.endsWith(".mjs"));
  const texts = await Promise.all(all.map((file) => readFile(join(BUNDLE, file), "utf8")));
  const ofLake = all.filter((_, index) => texts[index]?.includes("zstd.wasm"));
  expect(ofLake).toHaveLength(1);
  expect([...(await listLoaded("index.mjs"))].filter((file) => ofLake.includes(file))).toEqual([]);
});

test("the bundle is a module that has the handler", async () => {
  expect(await readFile(join(BUNDLE, "index.mjs"), "utf8")).toMatch(/export\{\w+ as handler\};/);
});

test("the bundle's maps lead from an error to the line that threw it", async () => {
  const trail = await startTrail(lambda);
  const { error } = await trail.call({ event: { days: 0 } });
  const [, file = "", line = "0"] =
    /\(?([^\s(]+\/src\/lambda\/[\w-]+\.ts):(\d+):\d+/.exec(error?.stack ?? "") ?? [];
  const text = (await readFile(file.replace(/^file:\/\//, ""), "utf8")).split("\n")[Number(line) - 1];
  expect(text).toContain("throw new UserError(`the event that the function was called with:");
});
