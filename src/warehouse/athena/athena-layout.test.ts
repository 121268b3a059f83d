import type { BatchDeletePartitionCommandInput } from "@aws-sdk/client-glue";
import { CreatePartitionIndexCommand, GlueClient } from "@aws-sdk/client-glue";
import { describe, expect, test } from "vitest";
import type { TestLog } from "../../fixtures.contract.ts";
import { ask, day, errorOf, makeLog } from "../../fixtures.contract.ts";
import {
  comparable,
  findLosses,
  readableFolders,
  readNames,
  restore,
  tablesOf,
  viewSql,
  withTables,
} from "./glue-state.contract.ts";
import type { Fault } from "../../../test/doubles/aws-faults.ts";
import { UserError } from "../../core/user-error.ts";
import type { TestRun } from "./runs.contract.ts";
import { kindsOf, planOn, runOn, storeOf } from "./runs.contract.ts";
import type { World } from "./world.contract.ts";
import { BUCKET, DATABASE, startWorld } from "./world.contract.ts";

const [A, B, C] = ["111122223333", "444455556666", "777788889999"] as const;
const ORGANIZATION = "AWSLogs/o-aa111bb222/";

/** Fails each call that writes partitions of the shared table, as Glue does when it has a bad day. */
function failOnRaw(input: unknown): Fault | undefined {
  const isRaw = JSON.stringify(input ?? {}).includes('"TableName":"cloudtrail_raw","PartitionInputList"');
  return isRaw ? { kind: "error", status: 500, code: "InternalServiceException", message: "no" } : undefined;
}

function logs(account: string, days: readonly string[], rest: TestLog = {}): TestLog[] {
  return days.map((date) => ({ account, day: date, ...rest }));
}

/** Runs, and looks at Glue before each call, or each so many, and in the end: nothing that answered may answer less. */
async function runWatched(world: World, options: TestRun, every = 1): Promise<string[]> {
  let before = world.aws.glue.snapshot();
  const losses: string[] = [];
  const look = (): void => {
    const now = world.aws.glue.snapshot();
    losses.push(...findLosses(before, now));
    before = now;
  };
  world.aws.faults.onCall(({ index }) => {
    if (index % every === 0) look();
    return undefined;
  });
  const report = await runOn(world, options);
  look();
  world.aws.faults.heal();
  expect(losses).toEqual([]);
  expect(kindsOf(await planOn(world, options))).toEqual([]);
  return kindsOf(report);
}

function foldersOf(world: World, name: string): string[] {
  return [...(readableFolders(world.aws.glue.snapshot(), name) ?? ["nothing"])]
    .map((folder) => folder.slice(`s3://${BUCKET}/`.length))
    .toSorted();
}

function kindOf(world: World, name: string): string | undefined {
  return tablesOf(world.aws.glue.snapshot())[name]?.TableType;
}

function parameterOf(world: World, name: string, parameter: string): string | undefined {
  return tablesOf(world.aws.glue.snapshot())[name]?.Parameters?.[parameter];
}

function isFiltered(world: World, name: string): boolean {
  return parameterOf(world, name, "partition_filtering.enabled") === "true";
}

function yearsOf(world: World, name: string): string | undefined {
  return parameterOf(world, name, "projection.year.range");
}

const SOME = [...logs(A, ["2026-11-19", "2026-11-20"]), ...logs(B, ["2026-11-19"], { region: "eu-west-1" })];
const MORE = [...SOME, ...logs(B, ["2026-11-21"]), ...logs(C, ["2026-11-21"])];

describe("a change of layout has no moment without a name, and none without a row", () => {
  test("from tables to the shared table, and back, with new logs each time", async () => {
    const world = await startWorld();
    await runWatched(world, { logs: SOME });
    const unified = { athena: { layout: "unified" as const } };
    expect(await runWatched(world, { logs: MORE, ...unified })).toEqual([
      "create-table",
      "replace-view",
      "turn-into-view",
      "turn-into-view",
      "create-view",
    ]);
    expect(kindOf(world, `cloudtrail_${A}`)).toBe("VIRTUAL_VIEW");
    const still = [...MORE, ...logs(A, ["2026-11-21"]), ...logs(C, ["2026-10-10"])];
    await runWatched(world, { logs: still, ...unified });
    const before = foldersOf(world, "cloudtrail");
    expect(await runWatched(world, { logs: still, athena: { layout: "tables" } })).toEqual([
      "turn-into-table",
      "turn-into-table",
      "turn-into-table",
      "replace-view",
    ]);
    expect(kindOf(world, `cloudtrail_${A}`)).toBe("EXTERNAL_TABLE");
    expect(foldersOf(world, "cloudtrail")).toEqual(before);
    expect(foldersOf(world, `cloudtrail_${C}`).length).toBeGreaterThan(3);
  });

  test("in the order that keeps the view over all accounts working: partitions, that view, the others", async () => {
    const world = await startWorld();
    await runOn(world, { logs: SOME });
    world.aws.clearCalls();
    await runWatched(world, { logs: SOME, athena: { layout: "unified" } });
    const writes = world.aws.calls.map(({ call }) => call).filter((call) => !/ Get/.test(call));
    expect(writes).toEqual([
      "Glue CreateTable",
      "Glue BatchCreatePartition",
      "Glue UpdateTable",
      "Glue UpdateTable",
      "Glue UpdateTable",
    ]);
  });

  test("of accounts beyond a hundred, by itself", async () => {
    const world = await startWorld();
    const accounts = Array.from({ length: 101 }, (_, index) => String(index + 1).padStart(12, "0"));
    const files = accounts.flatMap((account) => logs(account, ["2026-09-01"]));
    await runOn(world, { logs: files.slice(0, 100) });
    expect(kindOf(world, `cloudtrail_${accounts[0]}`)).toBe("EXTERNAL_TABLE");
    const kinds = await runWatched(world, { logs: files }, 10);
    expect(kinds.filter((kind) => kind === "turn-into-view")).toHaveLength(100);
    expect(kindOf(world, `cloudtrail_${accounts[100]}`)).toBe("VIRTUAL_VIEW");
    const view = tablesOf(world.aws.glue.snapshot())["cloudtrail"];
    expect(view === undefined ? [] : readNames(viewSql(view) ?? "")).toEqual(["cloudtrail_raw"]);
    expect(foldersOf(world, "cloudtrail")).toHaveLength(101);
  });

  test("for one account alone, whose logs of one day lie under two roots", async () => {
    const world = await startWorld();
    await runWatched(world, { logs: SOME });
    const doubled = [...SOME, ...logs(A, ["2026-11-20"], { root: ORGANIZATION })];
    expect(await runWatched(world, { logs: doubled })).toEqual([
      "create-table",
      "replace-view",
      "turn-into-view",
    ]);
    expect([kindOf(world, `cloudtrail_${A}`), kindOf(world, `cloudtrail_${B}`)]).toEqual([
      "VIRTUAL_VIEW",
      "EXTERNAL_TABLE",
    ]);
    const folder = `${A}/CloudTrail/us-east-1/2026/11/20/`;
    const folders = foldersOf(world, `cloudtrail_${A}`);
    expect(folders).toEqual(expect.arrayContaining([`AWSLogs/${folder}`, `${ORGANIZATION}${folder}`]));
    expect(foldersOf(world, "cloudtrail")).toEqual(expect.arrayContaining(folders));
    expect(foldersOf(world, "cloudtrail_raw").every((each) => each.includes(A))).toBe(true);
  });

  test("to tables again, while one account still needs the shared table: no row is there twice", async () => {
    const world = await startWorld();
    const doubled = [...SOME, ...logs(A, ["2026-11-20"], { root: ORGANIZATION })];
    await runWatched(world, { logs: doubled, athena: { layout: "unified" } });
    await runWatched(world, { logs: doubled });
    expect([kindOf(world, `cloudtrail_${A}`), kindOf(world, `cloudtrail_${B}`)]).toEqual([
      "VIRTUAL_VIEW",
      "EXTERNAL_TABLE",
    ]);
    expect(foldersOf(world, "cloudtrail_raw").some((folder) => folder.includes(B))).toBe(true);
    const more = [...doubled, ...logs(B, ["2026-11-21"]), ...logs(B, ["2026-11-21"], { root: ORGANIZATION })];
    await runWatched(world, { logs: more });
    expect(kindOf(world, `cloudtrail_${B}`)).toBe("VIRTUAL_VIEW");
    world.put(more.map((log) => makeLog(log)));
    world.aws.s3.createBucket("trail-logs-results");
    const sql =
      "SELECT account, count(*), count(DISTINCT eventid) FROM cloudtrail GROUP BY account ORDER BY account";
    const { rows } = await ask(world.openWarehouse(), sql);
    expect(rows).toEqual([
      [A, 3, 3],
      [B, 3, 3],
    ]);
    await runWatched(world, { logs: more, athena: { layout: "unified" } });
    const folders = foldersOf(world, "cloudtrail");
    expect(new Set(folders).size).toBe(folders.length);
  });

  test("and none at all for an account that has moved from one root to another", async () => {
    const world = await startWorld();
    await runWatched(world, { logs: SOME, today: day("2026-11-19") });
    const moved = [...SOME, ...logs(A, ["2026-11-21"], { root: ORGANIZATION })];
    expect(await runWatched(world, { logs: moved })).toEqual([
      "replace-table",
      "add-partitions",
      "add-partitions",
    ]);
    expect(parameterOf(world, `cloudtrail_${A}`, "EXTERNAL")).toBe("TRUE");
    expect(tablesOf(world.aws.glue.snapshot())[`cloudtrail_${A}`]?.StorageDescriptor?.Location).toBe(
      `s3://${BUCKET}/AWSLogs/`,
    );
  });
});

describe("a partition index", () => {
  const indexed = { athena: { partitionIndex: true } };

  test("is made with a new table, and Athena is told to ask it", async () => {
    const world = await startWorld();
    await runWatched(world, { logs: SOME, ...indexed });
    expect(tablesOf(world.aws.glue.snapshot())[`cloudtrail_${A}`]?.indexes).toEqual([
      { IndexName: "cloudtrail_partitioner", Keys: ["region", "year", "month", "day"] },
    ]);
    expect(isFiltered(world, `cloudtrail_${A}`)).toBe(true);
    expect(world.aws.calls.map(({ call }) => call)).not.toContain("Glue CreatePartitionIndex");
  });

  test("that Glue does not make now stops nothing, and is asked for again", async () => {
    const world = await startWorld();
    await runWatched(world, { logs: SOME });
    const table = `cloudtrail_${A}`;
    const glue = new GlueClient(world.aws.clientConfig);
    for (const Keys of [["region"], ["year"], ["month"]]) {
      const PartitionIndex = { IndexName: `theirs_${Keys[0]}`, Keys };
      await glue.send(
        new CreatePartitionIndexCommand({ DatabaseName: DATABASE, TableName: table, PartitionIndex }),
      );
    }
    const more = [...SOME, ...logs(A, ["2026-11-21"])];
    const report = await runOn(world, { logs: more, ...indexed });
    expect(report.plan.changes.map(({ kind }) => kind)).toContain("add-partitions");
    expect(foldersOf(world, table).some((folder) => folder.endsWith("/2026/11/21/"))).toBe(true);
    expect(isFiltered(world, table)).toBe(false);
    const { plan: again } = await planOn(world, { logs: more, ...indexed });
    expect(again.changes).toMatchObject([{ kind: "replace-table", table: { name: table } }]);
  });

  test("is made for a table that is there, and for one that was a view", async () => {
    const world = await startWorld();
    await runWatched(world, { logs: SOME, athena: { layout: "unified" } });
    await runWatched(world, { logs: SOME, athena: { layout: "unified", partitionIndex: true } });
    const [shared] = tablesOf(world.aws.glue.snapshot())["cloudtrail_raw"]?.indexes ?? [];
    expect(shared).toMatchObject({ Keys: ["account", "region", "year", "month", "day", "root"] });
    await runWatched(world, { logs: SOME, athena: { layout: "tables", partitionIndex: true } });
    for (const account of [A, B]) {
      expect(tablesOf(world.aws.glue.snapshot())[`cloudtrail_${account}`]?.indexes).toHaveLength(1);
      expect(isFiltered(world, `cloudtrail_${account}`)).toBe(true);
    }
  });

  test("that is no longer wanted is no longer asked, and stays", async () => {
    const world = await startWorld();
    await runWatched(world, { logs: SOME, ...indexed });
    expect(await runWatched(world, { logs: SOME })).toEqual(["replace-table", "replace-table"]);
    expect(isFiltered(world, `cloudtrail_${A}`)).toBe(false);
    expect(tablesOf(world.aws.glue.snapshot())[`cloudtrail_${A}`]?.indexes).toHaveLength(1);
  });
});

describe("retention", () => {
  const days = Array.from({ length: 60 }, (_, index) =>
    new Date(Date.UTC(2026, 8, 20 + index)).toISOString().slice(0, 10),
  );
  const keepFrom = day("2026-11-10");
  const old = days.filter((date) => date < keepFrom).length;

  test.each(["tables", "unified"] as const)(
    "drops older partitions only, in batches of 25, layout %s",
    async (layout) => {
      const world = await startWorld();
      const options = { logs: [...logs(A, days), ...logs(B, ["2026-11-20"])], athena: { layout } };
      await runOn(world, options);
      const before = foldersOf(world, "cloudtrail");
      world.aws.clearCalls();
      expect(kindsOf(await runOn(world, { ...options, keepFrom }))).toEqual(["drop-partitions"]);
      const batches = world.aws.calls
        .filter(({ call }) => call === "Glue BatchDeletePartition")
        .map(({ input }) => (input as BatchDeletePartitionCommandInput).PartitionsToDelete?.length ?? 0);
      expect(batches.toSorted((a, b) => b - a)).toEqual([25, 25, old - 50]);
      const kept = before.filter((folder) => folder.slice(-11, -1).replaceAll("/", "-") >= keepFrom);
      expect(foldersOf(world, "cloudtrail")).toEqual(kept);
      expect(kept.length).toBe(before.length - old);
      expect(kindsOf(await planOn(world, { ...options, keepFrom }))).toEqual([]);
    },
  );

  test("leaves no partition of an account that has been silent for as long, but its table", async () => {
    const world = await startWorld();
    const files = [...logs(A, ["2026-11-20"]), ...logs(B, ["2026-09-01", "2026-09-02"])];
    await runOn(world, { logs: files });
    const kinds = kindsOf(await runOn(world, { logs: files, keepFrom }));
    expect(kinds).toEqual(["drop-partitions", "replace-view"]);
    expect(foldersOf(world, `cloudtrail_${B}`)).toEqual([]);
    expect(foldersOf(world, "cloudtrail")).toEqual(foldersOf(world, `cloudtrail_${A}`));
    expect(kindsOf(await planOn(world, { logs: files, keepFrom }))).toEqual([]);
  });

  test("of nothing is the default: nothing is ever dropped", async () => {
    const world = await startWorld();
    await runOn(world, { logs: logs(A, days) });
    expect(kindsOf(await runOn(world, { logs: logs(A, days.slice(-1)) }))).toEqual([]);
    expect(foldersOf(world, "cloudtrail").length).toBeGreaterThan(59);
  });
});

describe("projected partitions", () => {
  const projected = { athena: { partitions: "projected" as const } };

  test("are worked out by Athena: none is registered, and a night without news writes nothing", async () => {
    const world = await startWorld();
    await runOn(world, { logs: storeOf(SOME), ...projected });
    expect(world.aws.glue.partitionCount(DATABASE, `cloudtrail_${A}`)).toBe(0);
    expect(parameterOf(world, `cloudtrail_${A}`, "projection.region.values")).toBe("us-east-1");
    expect(parameterOf(world, `cloudtrail_${B}`, "storage.location.template")).toBe(
      `s3://${BUCKET}/AWSLogs/${B}/CloudTrail/\${region}/\${year}/\${month}/\${day}/`,
    );
    const next = { logs: [...SOME, ...logs(A, ["2026-11-21"])], ...projected };
    expect(kindsOf(await runOn(world, { ...next, today: day("2026-11-23") }))).toEqual([]);
    const region = { ...next, logs: [...SOME, ...logs(A, ["2026-11-21"], { region: "af-south-1" })] };
    expect(kindsOf(await runOn(world, region))).toEqual(["replace-table"]);
    expect(parameterOf(world, `cloudtrail_${A}`, "projection.region.values")).toBe("af-south-1,us-east-1");
  });

  test("never cover fewer years, Regions or accounts, whatever the window", async () => {
    const world = await startWorld();
    const files = [...logs(A, ["2021-05-05"], { region: "sa-east-1" }), ...SOME];
    for (const layout of ["tables", "unified"] as const) {
      const athena = { ...projected.athena, layout };
      const name = layout === "tables" ? `cloudtrail_${A}` : "cloudtrail_raw";
      await runOn(world, { logs: files, athena });
      expect(yearsOf(world, name)).toBe("2021,2027");
      const windows = [
        { range: { from: day("2026-11-20") } },
        { range: { from: day("2021-01-01"), to: day("2022-12-31") } },
        { accounts: [B] },
        { logs: logs(C, ["2026-11-20"]), accounts: [C] },
      ];
      for (const window of windows) await runOn(world, { logs: files, athena, ...window });
      expect(yearsOf(world, name)).toBe("2021,2027");
      expect(parameterOf(world, name, "projection.region.values")).toContain("sa-east-1");
      expect(kindsOf(await planOn(world, { logs: files, athena }))).toEqual([]);
    }
    expect(parameterOf(world, "cloudtrail_raw", "projection.account.values")).toBe(`${A},${B},${C}`);
  });

  test("of accounts that are not listed stay in the view, with retention too, which drops whole years", async () => {
    const world = await startWorld();
    const files = [...logs(A, ["2021-05-05", "2026-11-20"]), ...logs(B, ["2026-03-03"])];
    await runOn(world, { logs: files, ...projected });
    const options = {
      logs: files,
      keepFrom: day("2025-11-10"),
      range: { from: day("2026-11-01") },
      ...projected,
    };
    expect(kindsOf(await runOn(world, options))).toEqual(["replace-table"]);
    expect(yearsOf(world, `cloudtrail_${A}`)).toBe("2025,2027");
    const view = tablesOf(world.aws.glue.snapshot())["cloudtrail"];
    expect(view === undefined ? [] : readNames(viewSql(view) ?? "")).toEqual([
      `cloudtrail_${A}`,
      `cloudtrail_${B}`,
    ]);
    expect(kindsOf(await planOn(world, options))).toEqual([]);
  });

  test("follow registered ones, and are followed by them, and accounts that are not listed stay", async () => {
    const world = await startWorld();
    const whole = { logs: [...SOME, ...logs(C, ["2026-01-01", "2026-12-31"])] };
    const some = { ...whole, accounts: [A] };
    await runOn(world, whole);
    const registered = world.aws.glue.snapshot();
    await runOn(world, { ...some, ...projected });
    for (const account of [A, B, C])
      expect(parameterOf(world, `cloudtrail_${account}`, "projection.enabled")).toBe("true");
    expect(kindsOf(await planOn(world, { ...some, ...projected }))).toEqual([]);
    for (const partial of [some, { ...whole, range: { from: day("2026-11-01") } }]) {
      expect(await errorOf(runOn(world, partial))).toMatchObject({
        name: "UserError",
        hint: expect.stringContaining("--from 2026-01-01"),
      });
    }
    await runOn(world, whole);
    for (const account of [A, B, C])
      expect(parameterOf(world, `cloudtrail_${account}`, "projection.enabled")).toBeUndefined();
    expect(kindsOf(await planOn(world, some))).toEqual([]);
    expect(foldersOf(world, `cloudtrail_${B}`).filter((folder) => folder.endsWith("/12/31/"))).toEqual([]);
    expect(findLosses(registered, world.aws.glue.snapshot())).toEqual([]);
  });

  test("become registered ones in a catalog that never had any, each day of the window", async () => {
    const world = await startWorld();
    const files = [...SOME, ...logs(C, ["2026-01-01", "2026-12-31"])];
    await runOn(world, { logs: files, ...projected });
    await runOn(world, { logs: files });
    expect(kindsOf(await planOn(world, { logs: files }))).toEqual([]);
    for (const date of ["01/01", "12/31"])
      expect(foldersOf(world, "cloudtrail")).toContain(`AWSLogs/${C}/CloudTrail/us-east-1/2026/${date}/`);
  });
});

test("layout auto stays unified when a few accounts are gone, and does not turn everything over", async () => {
  const world = await startWorld();
  const estate = Array.from({ length: 101 }, (_, index) => ({
    account: String(100_000_000_000 + index),
    day: index === 0 ? "2026-11-01" : "2026-11-20",
  }));
  await runOn(world, { logs: estate });
  expect(kindOf(world, "cloudtrail_100000000001")).toBe("VIRTUAL_VIEW");
  const kinds = kindsOf(await runOn(world, { logs: estate, keepFrom: day("2026-11-10") }));
  expect(kinds).not.toContain("turn-into-table");
  expect(kindOf(world, "cloudtrail_100000000001")).toBe("VIRTUAL_VIEW");
});

test.each([
  ["refused", (world: World) => world.aws.deny("glue:BatchCreatePartition", "*/cloudtrail_raw")],
  ["not taken", (world: World) => world.aws.faults.onCall(({ input }) => failOnRaw(input))],
])("names stay as they are while partitions of the shared table are %s", async (_, disturb) => {
  const world = await startWorld();
  await runOn(world, { logs: SOME });
  const before = world.aws.glue.snapshot();
  disturb(world);
  const unified = { logs: SOME, attempts: 1, athena: { layout: "unified" as const } };
  expect(await errorOf(runOn(world, unified))).toBeInstanceOf(UserError);
  expect(kindOf(world, `cloudtrail_${A}`)).toBe("EXTERNAL_TABLE");
  expect(findLosses(before, world.aws.glue.snapshot())).toEqual([]);
  expect(tablesOf(world.aws.glue.snapshot())["cloudtrail"]).toEqual(tablesOf(before)["cloudtrail"]);
  world.aws.allowAll();
  world.aws.faults.heal();
  await runOn(world, unified);
  expect(kindOf(world, `cloudtrail_${A}`)).toBe("VIRTUAL_VIEW");
  expect(kindsOf(await planOn(world, unified))).toEqual([]);
});

test("an account whose partitions are refused keeps no other one out of the view", async () => {
  const world = await startWorld();
  world.aws.deny("glue:BatchCreatePartition", `*/cloudtrail_${A}`);
  const error = await errorOf(runOn(world, { logs: SOME }));
  expect(error).toMatchObject({ name: "UserError", message: expect.stringContaining(`cloudtrail_${A}`) });
  const view = tablesOf(world.aws.glue.snapshot())["cloudtrail"];
  expect(view === undefined ? [] : readNames(viewSql(view) ?? "")).toContain(`cloudtrail_${B}`);
  world.aws.allowAll();
  await runOn(world, { logs: SOME });
  expect(kindsOf(await planOn(world, { logs: SOME }))).toEqual([]);
});

test("a catalog in which nothing is as it should be is the same after a run as one made anew", async () => {
  const world = await startWorld();
  await runOn(world, { logs: MORE });
  const wanted = world.aws.glue.snapshot();
  const broken = withTables(wanted, (name, table) => {
    if (name === "cloudtrail") return { ViewOriginalText: "" };
    if (name === `cloudtrail_${C}`) return undefined;
    return {
      Parameters: { ...table.Parameters, classification: "json" },
      partitions: table.partitions.map((each, index) => ({
        ...each,
        StorageDescriptor: { ...each.StorageDescriptor, Location: index % 2 === 0 ? "s3://x/" : "" },
      })),
    };
  });
  restore(world.aws, broken);
  await runOn(world, { logs: MORE });
  expect(comparable(world.aws.glue.snapshot())).toEqual(comparable(wanted));
});
