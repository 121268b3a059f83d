import { describe, expect, test } from "vitest";
import type { Configuration } from "../../src/config/configuration.ts";
import { addDays, dayFromTime } from "../../src/core/day.ts";
import type { TestFile } from "../../src/fixtures.contract.ts";
import { makeLog } from "../../src/fixtures.contract.ts";
import type { RunAnswer } from "../../src/lambda/handler.ts";
import type { Call } from "./lambda-function.ts";
import type { LambdaWorld } from "./lambda-world.ts";
import { startLambdaWorld } from "./lambda-world.ts";
import type { MotoGlue } from "./moto-glue.ts";
import { printCatalog, readTables } from "./moto-glue.ts";
import { FUNCTION_NAME } from "./runtime-api.ts";
import { onServer } from "./servers.ts";

/** The asset in AWS's own runtime, on moto's S3 and Glue. */
onServer("ric", (ric) => {
  onServer("moto", (moto) => {
    defineTests((files, configuration = {}) => startLambdaWorld({ moto, ric, files, configuration }));
  });
});

const [ONE, TWO] = ["111122223333", "444455556666"];
const LOGS = [
  makeLog({ account: ONE, day: "2026-10-19" }),
  makeLog({ account: ONE, day: "2026-10-20", region: "eu-west-1" }),
  makeLog({ account: TWO, day: "2026-10-20" }),
];

/** With its days given, a call does the same on any day. */
const OCTOBER = { from: "2026-10-01", to: "2026-10-31" };

function answerOf({ ending, lines }: Call): RunAnswer {
  if (ending.kind !== "answer") throw new Error(`${JSON.stringify(ending)}\n${lines.join("\n")}`);
  return ending.payload as RunAnswer;
}

/** The one line of metrics that each call writes. */
function metricsOf({ lines }: Call): Record<string, unknown> {
  const [metrics = "", ...more] = lines.filter((line) => line.startsWith('{"_aws"'));
  expect(more).toEqual([]);
  return JSON.parse(metrics) as Record<string, unknown>;
}

async function namesOf(glue: MotoGlue): Promise<ReadonlySet<string | undefined>> {
  return new Set((await readTables(glue)).map(({ Name }) => Name));
}

async function catalogOf({ glue, bucket }: LambdaWorld): Promise<string> {
  expect((await readTables(glue)).length).toBeGreaterThan(0);
  return printCatalog(glue, bucket);
}

/** Calls that change the catalog. */
const WRITE = /^Glue (Create|Update|Delete|Batch(Create|Update|Delete))/;

/** In which tests let time run out: the last twentieth, which is kept for the report, is time enough on a busy machine. */
const TIMEOUT_MS = 20_000;

type Start = (files: readonly TestFile[], configuration?: Configuration) => Promise<LambdaWorld>;

function defineTests(start: Start): void {
  describe("the function in AWS's runtime", () => {
    test("makes the catalog of a bucket, and finds nothing to do when it is called again", async () => {
      const world = await start(LOGS);
      const { lambda, glue } = world;
      const first = await lambda.call(OCTOBER);
      expect(answerOf(first)).toMatchObject({
        accounts: 2,
        regions: 2,
        newAccounts: 2,
        partitions: { planned: 3, created: 3, updated: 0, dropped: 0, failed: 0, left: 0 },
        requests: { "Glue CreateTable": 3, "Glue BatchCreatePartition": 2 },
      });
      expect(await namesOf(glue)).toEqual(new Set(["cloudtrail", `cloudtrail_${ONE}`, `cloudtrail_${TWO}`]));
      const made = await catalogOf(world);

      const second = await lambda.call(OCTOBER);
      expect(answerOf(second)).toMatchObject({ accounts: 2, newAccounts: 0, partitions: { planned: 0 } });
      expect(await catalogOf(world)).toBe(made);
      expect(lambda.starts).toBe(1);
    });

    test("logs its answer and writes its metrics with each call", async () => {
      const yesterday = addDays(dayFromTime(Date.now()), -1);
      const { lambda } = await start([makeLog({ day: yesterday })]);
      const call = await lambda.call({});
      const { coverageAgeHours, ...answer } = answerOf(call);
      expect(call.lines).toHaveLength(2);
      const line = JSON.parse(call.lines[0] ?? "") as unknown;
      expect(line).toMatchObject({
        ...answer,
        level: "INFO",
        message: "run ended",
        service: "cloudtrail-partitioner",
        function_name: FUNCTION_NAME,
        cold_start: true,
        xray_trace_id: "1-6740c0de-0123456789abcdef01234567",
      });
      expect(coverageAgeHours).toBeGreaterThanOrEqual(0);
      expect(coverageAgeHours).toBeLessThan(25);
      const metrics = metricsOf(call);
      expect(metrics).toMatchObject({
        _aws: {
          CloudWatchMetrics: [
            { Namespace: "CloudTrailPartitioner", Dimensions: [["service", "FunctionName"]] },
          ],
        },
        service: "cloudtrail-partitioner",
        FunctionName: FUNCTION_NAME,
        PartitionsPlanned: answer.partitions.planned,
        PartitionsCreated: answer.partitions.created,
        PartitionsFailed: 0,
        Accounts: 1,
        NewAccounts: 1,
        Regions: 1,
        CoverageAgeHours: coverageAgeHours,
      });
      expect(metrics["RunDuration"]).toBeGreaterThan(0);
    });

    test("does what the event asks for and the environment configures", async () => {
      const { lambda, glue } = await start(LOGS, { layout: "unified", table_prefix: "trail" });
      const answer = answerOf(await lambda.call({ ...OCTOBER, accounts: [ONE], regions: ["eu-west-1"] }));
      expect(answer).toMatchObject({ accounts: 1, regions: 1 });
      expect(answer.coverageAgeHours).toBeUndefined();
      expect(await namesOf(glue)).toEqual(new Set(["trail", `trail_${ONE}`, "trail_raw"]));
    });

    test("reports an event that does not fit, and serves the next call", async () => {
      const { lambda } = await start(LOGS);
      const call = await lambda.call({ dayz: 3 });
      expect(call.ending).toMatchObject({ kind: "error", error: { errorType: "UserError" } });
      expect(JSON.stringify(call.ending)).toContain('Unrecognized key: \\"dayz\\"');
      // Source maps: an error says where it was thrown in what people wrote.
      expect(JSON.stringify(call.ending)).toMatch(/src\/lambda\/event\.ts:\d+/);
      expect(JSON.parse(call.lines[0] ?? "")).toMatchObject({ level: "ERROR", message: "run failed" });
      expect(metricsOf(call)).not.toHaveProperty("PartitionsPlanned");
      answerOf(await lambda.call(OCTOBER));
      expect(lambda.starts).toBe(1);
    });

    test("reports a bucket that is not there", async () => {
      const { lambda } = await start([], { logs: "s3://no-such-bucket-of-logs" });
      const { ending } = await lambda.call(OCTOBER);
      expect(ending).toMatchObject({
        kind: "error",
        error: {
          errorType: "UserError",
          errorMessage: expect.stringContaining("no-such-bucket-of-logs") as string,
        },
      });
    });

    test("reports an environment that names no bucket", async () => {
      const { lambda } = await start([], { logs: "/mnt/logs" });
      expect((await lambda.call(OCTOBER)).ending).toMatchObject({
        kind: "error",
        error: { errorMessage: "CLOUDTRAIL_PARTITIONER_LOGS is /mnt/logs, and a bucket was wanted" },
      });
    });
  });

  describe("the function whose time runs out", () => {
    test.each([
      ["S3 never answers", /^S3/],
      ["Glue never answers a write", /^Glue Batch/],
    ])("ends by itself where %s, and the next call does the rest", async (_, held) => {
      const [world, undisturbed] = [await start(LOGS), await start(LOGS)];
      const { lambda, proxy } = world;
      proxy.judge = (name) => (held.test(name) ? "hold" : undefined);
      const call = await lambda.call(OCTOBER, TIMEOUT_MS);
      expect(call.ending).toMatchObject({
        kind: "error",
        error: {
          errorType: "UserError",
          errorMessage: expect.stringContaining("the function's 20 s were over while ") as string,
        },
      });
      expect(call.msLeft).toBeGreaterThan(0);
      expect(metricsOf(call)["RunDuration"]).toBeGreaterThan(TIMEOUT_MS * 0.9);

      proxy.judge = () => undefined;
      answerOf(await lambda.call(OCTOBER));
      expect(lambda.starts).toBe(1);
      answerOf(await undisturbed.lambda.call(OCTOBER));
      expect(await catalogOf(world)).toBe(await catalogOf(undisturbed));
    });

    test("ends by itself where AWS throttles everything", async () => {
      const { lambda, proxy } = await start(LOGS);
      const body = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
      proxy.judge = () => ({ status: 503, body });
      const { ending, msLeft } = await lambda.call(OCTOBER, TIMEOUT_MS);
      expect(ending).toMatchObject({ kind: "error" });
      expect(msLeft).toBeGreaterThan(0);
    });

    test("calls itself again, and goes on where it was", async () => {
      const accounts = Array.from({ length: 20 }, (_, index) => String(111122223333 + index));
      const files = accounts.map((account) => makeLog({ account, day: "2026-10-20" }));
      const [world, undisturbed] = [await start(files), await start(files)];
      const { lambda, proxy } = world;
      const invoked: unknown[] = [];
      await lambda.start();
      const begun = Date.now();
      let batches = 0;
      proxy.judge = async (name, body) => {
        if (name === "Lambda POST") {
          invoked.push(JSON.parse(body.toString("utf8")));
          return { status: 202 };
        }
        // Eight tables are written at once. After the first four, each waits until none may be begun: the last fifth of the time.
        if (name === "Glue BatchCreatePartition" && ++batches > 4)
          await sleepUntil(begun + TIMEOUT_MS * 0.85);
        return undefined;
      };
      const first = answerOf(await lambda.call(OCTOBER, TIMEOUT_MS));
      const { planned, created, left } = first.partitions;
      expect([planned, created, left]).toEqual([20, 12, 8]);
      expect(first.continuesWith).toEqual({ ...OCTOBER, continuation: 1 });
      expect(invoked).toEqual([first.continuesWith]);

      proxy.judge = () => undefined;
      const second = answerOf(await lambda.call(invoked[0]));
      expect(second.partitions).toMatchObject({ planned: left, created: left, left: 0 });
      expect(second.continuesWith).toBeUndefined();
      answerOf(await undisturbed.lambda.call(OCTOBER));
      expect(await catalogOf(world)).toBe(await catalogOf(undisturbed));
    });
  });

  describe("the function that is killed", () => {
    test("at its deadline, as it is frozen, leaves what the next call completes", async () => {
      const [world, undisturbed] = [await start(LOGS), await start(LOGS)];
      const { lambda, proxy } = world;
      proxy.judge = (name) => {
        if (name === "Glue BatchCreatePartition") lambda.freeze();
        return undefined;
      };
      const { ending, msLeft } = await lambda.call(OCTOBER, 4000);
      expect(ending).toEqual({ kind: "killed" });
      expect(msLeft).toBeLessThanOrEqual(0);
      proxy.judge = () => undefined;
      answerOf(await lambda.call(OCTOBER));
      expect(lambda.starts).toBe(2);
      answerOf(await undisturbed.lambda.call(OCTOBER));
      expect(await catalogOf(world)).toBe(await catalogOf(undisturbed));
    });

    test("at any write leaves what the next call completes", async () => {
      const undisturbed = await start(LOGS);
      let writes = 0;
      undisturbed.proxy.judge = (name) => void (writes += WRITE.test(name) ? 1 : 0);
      answerOf(await undisturbed.lambda.call(OCTOBER));
      expect(writes).toBeGreaterThanOrEqual(6);
      const wanted = await catalogOf(undisturbed);
      for (let last = 1; last <= writes; last++) {
        const world = await start(LOGS);
        const { lambda, proxy } = world;
        let seen = 0;
        proxy.judge = (name) => {
          if (!WRITE.test(name) || ++seen < last) return undefined;
          void lambda.kill();
          return "hold";
        };
        expect((await lambda.call(OCTOBER)).ending).toEqual({ kind: "killed" });
        proxy.judge = () => undefined;
        answerOf(await lambda.call(OCTOBER));
        expect(await catalogOf(world), `killed at write ${last}`).toBe(wanted);
      }
    });
  });
}

function sleepUntil(time: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, time - Date.now()));
  });
}
