import { defineConfig } from "vitest/config";

/** What is timed has the machine for itself. */
const TIMED = "test/deep/cold-start.deep.ts";

/** The contract suites on real servers, whose addresses stand in the environment: see test/deep/servers.ts. */
export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: "timed", include: [TIMED], sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: "deep",
          include: ["test/deep/**/*.deep.ts"],
          exclude: [TIMED],
          sequence: { groupOrder: 1 },
        },
      },
    ],
    env: {
      TZ: "America/New_York",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "testtest",
      AWS_REGION: "us-east-1",
    },
    // The first query of a Trino that was just started takes minutes on a busy machine.
    testTimeout: 900_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
