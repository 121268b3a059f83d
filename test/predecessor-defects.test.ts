import { describe, expect, test } from "vitest";
import { discover } from "../src/actions/discover.ts";
import { printArn } from "../src/core/arn.ts";
import { POLICY_COMMANDS, planPolicy } from "../src/core/iam-policy.ts";
import { day, errorOf, makeLog } from "../src/fixtures.contract.ts";
import type { TestLog } from "../src/fixtures.contract.ts";
import {
  findLosses,
  readableFolders,
  readNames,
  restore,
  tablesOf,
  viewSql,
  withTables,
} from "../src/warehouse/athena/glue-state.contract.ts";
import { kindsOf, planOn, runOn, storeOf, writesOf } from "../src/warehouse/athena/runs.contract.ts";
import type { World } from "../src/warehouse/athena/world.contract.ts";
import { BUCKET, DATABASE, startWorld } from "../src/warehouse/athena/world.contract.ts";

/** What was wrong with the tool that this one succeeds, duo-labs/cloudtrail-partitioner: none of it may come back. */

const [A, B] = ["111122223333", "444455556666"] as const;
const ORGANIZATION = "AWSLogs/o-aa111bb222/";

function logs(account: string, days: readonly string[], rest: TestLog = {}): TestLog[] {
  return days.map((date) => ({ account, day: date, ...rest }));
}

function accountIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1).padStart(12, "0"));
}

function foldersOf(world: World, name = "cloudtrail"): readonly string[] {
  return readableFolders(world.aws.glue.snapshot(), name) ?? [];
}

function viewReads(world: World): string[] {
  const view = tablesOf(world.aws.glue.snapshot())["cloudtrail"];
  return readNames((view === undefined ? undefined : viewSql(view)) ?? "");
}

describe("defects of the predecessor", () => {
  test("1. a failure was not heard of: a run that fails throws, and names what failed", async () => {
    const world = await startWorld();
    world.aws.deny("glue:BatchCreatePartition");
    const error = await errorOf(runOn(world, { logs: logs(A, ["2026-11-20"]) }));
    expect(error).toMatchObject({
      name: "UserError",
      message: expect.stringContaining(
        `glue:BatchCreatePartition on the table ${DATABASE}.cloudtrail_${A}`,
      ) as string,
    });
  });

  test("2. missed nights left a hole: the next run fills it", async () => {
    const world = await startWorld();
    const days = ["2026-11-15", "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"];
    await runOn(world, { logs: logs(A, days.slice(0, 1)), today: day("2026-11-15") });
    await runOn(world, { logs: logs(A, days), today: day("2026-11-19"), range: { from: day("2026-11-01") } });
    for (const date of days) {
      const folder = `AWSLogs/${A}/CloudTrail/us-east-1/${date.replaceAll("-", "/")}/`;
      expect(foldersOf(world)).toContain(`s3://${BUCKET}/${folder}`);
    }
  });

  test("3. listings ended after a page: the last of 1,100 accounts, and of as many tables, is found", async () => {
    const world = await startWorld();
    const accounts = accountIds(1100);
    world.put(accounts.map((account) => makeLog({ account })));
    for (const account of accounts) world.aws.glue.makeForeignTable(DATABASE, `a_${account}`);
    const options = { logs: world.store, accounts: accounts.slice(-1) };
    await runOn(world, options);
    expect(viewReads(world)).toEqual([`cloudtrail_${accounts.at(-1)}`]);
    expect(kindsOf(await planOn(world, options))).toEqual([]);
  });

  test("4. a key before AWSLogs/ stopped it: keys and folders beside the logs do no harm", async () => {
    const world = await startWorld();
    for (const key of ["0", "AWSLog", "A/B/c.txt", "AWSLogs/readme.txt", "zzz"])
      world.aws.s3.put(BUCKET, key, new Uint8Array(40));
    world.put([makeLog()]);
    const { inventory } = await runOn(world, { logs: world.store });
    expect(inventory.roots).toEqual(["AWSLogs/"]);
    expect(foldersOf(world)).toHaveLength(3);
  });

  test("5. accounts were told by [0-d]{12}: twelve digits are, and nothing else", async () => {
    const files = ["12345678901d", "1234567890ab", "::::::::::::", "1234567890123"].map((account) => ({
      key: `AWSLogs/${account}/CloudTrail/us-east-1/2026/11/20/a.json.gz`,
      bytes: new Uint8Array(40),
    }));
    const world = await startWorld();
    world.put([...files, makeLog({ account: "000000000012" })]);
    const found = await discover(world.store, { detail: "days" });
    expect(found.partitions.map(({ account }) => account)).toEqual(["000000000012"]);
    expect(found.oddities).toMatchObject([{ reason: "not an account id (wanted 12 digits)", count: 4 }]);
  });

  test("6. the view was dropped, then made: it is there before and after every single call", async () => {
    const world = await startWorld();
    await runOn(world, { logs: logs(A, ["2026-11-20"]) });
    const before = world.aws.glue.snapshot();
    const losses: string[] = [];
    world.aws.faults.onCall(() => {
      losses.push(...findLosses(before, world.aws.glue.snapshot()));
      return undefined;
    });
    await runOn(world, { logs: [...logs(A, ["2026-11-20"]), ...logs(B, ["2026-11-20"])] });
    expect(losses).toEqual([]);
    expect(viewReads(world)).toEqual([`cloudtrail_${A}`, `cloudtrail_${B}`]);
    expect(world.aws.calls.filter(({ call }) => /DeleteTable/.test(call))).toEqual([]);
  });

  test("7. the view grew until Athena refused it: it reads 100 tables at most, or one", async () => {
    const world = await startWorld();
    const files = accountIds(101).flatMap((account) => logs(account, ["2026-09-01"]));
    await runOn(world, { logs: storeOf(files.slice(0, 100)) });
    expect(viewReads(world)).toHaveLength(100);
    await runOn(world, { logs: storeOf(files) });
    expect(viewReads(world)).toEqual(["cloudtrail_raw"]);
    expect(foldersOf(world)).toHaveLength(101);
  });

  test("8. a query an account and day: no query, and a call for 100 partitions", async () => {
    const world = await startWorld();
    const days = Array.from({ length: 30 }, (_, index) =>
      new Date(Date.UTC(2026, 9, 24 + index)).toISOString().slice(0, 10),
    );
    const accounts = accountIds(101);
    await runOn(world, { logs: storeOf(accounts.flatMap((account) => logs(account, days))) });
    const partitions = 101 * (30 + 1);
    expect(world.aws.glue.partitionCount(DATABASE, "cloudtrail_raw")).toBe(partitions);
    expect(world.aws.calls.filter(({ call }) => call.startsWith("Athena"))).toEqual([]);
    const batches = writesOf(world).filter((call) => call === "Glue BatchCreatePartition");
    expect(batches).toHaveLength(Math.ceil(partitions / 100));
  });

  test("9. columns stayed those of the first day: old tables and partitions get the new ones in one run", async () => {
    const world = await startWorld();
    const options = { logs: logs(A, ["2026-11-19", "2026-11-20"]) };
    await runOn(world, options);
    const wanted = world.aws.glue.snapshot();
    const Parameters = { "cloudtrail_partitioner.schema": "0" };
    const old = withTables(wanted, (_, { TableType, StorageDescriptor, partitions, ...table }) => {
      if (TableType === "VIRTUAL_VIEW") return {};
      const columns = { ...StorageDescriptor, Columns: StorageDescriptor?.Columns?.slice(0, 23) };
      return {
        Parameters: { ...table.Parameters, ...Parameters },
        StorageDescriptor: columns,
        partitions: partitions.map((each) => ({
          ...each,
          Parameters,
          StorageDescriptor: { ...each.StorageDescriptor, Columns: columns.Columns },
        })),
      };
    });
    restore(world.aws, old);
    expect(kindsOf(await runOn(world, options))).toEqual(["replace-table", "update-partitions"]);
    const [table, before] = [world.aws.glue.snapshot(), wanted].map(
      (snapshot) => tablesOf(snapshot)[`cloudtrail_${A}`],
    );
    expect(table?.StorageDescriptor).toEqual(before?.StorageDescriptor);
    expect(table?.partitions).toEqual(before?.partitions);
  });

  test.each(["", "a", "a/b"])("10. locations had // in them: with the prefix %j none has", async (prefix) => {
    const world = await startWorld({ prefix });
    world.put([makeLog(), makeLog({ root: ORGANIZATION, account: B })]);
    for (const layout of ["tables", "unified"] as const) {
      await runOn(world, { logs: world.store, athena: { layout } });
      const tables = Object.values(tablesOf(world.aws.glue.snapshot()));
      const locations = tables.flatMap(({ StorageDescriptor, partitions }) =>
        [StorageDescriptor, ...partitions.map((each) => each.StorageDescriptor)].flatMap(
          (descriptor) => descriptor?.Location ?? [],
        ),
      );
      expect(locations.length).toBeGreaterThan(7);
      for (const location of locations) expect(location).toMatch(/^s3:\/\/([^/]+\/)+$/);
    }
  });

  test("11. an account under two roots collided: its one table has the logs of both", async () => {
    const world = await startWorld();
    world.put([makeLog(), makeLog({ root: ORGANIZATION }), makeLog({ account: B })]);
    await runOn(world, { logs: world.store });
    for (const name of ["cloudtrail", `cloudtrail_${A}`])
      for (const root of ["AWSLogs/", ORGANIZATION])
        expect(foldersOf(world, name)).toContain(
          `s3://${BUCKET}/${root}${A}/CloudTrail/us-east-1/2026/11/20/`,
        );
    expect(new Set(foldersOf(world)).size).toBe(foldersOf(world).length);
  });

  test("12. permissions were on *: every statement of a run names its resources", () => {
    const place = { partition: "aws", region: "eu-central-1", account: A };
    const policies = POLICY_COMMANDS.filter((command) => command !== "init").map((command) =>
      planPolicy({
        command,
        place,
        logs: { bucket: BUCKET, prefix: "" },
        database: DATABASE,
        tablePrefix: "cloudtrail",
        workgroup: "primary",
        output: { bucket: "answers", prefix: "" },
        retention: true,
        partitionIndex: true,
      }),
    );
    const statements = policies.flatMap(({ Statement }) => Statement);
    expect(statements.length).toBeGreaterThan(10);
    expect(statements.filter(({ Resource }) => Resource.includes("*"))).toEqual([]);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
    expect(statements.flatMap(({ Resource }) => Resource)).toContain(
      printArn(place, "glue", `table/${DATABASE}/cloudtrail`),
    );
  });

  test("13. every Region had partitions: only those with logs have", async () => {
    const world = await startWorld();
    world.put([makeLog(), makeLog({ region: "ap-southeast-4", day: "2026-11-21" })]);
    await runOn(world, { logs: world.store });
    const regions = world.aws.glue
      .partitions(DATABASE, `cloudtrail_${A}`)
      .map(({ Values = [] }) => Values[0]);
    expect(new Set(regions)).toEqual(new Set(["ap-southeast-4", "us-east-1"]));
    expect(regions).toHaveLength(6);
  });
});
