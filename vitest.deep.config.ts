import { defineConfig } from "vitest/config";

/** The contract suites on real servers, whose addresses stand in the environment: see test/deep/servers.ts. */
export default defineConfig({
  test: {
    include: ["test/deep/**/*.deep.ts"],
    env: {
      TZ: "America/New_York",
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
