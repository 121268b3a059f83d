import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AwsDouble } from "../../test/doubles/aws-double.ts";
import { startAwsDouble } from "../../test/doubles/aws-double.ts";
import type { Check } from "../core/check.ts";
import { UserError } from "../core/user-error.ts";
import { day, makeFolder, makeLog, putFiles } from "../fixtures.contract.ts";
import type { OpenPorts } from "../open-ports.ts";
import { openPorts } from "../open-ports.ts";
import { doctor } from "./doctor.ts";
import type { PlanOptions } from "./plan.ts";
import { run } from "./run.ts";

const OPTIONS: PlanOptions = { tablePrefix: "cloudtrail", today: day("2026-11-22") };

function byName(checks: readonly Check[]): ReadonlyMap<string, Check> {
  return new Map(checks.map((check) => [check.name, check]));
}

function failed(checks: readonly Check[]): string[] {
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
}

async function examine(open: () => Promise<OpenPorts>): Promise<readonly Check[]> {
  return doctor(async () => ({ ports: await open(), options: OPTIONS }));
}

describe("doctor on DuckDB", () => {
  test("is content before the first run, which it says is due, and after it", async () => {
    const folder = await makeFolder();
    await putFiles(`${folder}/logs`, [makeLog()]);
    const open = (): Promise<OpenPorts> =>
      openPorts({ logs: `${folder}/logs`, engine: "duckdb", database: `${folder}/x.duckdb` });
    const before = await examine(open);
    expect(failed(before)).toEqual([]);
    expect(byName(before).get("tables")?.found).toContain("run makes them");
    expect(byName(before).get("engine")?.found).toBe("DuckDB starts");
    expect(byName(before).get("database")?.found).toBe("no tables yet: run makes them");
    expect(byName(before).get("logs")?.found).toBe("1 files of 1 accounts in 1 Regions");
    await run(await open(), OPTIONS);
    const after = await examine(open);
    expect(failed(after)).toEqual([]);
    expect(after.map(({ name }) => name)).toEqual([
      "Node.js",
      "configuration",
      "engine",
      "database",
      "logs",
      "tables",
      "layout",
      "files set aside",
    ]);
  });

  test("names folders and files that are not as they should be", async () => {
    const folder = await makeFolder();
    const { key } = makeLog({ file: "cut.json.gz" });
    await putFiles(`${folder}/logs`, [
      makeLog(),
      { key, bytes: new Uint8Array(3) },
      { key: "AWSLogs/999/x", bytes: new Uint8Array(1) },
    ]);
    const checks = await examine(() =>
      openPorts({ logs: `${folder}/logs`, engine: "duckdb", database: `${folder}/x.duckdb` }),
    );
    expect(failed(checks)).toEqual(["layout", "files set aside"]);
    expect(byName(checks).get("files set aside")?.found).toBe("1");
  });

  test("ends with the configuration where that leads nowhere", async () => {
    const checks = await doctor(() => Promise.reject(new UserError("no such folder", { hint: "make it" })));
    expect(checks.at(-1)).toEqual({
      name: "configuration",
      ok: false,
      found: "no such folder",
      remedy: "make it",
    });
  });
});

describe("doctor on Athena", () => {
  let aws: AwsDouble;
  beforeAll(async () => {
    aws = await startAwsDouble();
    const { key, bytes } = makeLog();
    aws.s3.createBucket("example-logs", { region: "us-east-1" });
    aws.s3.put("example-logs", key, bytes);
    aws.s3.createBucket("aws-athena-query-results-123456789012-us-east-1", { region: "us-east-1" });
  });
  afterAll(() => aws.close());
  beforeEach(() => {
    aws.allowAll();
    aws.clearCalls();
  });

  const open = (): Promise<OpenPorts> => {
    const { endpoint: endpointUrl, region: awsRegion, credentials } = aws.clientConfig;
    return openPorts({
      logs: "s3://example-logs",
      engine: "athena",
      database: "default",
      aws: { endpointUrl, awsRegion, credentials },
    });
  };

  test("is content before the first run, which it says is due, and after it", async () => {
    expect(failed(await examine(open))).toEqual([]);
    expect(aws.glue.snapshot()).toEqual({});
    await run(await open(), OPTIONS);
    const after = await examine(open);
    expect(failed(after)).toEqual([]);
    expect(byName(after).get("database")?.found).toBe("1 tables");
    expect(byName(after).get("logs")?.found).toBe("1 days of 1 accounts in 1 Regions");
  });

  test("reads the catalog and lists the logs once", async () => {
    await run(await open(), OPTIONS);
    aws.clearCalls();
    await examine(open);
    const reads = aws.calls.filter(({ call }) => call === "Glue GetTables");
    // One of them is the trial whether that is allowed.
    expect(reads).toHaveLength(2);
  });

  test("goes on after what is not allowed", async () => {
    aws.deny("glue:GetTables");
    const checks = await examine(open);
    expect(failed(checks)).toEqual(["glue:GetTables", "database"]);
    expect(byName(checks).get("logs")?.ok).toBe(true);
  });
});
