import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { GlueSnapshot, SnapshotTable } from "../../../test/doubles/glue-double.ts";
import type { TestLog } from "../../fixtures.contract.ts";
import {
  findLosses,
  readableFolders,
  readNames,
  restore,
  tablesOf,
  viewSql,
  withTables,
} from "./glue-state.contract.ts";
import type { TestRun } from "./runs.contract.ts";
import { kindsOf, planOn, runOn, storeOf } from "./runs.contract.ts";
import { BUCKET, DATABASE, startWorld } from "./world.contract.ts";

const ACCOUNTS = ["111122223333", "444455556666", "777788889999"] as const;
const DAYS = ["2026-08-01", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21"] as const;
const FOREIGN = "cloudtrail_notes";
const ROOTS = ["AWSLogs/", "AWSLogs/o-aa111bb222/"] as const;

const arbitraryLogs: fc.Arbitrary<TestLog[]> = fc.array(
  fc.record({
    account: fc.constantFrom(...ACCOUNTS),
    region: fc.constantFrom("us-east-1", "eu-west-1"),
    day: fc.constantFrom(...DAYS),
    root: fc.oneof({ weight: 6, arbitrary: fc.constant(ROOTS[0]) }, fc.constant(ROOTS[1])),
  }),
  { minLength: 1, maxLength: 20 },
);

type Harm = "lost" | "old" | "without parameters" | "elsewhere" | "another account's" | "without its slash";

/** What happened to a partition, by its place in a table; most are well. */
const arbitraryHarms = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    fc.constantFrom<Harm>(
      "lost",
      "old",
      "without parameters",
      "elsewhere",
      "another account's",
      "without its slash",
    ),
  ),
  { minLength: 1, maxLength: 15 },
);

const arbitraryDisorder = fc.record({
  harms: arbitraryHarms,
  oldTables: fc.subarray([...ACCOUNTS.map((account) => `cloudtrail_${account}`), "cloudtrail_raw"]),
  lostTables: fc.subarray(
    ACCOUNTS.map((account) => `cloudtrail_${account}`),
    { maxLength: 1 },
  ),
  view: fc.constantFrom("well", "lost", "stale", "empty"),
  odd: fc.boolean(),
});

type Disorder = typeof arbitraryDisorder extends fc.Arbitrary<infer T> ? T : never;
type Partition = SnapshotTable["partitions"][number];

function harm(partition: Partition, kind: Harm): Partition[] {
  const { StorageDescriptor = {}, ...rest } = partition;
  const { Location = "", Columns } = StorageDescriptor;
  const at = (place: string): Partition[] => [
    { ...partition, StorageDescriptor: { ...StorageDescriptor, Location: place } },
  ];
  switch (kind) {
    case "lost":
      return [];
    case "old":
      return [
        {
          ...rest,
          Parameters: { "cloudtrail_partitioner.schema": "0" },
          StorageDescriptor: { ...StorageDescriptor, Columns: Columns?.slice(0, 23) },
        },
      ];
    case "without parameters":
      return [{ ...rest, Parameters: undefined, StorageDescriptor }];
    case "elsewhere":
      return at(`s3://nowhere/${rest.Values?.join("/")}/`);
    case "another account's":
      return at(Location.replace(/\d{12}/, "000000000000"));
    case "without its slash":
      return at(Location.slice(0, -1));
  }
}

/** Values that no log has; none in a view that was never a table. */
function makeOdd({ Name, PartitionKeys = [] }: SnapshotTable): Partition[] {
  if (PartitionKeys.length === 0) return [];
  const odd = ["__HIVE_DEFAULT_PARTITION__", "2026-11-20", "€"];
  return odd.map((value) => ({
    Values: PartitionKeys.map(() => value),
    StorageDescriptor: { Location: `s3://odd/${Name}/${value}/` },
  }));
}

function disturb(snapshot: GlueSnapshot, disorder: Disorder): GlueSnapshot {
  const { harms, oldTables, lostTables, view, odd } = disorder;
  return withTables(snapshot, (name, table) => {
    if (name === "cloudtrail") {
      if (view === "lost") return undefined;
      if (view === "empty") return { ViewOriginalText: "" };
      const text = Buffer.from(JSON.stringify({ originalSql: "SELECT 1", columns: [] })).toString("base64");
      return view === "stale" ? { ViewOriginalText: `/* Presto View: ${text} */` } : {};
    }
    if (!name.startsWith("cloudtrail_") || name === FOREIGN) return {};
    if (lostTables.includes(name)) return undefined;
    const partitions = table.partitions.flatMap((each, index) => {
      const kind = harms[index % harms.length];
      return kind === undefined ? [each] : harm(each, kind);
    });
    const { StorageDescriptor, Parameters } = table;
    const isOld = oldTables.includes(name) && table.TableType === "EXTERNAL_TABLE";
    return {
      partitions: odd ? [...partitions, ...makeOdd(table)] : partitions,
      ...(isOld
        ? {
            StorageDescriptor: { ...StorageDescriptor, Columns: StorageDescriptor?.Columns?.slice(0, 23) },
            Parameters: { ...Parameters, "cloudtrail_partitioner.schema": "0", owner_team: "x" },
          }
        : {}),
    };
  });
}

/** Partitions with a wrong place or schema, in the tables that the view over all accounts reads. */
function findWrong(snapshot: GlueSnapshot): string[] {
  const view = tablesOf(snapshot)["cloudtrail"];
  const sql = (view === undefined ? undefined : viewSql(view)) ?? "";
  const read = readNames(sql);
  const chosen = / IN \((.*)\)/.exec(sql)?.[1];
  const isRead = ([account = ""]: readonly string[]): boolean => chosen?.includes(account) ?? true;
  return Object.entries(tablesOf(snapshot)).flatMap(([name, { partitions, StorageDescriptor }]) => {
    if (!read.includes(name)) return [];
    return partitions
      .filter(({ StorageDescriptor: { Location = "" } = {} }) => !Location.startsWith("s3://odd/"))
      .filter(({ Values = [], Parameters, StorageDescriptor: own }) => {
        const [account, ...values] = Values.length === 6 ? Values : [name.slice(-12), ...Values];
        const path = `${account}/CloudTrail/${values.slice(0, 4).join("/")}/`;
        const isThere = ROOTS.some((root) => own?.Location === `s3://${BUCKET}/${root}${path}`);
        const isCurrent =
          Parameters?.["cloudtrail_partitioner.schema"] === "1" &&
          JSON.stringify(own?.Columns) === JSON.stringify(StorageDescriptor?.Columns);
        return (Values.length !== 6 || isRead(Values)) && (!isThere || !isCurrent);
      })
      .map(({ Values = [] }) => `${name} ${Values.join("/")}`);
  });
}

function folderOf({ root = "", account = "", region = "", day = "" }: TestLog): string {
  return `s3://${BUCKET}/${root}${account}/CloudTrail/${region}/${day.replaceAll("-", "/")}/`;
}

test("one run puts any disorder right, and leaves nothing to do", async () => {
  const world = await startWorld();
  const arbitraryAthena = fc.record({
    layout: fc.constantFrom("auto" as const, "unified" as const),
    partitionIndex: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.record({ before: arbitraryLogs, since: arbitraryLogs, once: arbitraryAthena, now: arbitraryAthena }),
      arbitraryDisorder,
      async ({ before, since, once, now }, disorder) => {
        restore(world.aws, {});
        world.aws.glue.makeForeignTable(DATABASE, FOREIGN);
        await runOn(world, { logs: before, athena: once });
        const start = disturb(world.aws.glue.snapshot(), disorder);
        restore(world.aws, start);
        const all = [...before, ...since];
        const options: TestRun = { logs: storeOf(all), athena: now };
        await runOn(world, options);
        const end = world.aws.glue.snapshot();
        expect(findWrong(end)).toEqual([]);
        const folders = all.map(folderOf);
        expect([...(readableFolders(end, "cloudtrail") ?? [])]).toEqual(expect.arrayContaining(folders));
        for (const { account } of all) {
          const theirs = folders.filter((folder) => folder.includes(account ?? ""));
          const read = [...(readableFolders(end, `cloudtrail_${account}`) ?? [])];
          expect(read).toEqual(expect.arrayContaining(theirs));
        }
        expect(findLosses(end, end)).toEqual([]);
        expect(tablesOf(end)[FOREIGN]).toEqual(tablesOf(start)[FOREIGN]);
        expect(kindsOf(await planOn(world, options))).toEqual([]);
      },
    ),
    { numRuns: 30, seed: 20261122 },
  );
});
