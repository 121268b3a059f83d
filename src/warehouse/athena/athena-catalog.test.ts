import type { BatchCreatePartitionCommandInput, GetPartitionsCommandInput } from "@aws-sdk/client-glue";
import { describe, expect, test } from "vitest";
import type { TestLog } from "../../fixtures.contract.ts";
import { day, errorOf, makeLog } from "../../fixtures.contract.ts";
import { readableFolders, readNames, restore, tablesOf, viewSql, withTables } from "./glue-state.contract.ts";
import { kindsOf, planOn, runOn, storeOf, TODAY, writesOf } from "./runs.contract.ts";
import type { World } from "./world.contract.ts";
import { BUCKET, DATABASE, startWorld } from "./world.contract.ts";

const [A, B, C] = ["111122223333", "444455556666", "777788889999"] as const;

function logs(account: string, days: readonly string[], rest: TestLog = {}): TestLog[] {
  return days.map((date) => ({ account, day: date, ...rest }));
}

function daysOf(world: World, account: string): string[] {
  return world.aws.glue
    .partitions(DATABASE, `cloudtrail_${account}`)
    .map(({ Values: [region, ...date] = [] }) => `${region} ${date.join("-")}`);
}

function inputsOf<T>({ aws }: World, name: string): T[] {
  return aws.calls.filter(({ call }) => call === name).map(({ input }) => input as T);
}

function viewReads(world: World): string[] {
  const view = tablesOf(world.aws.glue.snapshot())["cloudtrail"];
  return readNames(view === undefined ? "" : (viewSql(view) ?? ""));
}

describe("run on a bucket", () => {
  test("makes database, tables, partitions and the view, and a second one plans and writes nothing", async () => {
    const world = await startWorld();
    world.put([makeLog(), makeLog({ account: B, region: "eu-west-1", day: "2026-08-01" })]);
    const options = { logs: world.store };
    expect(kindsOf(await runOn(world, options))).toEqual([
      "create-database",
      "create-table",
      "create-table",
      "create-view",
    ]);
    const before = world.aws.glue.snapshot();
    world.aws.clearCalls();
    expect(kindsOf(await planOn(world, options))).toEqual([]);
    expect(kindsOf(await runOn(world, options))).toEqual([]);
    expect(writesOf(world)).toEqual([]);
    expect(world.aws.glue.snapshot()).toEqual(before);
    expect(Object.keys(before)).toEqual([DATABASE]);
    expect(daysOf(world, A)).toEqual([
      "us-east-1 2026-11-20",
      "us-east-1 2026-11-22",
      "us-east-1 2026-11-23",
    ]);
    expect(readableFolders(before, "cloudtrail")).toContain(
      `s3://${BUCKET}/AWSLogs/${B}/CloudTrail/eu-west-1/2026/08/01/`,
    );
  });

  test.each([
    ["spaces and quotes", `my "logs" & it's`],
    ["percent signs and plus signs", "100%25 a+b"],
    ["other scripts", "журналы/ログ/🪵"],
    ["what Athena's templates are made of", "${region}/{a}"], // oxlint-disable-line no-template-curly-in-string
  ])("with %s in its prefix gives partitions the keys' own names", async (_, prefix) => {
    const world = await startWorld({ prefix });
    world.put([makeLog()]);
    await runOn(world, { logs: world.store });
    const [first] = world.aws.glue.partitions(DATABASE, `cloudtrail_${A}`);
    const location = `s3://${BUCKET}/${prefix}/AWSLogs/${A}/CloudTrail/us-east-1/2026/11/20/`;
    expect(first?.StorageDescriptor?.Location).toBe(location);
    expect(world.aws.s3.keys(BUCKET)[0]).toBe(`${location.slice(`s3://${BUCKET}/`.length)}logs.json.gz`);
    expect(kindsOf(await planOn(world, { logs: world.store }))).toEqual([]);
    const unified = { logs: world.store, athena: { layout: "unified" as const } };
    await runOn(world, unified);
    expect(readableFolders(world.aws.glue.snapshot(), `cloudtrail_${A}`)).toContain(location);
    expect(kindsOf(await planOn(world, unified))).toEqual([]);
  });
});

describe("run brings along", () => {
  const days = ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"];

  test("days that nights without a run have left out", async () => {
    const world = await startWorld();
    await runOn(world, { logs: logs(A, days.slice(0, 1)), today: day("2026-11-17") });
    const files = logs(A, days);
    expect(kindsOf(await runOn(world, { logs: files, today: day("2026-11-20") }))).toEqual([
      "add-partitions",
    ]);
    expect(daysOf(world, A)).toEqual([...days, "2026-11-21"].map((date) => `us-east-1 ${date}`));
  });

  test("days that somebody has deleted, and those alone", async () => {
    const world = await startWorld();
    await runOn(world, { logs: logs(A, days) });
    const whole = world.aws.glue.snapshot();
    const hole = withTables(whole, (_, { partitions }) => ({ partitions: partitions.toSpliced(1, 2) }));
    restore(world.aws, hole);
    const report = await runOn(world, { logs: logs(A, days) });
    expect(report.plan.changes).toMatchObject([{ kind: "add-partitions", partitions: { size: 2 } }]);
    expect(world.aws.glue.snapshot()).toEqual(whole);
  });

  test("a new Region, today and tomorrow with it", async () => {
    const world = await startWorld();
    await runOn(world, { logs: logs(A, days) });
    await runOn(world, { logs: [...logs(A, days), ...logs(A, ["2026-11-21"], { region: "af-south-1" })] });
    expect(daysOf(world, A).slice(0, 3)).toEqual(
      ["2026-11-21", "2026-11-22", "2026-11-23"].map((date) => `af-south-1 ${date}`),
    );
  });

  test("a new account, in a table of its own and in the view, which is replaced in its place", async () => {
    const world = await startWorld();
    await runOn(world, { logs: logs(A, days) });
    world.aws.clearCalls();
    const both = [...logs(A, days), ...logs(B, days)];
    expect(kindsOf(await runOn(world, { logs: both }))).toEqual(["create-table", "replace-view"]);
    expect(writesOf(world)).toEqual(["Glue CreateTable", "Glue BatchCreatePartition", "Glue UpdateTable"]);
    expect(viewReads(world)).toEqual([`cloudtrail_${A}`, `cloudtrail_${B}`]);
    expect(world.aws.glue.archivedVersions(DATABASE, "cloudtrail")).toBe(0);
  });

  test("no Region without logs in 30 days, beyond what it has", async () => {
    const world = await startWorld();
    await runOn(world, { logs: logs(A, ["2026-10-01"]) });
    expect(daysOf(world, A)).toEqual(["us-east-1 2026-10-01"]);
  });
});

describe("run keeps", () => {
  const files = [...logs(A, ["2026-09-01", "2026-11-01", "2026-11-20"]), ...logs(B, ["2026-11-20"])];

  test("all that an earlier, wider window has brought", async () => {
    const world = await startWorld();
    const range = { from: day("2026-11-10") };
    await runOn(world, { logs: files, range });
    expect(daysOf(world, A)).toHaveLength(3);
    expect(kindsOf(await runOn(world, { logs: files }))).toEqual(["add-partitions"]);
    const wide = world.aws.glue.snapshot();
    expect(daysOf(world, A)).toHaveLength(5);
    world.aws.clearCalls();
    expect(kindsOf(await runOn(world, { logs: files, range }))).toEqual([]);
    const past = { from: day("2026-09-01"), to: day("2026-09-30") };
    expect(kindsOf(await runOn(world, { logs: files, range: past }))).toEqual([]);
    expect(writesOf(world)).toEqual([]);
    expect(world.aws.glue.snapshot()).toEqual(wide);
  });

  test("accounts that it was not asked for, and those whose logs are gone, in the view too", async () => {
    const world = await startWorld();
    await runOn(world, { logs: files });
    const grown = [
      ...files,
      ...logs(A, ["2026-11-21"]),
      ...logs(B, ["2026-11-21"]),
      ...logs(C, ["2026-11-21"]),
    ];
    await runOn(world, { logs: grown, accounts: [C] });
    expect(viewReads(world)).toEqual([`cloudtrail_${A}`, `cloudtrail_${B}`, `cloudtrail_${C}`]);
    expect(daysOf(world, B)).toHaveLength(3);
    expect(kindsOf(await runOn(world, { logs: logs(B, ["2026-11-20"]) }))).toEqual([]);
    expect(viewReads(world)).toHaveLength(3);
  });

  test("what others have set on its tables, when it has to change them", async () => {
    const world = await startWorld();
    await runOn(world, { logs: files });
    const marked = withTables(world.aws.glue.snapshot(), (_, { Parameters, TableType }) =>
      TableType === "VIRTUAL_VIEW"
        ? {}
        : {
            Parameters: { ...Parameters, owner_team: "x", "cloudtrail_partitioner.schema": "0" },
            Owner: "security",
            Retention: 30,
          },
    );
    restore(world.aws, marked);
    expect(kindsOf(await runOn(world, { logs: files }))).toEqual(["replace-table", "replace-table"]);
    expect(tablesOf(world.aws.glue.snapshot())[`cloudtrail_${A}`]).toMatchObject({
      Parameters: { owner_team: "x", "cloudtrail_partitioner.schema": "1" },
      Owner: "security",
      Retention: 30,
    });
  });

  test("tables of other names as they are, its own of another prefix among them", async () => {
    const world = await startWorld();
    for (const name of ["cloudtrail_notes", "cloudtrail_12", "ct"])
      world.aws.glue.makeForeignTable(DATABASE, name);
    await runOn(world, { logs: files });
    const before = tablesOf(world.aws.glue.snapshot());
    await runOn(world, { logs: files, tablePrefix: "trail", athena: { layout: "unified" } });
    const after = tablesOf(world.aws.glue.snapshot());
    expect(after).toMatchObject(before);
    const made = Object.keys(after).filter((name) => !(name in before));
    expect(made).toEqual(["trail", `trail_${A}`, `trail_${B}`, "trail_raw"]);
  });
});

describe("run asks Glue as little as it can", () => {
  const regions = Array.from({ length: 17 }, (_, index) => `xx-east-${index + 1}`);
  const days = Array.from({ length: 40 }, (_, index) =>
    new Date(Date.UTC(2026, 9, 12 + index)).toISOString(),
  );
  const many = regions.flatMap((region) =>
    logs(
      A,
      days.map((time) => time.slice(0, 10)),
      { region },
    ),
  );
  const count = 17 * (40 + 2);

  test.each(["tables", "unified"] as const)(
    "writes partitions in batches of 100, layout %s",
    async (layout) => {
      const world = await startWorld();
      const progress: number[] = [];
      const options = { logs: storeOf([...many, ...logs(B, ["2026-11-20"])]), athena: { layout } };
      await runOn(world, {
        ...options,
        onProgress: ({ step, done }) => step.startsWith("writing") && progress.push(done),
      });
      const sizes = inputsOf<BatchCreatePartitionCommandInput>(world, "Glue BatchCreatePartition").map(
        ({ PartitionInputList = [] }) => PartitionInputList.length,
      );
      const expected =
        layout === "unified" ? [...Array<number>(7).fill(100), 17] : [...Array<number>(7).fill(100), 14, 3];
      expect(sizes.toSorted((a, b) => b - a)).toEqual(expected);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(count + 3);
      expect(progress.at(-1)).toBe(100);
      expect(progress).toEqual(progress.toSorted((a, b) => a - b));
      world.aws.clearCalls();
      expect(kindsOf(await planOn(world, options))).toEqual([]);
      const reads = inputsOf<GetPartitionsCommandInput>(world, "Glue GetPartitions");
      expect(reads).toEqual(
        reads.map((input) => ({ ...input, ExcludeColumnSchema: true, MaxResults: 1000 })),
      );
      const segments = reads.map(({ Segment }) => Segment?.SegmentNumber ?? -1).toSorted((a, b) => a - b);
      expect(segments).toEqual(layout === "unified" ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : [-1, -1]);
    },
  );

  test("and reads partitions page by page", async () => {
    const world = await startWorld();
    await runOn(world, { logs: storeOf(many) });
    const seeds = Array.from({ length: 2500 }, (_, index) => {
      const date = new Date(Date.UTC(2018, 0, 1 + index)).toISOString().slice(0, 10).split("-");
      const location = `s3://${BUCKET}/AWSLogs/${A}/CloudTrail/us-east-1/${date.join("/")}/`;
      return {
        values: ["us-east-1", ...date],
        location,
        parameters: { "cloudtrail_partitioner.schema": "1" },
      };
    });
    world.aws.glue.seedPartitions(DATABASE, `cloudtrail_${A}`, seeds);
    world.aws.clearCalls();
    const { actual, plan } = await planOn(world, { logs: storeOf(many) });
    expect(plan.changes).toEqual([]);
    expect(actual.tables.get(`cloudtrail_${A}`)?.partitions.size).toBe(count + 2500);
    expect(inputsOf(world, "Glue GetPartitions")).toHaveLength(4);
  });
});

/** Lets single partitions fail, as batches do that succeed; says how often each was tried. */
function failItems(
  { aws: { glue } }: World,
  operation: string,
  choose: (values: readonly string[], tries: number) => string | undefined,
): Map<string, number> {
  const tried = new Map<string, number>();
  const whole = glue.operations[operation] as (input: BatchCreatePartitionCommandInput) => {
    Errors: object[];
  };
  const partial = (input: BatchCreatePartitionCommandInput): object => {
    const errors: object[] = [];
    const taken = input.PartitionInputList?.filter(({ Values = [] }) => {
      const id = Values.join("/");
      tried.set(id, (tried.get(id) ?? 0) + 1);
      const ErrorCode = choose(Values, tried.get(id) ?? 0);
      if (ErrorCode === undefined) return true;
      errors.push({ PartitionValues: Values, ErrorDetail: { ErrorCode, ErrorMessage: "try later" } });
      return false;
    });
    return { Errors: [...errors, ...whole({ ...input, PartitionInputList: taken }).Errors] };
  };
  Object.assign(glue, { operations: { ...glue.operations, [operation]: partial } });
  return tried;
}

describe("run where Glue fails", () => {
  const files = [...logs(A, ["2026-11-18", "2026-11-19", "2026-11-20"]), ...logs(B, ["2026-11-20"])];

  test("by throttling every third call comes to the same end", async () => {
    const world = await startWorld();
    await runOn(world, { logs: files });
    const end = world.aws.glue.snapshot();
    restore(world.aws, {});
    world.aws.clearCalls();
    world.aws.faults.onCall(({ index }) => (index % 3 === 0 ? { kind: "throttle" } : undefined));
    await runOn(world, { logs: files });
    expect(world.aws.calls.some(({ status }) => status === 400)).toBe(true);
    world.aws.faults.heal();
    expect(world.aws.glue.snapshot()).toEqual(end);
    expect(kindsOf(await planOn(world, { logs: files }))).toEqual([]);
  });

  test("for some partitions of a batch sends those again, and no others", async () => {
    const world = await startWorld();
    const tried = failItems(world, "BatchCreatePartition", ([, , , date], tries) =>
      date === "19" && tries < 3 ? "InternalServiceException" : undefined,
    );
    await runOn(world, { logs: files });
    expect(tried.get("us-east-1/2026/11/19")).toBe(3);
    expect(tried.get("us-east-1/2026/11/18")).toBe(1);
    expect(daysOf(world, A)).toHaveLength(5);
  });

  test.each([
    ["that does not pass", "InternalServiceException", 4],
    ["that no other try mends", "ResourceNumberLimitExceededException", 1],
  ])("for a partition in a way %s names it, and makes all others", async (_, code, tries) => {
    const world = await startWorld();
    const tried = failItems(world, "BatchCreatePartition", ([, , , date]) =>
      date === "19" ? code : undefined,
    );
    expect(await errorOf(runOn(world, { logs: files }))).toMatchObject({
      name: "UserError",
      message: `Glue did not take 1 partitions: us-east-1/2026/11/19 of cloudtrail_${A} (${code}: try later)`,
    });
    expect(tried.get("us-east-1/2026/11/19")).toBe(tries);
    expect(daysOf(world, A)).toEqual(["18", "20", "22", "23"].map((date) => `us-east-1 2026-11-${date}`));
    expect(daysOf(world, B)).toHaveLength(3);
  });

  test("names five of many partitions, and counts the rest", async () => {
    const world = await startWorld();
    failItems(world, "BatchCreatePartition", () => "AccessDeniedException");
    const { message } = (await errorOf(runOn(world, { logs: files }))) as Error;
    expect(message).toMatch(/^Glue did not take 8 partitions: /);
    expect(message).toMatch(/ and 3 more$/);
  });

  test("because a partition is there already takes it for done", async () => {
    const world = await startWorld();
    failItems(world, "BatchCreatePartition", ([, , , date]) =>
      date === "19" ? "AlreadyExistsException" : undefined,
    );
    await runOn(world, { logs: files });
    expect(daysOf(world, A)).toHaveLength(4);
  });

  test("ends with the signal, between two batches", async () => {
    const world = await startWorld();
    const stop = new AbortController();
    world.aws.faults.onCall(({ name }) => {
      if (name === "Glue BatchCreatePartition") stop.abort();
      return undefined;
    });
    expect(await errorOf(runOn(world, { logs: files, signal: stop.signal }))).toMatchObject({
      name: "AbortError",
    });
    expect(tablesOf(world.aws.glue.snapshot())["cloudtrail"]).toBeUndefined();
    world.aws.faults.heal();
    await runOn(world, { logs: files });
    expect(kindsOf(await planOn(world, { logs: files }))).toEqual([]);
  });
});

describe("plan and run stop before they write anything", () => {
  const files = logs(A, ["2026-11-20"]);

  test.each([
    ["table", "cloudtrail", "auto"],
    ["view", "cloudtrail", "auto"],
    ["table", `cloudtrail_${A}`, "auto"],
    ["view", `cloudtrail_${A}`, "auto"],
    ["table", `cloudtrail_${A}`, "unified"],
    ["view", `cloudtrail_${A}`, "unified"],
    ["table", "cloudtrail_raw", "unified"],
    ["view", "cloudtrail_raw", "unified"],
  ] as const)("where a %s named %s is somebody else's (layout %s)", async (kind, name, layout) => {
    const world = await startWorld();
    if (kind === "table") world.aws.glue.makeForeignTable(DATABASE, name);
    else world.aws.glue.makeForeignView(DATABASE, name);
    const before = world.aws.glue.snapshot();
    for (const act of [planOn, runOn]) {
      const error = await errorOf(act(world, { logs: files, athena: { layout } }));
      expect(error).toMatchObject({ name: "UserError" });
      expect((error as Error).message).toMatch(new RegExp(`^${name} was not made by `));
    }
    expect(writesOf(world)).toEqual([]);
    expect(world.aws.glue.snapshot()).toEqual(before);
  });

  test("where a newer version has made a table with columns that are not known here", async () => {
    const world = await startWorld();
    await runOn(world, { logs: files });
    const newer = withTables(world.aws.glue.snapshot(), (name, { Parameters }) =>
      name === "cloudtrail" ? {} : { Parameters: { ...Parameters, "cloudtrail_partitioner.schema": "2" } },
    );
    restore(world.aws, newer);
    world.aws.clearCalls();
    for (const act of [planOn, runOn]) {
      expect(await errorOf(act(world, { logs: files }))).toMatchObject({
        name: "UserError",
        message: expect.stringContaining(`cloudtrail_${A} was made by cloudtrail-partitioner`) as string,
      });
    }
    expect(writesOf(world)).toEqual([]);
  });

  test("where there are neither logs nor tables", async () => {
    const world = await startWorld();
    expect(await errorOf(runOn(world, { logs: [], today: TODAY }))).toMatchObject({ name: "UserError" });
    expect(writesOf(world)).toEqual([]);
  });
});
