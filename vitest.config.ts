import { defineConfig } from "vitest/config";

/** Tests that take long, many of them of whole processes: LONG=1 runs those, and only those. */
const LONG = "**/*.long.test.ts";
const SHORT = ["src/**/*.test.ts", "tools/**/*.test.ts", "test/**/*.test.ts"];
const isLong = process.env["LONG"] === "1";

export default defineConfig({
  test: {
    include: isLong ? [LONG] : SHORT,
    exclude: ["**/node_modules/**", ...(isLong ? [] : [LONG])],
    // Days are UTC everywhere; a zone west of Greenwich shows any that are not.
    env: { TZ: "America/New_York", AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // No module keeps state: files share a process, which saves a third of the time, most of it spent on loading SDKs.
    isolate: false,
    maxWorkers: 2,
  },
});
