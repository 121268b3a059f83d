import { describe, test } from "vitest";

/** What tests need beside Node, and where it is: each is started or built by the script of its name in .ci/servers. */
const VARIABLES = {
  moto: "CTP_MOTO_URL",
  s3: "CTP_S3_URL",
  trino: "CTP_TRINO_URL",
  ric: "CTP_RIC",
} as const;

/**
 * Defines tests on a real server. Where it is missing they are skipped with a message that nobody misses, and in CI they
 * fail.
 */
export function onServer(name: keyof typeof VARIABLES, define: (url: string) => void): void {
  const variable = VARIABLES[name];
  const url = process.env[variable];
  if (url !== undefined && url !== "") return define(url);
  const missing = `${name} is not tested: ${variable} does not say where it is (.ci/servers/${name} does)`;
  if (process.env["CI"] !== undefined) {
    test(missing, () => {
      throw new Error(missing);
    });
  } else {
    process.stderr.write(`\n*** ${missing} ***\n\n`);
    describe.skip(missing, () => {
      test("skipped", () => {});
    });
  }
}
