import type { ResultConfiguration, StartQueryExecutionCommandInput } from "@aws-sdk/client-athena";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { errorOf } from "../../../fixtures.contract.ts";
import { AccessDenied } from "../../../core/user-error.ts";
import type { QueryWorld } from "./queries.contract.ts";
import { askAll, startQueryWorld } from "./queries.contract.ts";

/** Where the last query's answer went, as it was asked for. */
function resultAsked({ aws }: QueryWorld): ResultConfiguration | undefined {
  const start = aws.calls.findLast(({ call }) => call === "Athena StartQueryExecution");
  return (start?.input as StartQueryExecutionCommandInput | undefined)?.ResultConfiguration;
}

function outputAsked(world: QueryWorld): unknown {
  return resultAsked(world)?.OutputLocation;
}

describe("the place of answers", () => {
  test.each([
    ["s3://bucket/prefix/", "s3://bucket/prefix/"],
    ["s3://bucket", "s3://bucket"],
    ["a-bucket", "s3://a-bucket/"],
    ["default", "s3://aws-athena-query-results-123456789012-us-east-1/"],
    [undefined, "s3://aws-athena-query-results-123456789012-us-east-1/"],
  ])("is for output %s in a workgroup that says nothing %s", async (output, place) => {
    const world = await startQueryWorld();
    await askAll(world.openQueries({ output }), "SELECT 1");
    expect(outputAsked(world)).toBe(place);
  });

  test("is the account's own, where its name is one that anybody could have taken", async () => {
    const world = await startQueryWorld();
    await askAll(world.openQueries({ output: "default" }), "SELECT 1");
    expect(resultAsked(world)?.ExpectedBucketOwner).toBe("123456789012");
    await askAll(world.openQueries({ output: "s3://shared-answers/" }), "SELECT 1");
    expect(resultAsked(world)?.ExpectedBucketOwner).toBeUndefined();
  });

  test.each([
    ["proposes one, and nothing is wanted", { outputLocation: "s3://groups/" }, undefined, undefined],
    ["proposes one, and another is wanted", { outputLocation: "s3://groups/" }, "mine", "s3://mine/"],
    [
      "enforces one, and another is wanted",
      { outputLocation: "s3://groups/", enforce: true },
      "mine",
      undefined,
    ],
    ["enforces none, and one is wanted", { enforce: true }, "mine", "s3://mine/"],
  ])("is left to a workgroup that %s, or not", async (_, settings, output, asked) => {
    const world = await startQueryWorld();
    world.aws.athena.setWorkGroup("hunters", settings);
    await askAll(world.openQueries({ output, workgroup: "hunters" }), "SELECT 1");
    expect(outputAsked(world)).toBe(asked);
    const bucket = asked === undefined ? "groups" : "mine";
    expect(world.aws.s3.keys(bucket)).toEqual([expect.stringMatching(/\.csv$/)]);
  });

  test("is left to a workgroup that may not be read", async () => {
    const world = await startQueryWorld();
    world.aws.athena.setWorkGroup("hunters", { outputLocation: "s3://groups/" });
    world.aws.deny("athena:GetWorkGroup");
    await askAll(world.openQueries({ output: undefined, workgroup: "hunters" }), "SELECT 1");
    expect(outputAsked(world)).toBeUndefined();
  });

  test("is explained where there is none", async () => {
    const world = await startQueryWorld();
    world.aws.deny("athena:GetWorkGroup");
    const error = await errorOf(askAll(world.openQueries({ output: undefined }), "SELECT 1"));
    expect(error).toMatchObject({
      message: expect.stringMatching(/^Athena cannot write the answer: No output location provided/),
      hint: expect.stringContaining("output_s3_bucket"),
    });
  });

  test("must be one", async () => {
    const world = await startQueryWorld();
    const error = await errorOf(askAll(world.openQueries({ output: "http://x" }), "SELECT 1"));
    expect(error).toMatchObject({ name: "UserError", message: expect.stringContaining('"http://x"') });
  });
});

describe("a query", () => {
  test("says what it scanned, and counts its requests", async () => {
    const world = await startQueryWorld({});
    await world.makeTables();
    const { rows, scan } = await askAll(
      world.openQueries(),
      "SELECT count(*) FROM cloudtrail WHERE day = '20'",
    );
    expect(rows).toEqual([[1]]);
    expect(scan).toEqual({ bytes: expect.any(Number), dollars: expect.closeTo(0.0000477, 7), reused: false });
    expect(scan?.bytes).toBeGreaterThan(0);
    expect(world.requests.get("Athena StartQueryExecution")).toBe(1);
    expect(world.requests.get("Athena GetQueryResults")).toBe(1);
  });

  test("costs what the price says", async () => {
    const world = await startQueryWorld();
    const { scan } = await askAll(world.openQueries({ dollarsPerTerabyte: 50 }), "SELECT 1");
    expect(scan?.dollars).toBeCloseTo(0.000477, 6);
  });

  test("runs in the database and the workgroup, with the text as it is but for the last semicolon", async () => {
    const world = await startQueryWorld();
    world.aws.athena.setWorkGroup("hunters", {});
    const sql = "-- who?\nSELECT ';' AS x";
    await askAll(world.openQueries({ workgroup: "hunters" }), `${sql};`);
    const start = world.aws.calls.find(({ call }) => call === "Athena StartQueryExecution");
    expect(start?.input).toMatchObject({
      QueryString: sql,
      WorkGroup: "hunters",
      QueryExecutionContext: { Catalog: "AwsDataCatalog", Database: "security" },
      ClientRequestToken: expect.stringMatching(/^.{32,}$/),
    });
  });

  test("is not sent where it is none", async () => {
    const world = await startQueryWorld();
    const error = await errorOf(askAll(world.openQueries(), "DROP TABLE cloudtrail"));
    expect(error).toMatchObject({
      name: "UserError",
      message: expect.stringContaining("DROP is not a query"),
    });
    expect(world.aws.calls).toEqual([]);
  });

  test("is started once where the answer to the start is lost", async () => {
    const world = await startQueryWorld();
    let isFirst = true;
    world.aws.faults.onCall(({ name }) => {
      if (name !== "Athena StartQueryExecution" || !isFirst) return undefined;
      isFirst = false;
      return { kind: "drop-after" };
    });
    expect((await askAll(world.openQueries(), "SELECT 1")).rows).toEqual([[1]]);
    expect(world.aws.athena.queries).toEqual(["SELECT 1"]);
  });

  test("goes on where Athena throttles", async () => {
    const world = await startQueryWorld();
    let throttled = 0;
    world.aws.faults.onCall(({ name }) =>
      name === "Athena StartQueryExecution" && throttled++ === 0 ? { kind: "throttle" } : undefined,
    );
    expect((await askAll(world.openQueries(), "SELECT 1")).rows).toEqual([[1]]);
  });

  test("tells that it is under way", async () => {
    const world = await startQueryWorld();
    world.aws.athena.delayMs = 300;
    const shares: unknown[] = [];
    await askAll(world.openQueries(), "SELECT 1", { onProgress: (share) => shares.push(share) });
    expect(shares.length).toBeGreaterThan(0);
    expect(new Set(shares)).toEqual(new Set([undefined]));
  });
});

describe("a signal", () => {
  test("stops the query in Athena, and is what is thrown", async () => {
    const world = await startQueryWorld();
    world.aws.athena.delayMs = 60_000;
    const stopping = new AbortController();
    const asked = errorOf(askAll(world.openQueries(), "SELECT 1", { signal: stopping.signal }));
    await until(() => world.countCalls("Athena GetQueryExecution") > 0);
    stopping.abort(new Error("enough"));
    expect(await asked).toMatchObject({ message: "enough" });
    expect(world.countCalls("Athena StopQueryExecution")).toBe(1);
  });

  test("that is given while the query starts stops it all the same", async () => {
    const world = await startQueryWorld();
    world.aws.athena.delayMs = 60_000;
    world.aws.faults.onCall(({ name }) =>
      name === "Athena StartQueryExecution" ? { kind: "delay", ms: 200 } : undefined,
    );
    const stopping = new AbortController();
    const asked = errorOf(askAll(world.openQueries(), "SELECT 1", { signal: stopping.signal }));
    await until(() => world.requests.has("Athena StartQueryExecution"));
    stopping.abort(new Error("enough"));
    expect(await asked).toMatchObject({ message: "enough" });
    expect(world.aws.athena.queries).toHaveLength(1);
    expect(world.countCalls("Athena StopQueryExecution")).toBe(1);
  });

  test("that is given before starts nothing", async () => {
    const world = await startQueryWorld();
    const signal = AbortSignal.abort(new Error("enough"));
    expect(await errorOf(askAll(world.openQueries(), "SELECT 1", { signal }))).toMatchObject({
      message: "enough",
    });
    expect(world.aws.athena.queries).toEqual([]);
  });

  test("is what is thrown also where the query cannot be stopped", async () => {
    const world = await startQueryWorld();
    world.aws.athena.delayMs = 60_000;
    world.aws.deny("athena:StopQueryExecution");
    const stopping = new AbortController();
    const asked = errorOf(askAll(world.openQueries(), "SELECT 1", { signal: stopping.signal }));
    await until(() => world.countCalls("Athena GetQueryExecution") > 0);
    stopping.abort(new Error("enough"));
    expect(await asked).toMatchObject({ message: "enough" });
  });
});

describe("a failure", () => {
  test.each([
    ["SELECT nothing", /SYNTAX_ERROR: line 1:8/, /docs\/tables\.md/],
    ["SELECT nothing FROM cloudtrail", /COLUMN_NOT_FOUND.*nothing/, /docs\/tables\.md/],
    ["SELECT * FROM nowhere", /nowhere/, /database security.*cloudtrail-partitioner run/],
    ["SELEC 1 FROM x", /not a query/, /write one SELECT/],
    ["SELECT 1 +", /line 1:/, /Trino/],
  ])("of %s is said in Athena's words, with a hint", async (sql, message, hint) => {
    const world = await startQueryWorld({});
    await world.makeTables();
    expect(await errorOf(askAll(world.openQueries(), sql))).toMatchObject({
      name: "UserError",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test("at the workgroup's limit names it, and says that it is charged", async () => {
    const world = await startQueryWorld({});
    await world.makeTables();
    world.aws.athena.setWorkGroup("limited", { bytesScannedCutoff: 10 });
    const queries = world.openQueries({ workgroup: "limited" });
    expect(await errorOf(askAll(queries, "SELECT * FROM cloudtrail"))).toMatchObject({
      name: "UserError",
      message: expect.stringMatching(
        /more than the workgroup limited allows.*is charged.*Bytes scanned limit/,
      ),
      hint: expect.stringMatching(/narrow region, year, month and day/),
    });
  });

  test("that is somebody's doing says so", async () => {
    const world = await startQueryWorld();
    world.aws.athena.delayMs = 60_000;
    const asked = errorOf(askAll(world.openQueries(), "SELECT 1"));
    await until(() => world.countCalls("Athena GetQueryExecution") > 0);
    const { input } = world.aws.calls.findLast(({ call }) => call === "Athena GetQueryExecution") ?? {};
    await (world.aws.athena.operations["StopQueryExecution"] as (input: unknown) => unknown)(input);
    expect(await asked).toMatchObject({
      name: "UserError",
      message: expect.stringMatching(/somebody else cancelled the query/),
    });
  });

  test.each([
    ["athena:StartQueryExecution", "athena:StartQueryExecution"],
    ["athena:GetQueryExecution", "athena:GetQueryExecution"],
    ["athena:GetQueryResults", "athena:GetQueryResults"],
  ])("for want of %s names the action", async (action, named) => {
    const world = await startQueryWorld();
    world.aws.deny(action);
    const error = await errorOf(askAll(world.openQueries(), "SELECT 1"));
    expect(error).toBeInstanceOf(AccessDenied);
    expect(error).toMatchObject({ message: expect.stringContaining(named) });
  });

  test("for want of the workgroup names it", async () => {
    const world = await startQueryWorld();
    expect(await errorOf(askAll(world.openQueries({ workgroup: "none" }), "SELECT 1"))).toMatchObject({
      name: "UserError",
      message: expect.stringContaining("the workgroup none"),
      hint: expect.stringContaining("--workgroup"),
    });
  });
});

describe("readScanLimit", () => {
  test("is the workgroup's cut-off, or nothing", async () => {
    const world = await startQueryWorld();
    world.aws.athena.setWorkGroup("limited", { bytesScannedCutoff: 10_000_000 });
    expect(await world.openQueries().readScanLimit()).toBeUndefined();
    expect(await world.openQueries({ workgroup: "limited" }).readScanLimit()).toBe(10_000_000);
    world.aws.deny("athena:GetWorkGroup");
    expect(await world.openQueries({ workgroup: "limited" }).readScanLimit()).toBeUndefined();
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 5) {
    if (waited > 10_000) throw new Error("it did not come about");
    await sleep(5);
  }
}
