import { copyFile, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What Lambda runs: `index.handler` of this folder, or of the one that is named as the argument. */
const FOLDER = resolve(process.argv[2] ?? fileURLToPath(new URL("../dist/lambda/", import.meta.url)));

const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

await rm(FOLDER, { recursive: true, force: true });
await build({
  entryPoints: { index: fileURLToPath(new URL("../src/lambda/handler.ts", import.meta.url)) },
  outdir: FOLDER,
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node22",
  format: "esm",
  outExtension: { ".js": ".mjs" },
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  mainFields: ["module", "main"],
  define: { BUNDLED_VERSION: JSON.stringify(version) },
  // Libraries in CommonJS call require and ask for __dirname, which an ES module has not.
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url), __dirname = import.meta.dirname;',
  },
  legalComments: "external",
});

// It is read from the folder of the module that wants it.
const zstd = createRequire(import.meta.url).resolve("@bokuweb/zstd-wasm");
await copyFile(join(dirname(zstd), "zstd.wasm"), join(FOLDER, "zstd.wasm"));
