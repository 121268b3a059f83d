#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.js", import.meta.url);
if (existsSync(main)) {
  const { runMain } = await import(main.href);
  await runMain(process.argv);
} else {
  console.error("error: cloudtrail-partitioner is not built yet\nhint: npm ci && npm run build");
  process.exitCode = 1;
}
