import { describe, expect, test } from "vitest";
import { PARTITION_COLUMNS, printTrinoType, RECORD_COLUMNS } from "../../src/core/columns.ts";
import { makeLog } from "../../src/fixtures.contract.ts";
import type { Layout } from "../../src/warehouse/athena/catalog/layout.ts";
import { parseIoPlan } from "../../src/warehouse/athena/query/io-plan.ts";
import type { TrinoServers, TrinoWorld } from "./trino-world.ts";
import { onTrino, startTrinoWorld } from "./trino-world.ts";

const [ONE, TWO] = ["111122223333", "444455556666"];
const ORGANIZATION = "o-aa111bb222/AWSLogs/o-aa111bb222/";

const LOGS = [
  makeLog({ account: ONE, day: "2026-10-19" }),
  makeLog({ account: ONE, day: "2026-10-20", region: "eu-west-1" }),
  makeLog({ account: TWO, day: "2026-10-20" }),
];

/** What `run` made, as moto's Glue has it, read by a real Trino. */
onTrino(defineTests);

/** Column names and types as Trino describes them. */
async function describeTable({ ask }: TrinoWorld, name: string): Promise<string[]> {
  const { rows } = await ask(`DESCRIBE ${name}`);
  return rows.map(([column, type]) => `${String(column)} ${String(type)}`);
}

/** Where an event says that it lies: its name is its partition's key. */
function placeOf(account: string | undefined, region: string): string {
  return `AWSLogs/${account}/CloudTrail/${region}/2026/10`;
}

const RECORD = RECORD_COLUMNS.map(({ name, type }) => `${name.toLowerCase()} ${printTrinoType(type)}`);
const PARTITION = PARTITION_COLUMNS.map((name) => `${name} varchar`);

function defineTests(servers: TrinoServers): void {
  describe.each<Layout>(["tables", "unified"])("Trino, layout %s", (layout) => {
    const start = async (): Promise<TrinoWorld> => {
      const world = await startTrinoWorld(servers, LOGS);
      await world.runAs(layout);
      return world;
    };

    test("lists, describes and queries tables, partitions and the view", async () => {
      const world = await start();
      const { rows: names } = await world.ask("SHOW TABLES");
      const raw = layout === "unified" ? ["cloudtrail_raw"] : [];
      const all = ["cloudtrail", `cloudtrail_${ONE}`, `cloudtrail_${TWO}`, ...raw];
      expect(names.flat()).toEqual(all);
      expect(await describeTable(world, "cloudtrail")).toEqual([...RECORD, "account varchar", ...PARTITION]);
      expect(await describeTable(world, `cloudtrail_${ONE}`)).toEqual([...RECORD, ...PARTITION]);

      const { rows: events } = await world.ask(
        "SELECT account, region, year, month, day, eventname FROM cloudtrail ORDER BY 1, 2, 3, 4, 5",
      );
      expect(events).toEqual([
        [ONE, "eu-west-1", "2026", "10", "20", `${placeOf(ONE, "eu-west-1")}/20/`],
        [ONE, "us-east-1", "2026", "10", "19", `${placeOf(ONE, "us-east-1")}/19/`],
        [TWO, "us-east-1", "2026", "10", "20", `${placeOf(TWO, "us-east-1")}/20/`],
      ]);
      const own = await world.ask(
        `SELECT count(*), count(useridentity.sessioncontext.sessionissuer.arn) FROM cloudtrail_${ONE} WHERE day = '20'`,
      );
      expect(own.rows).toEqual([[1, 0]]);
    });

    test("explains what a query reads, and we read the explanation", async () => {
      const world = await start();
      const { rows } = await world.ask(
        "EXPLAIN (TYPE IO, FORMAT JSON) SELECT eventname FROM cloudtrail WHERE region = 'us-east-1' AND day = '20'",
      );
      const tables = parseIoPlan(rows.flat().join("\n"));
      expect(tables.map(({ table }) => table)).toEqual([
        layout === "unified" ? "cloudtrail_raw" : `cloudtrail_${TWO}`,
      ]);
    });

    test("goes on answering after the layout has changed", async () => {
      const world = await start();
      await world.runAs(layout === "unified" ? "tables" : "unified");
      const { rows } = await world.ask("SELECT account, count(*) FROM cloudtrail GROUP BY 1 ORDER BY 1");
      expect(rows).toEqual([
        [ONE, 2],
        [TWO, 1],
      ]);
      const { rows: own } = await world.ask(`SELECT count(*) FROM cloudtrail_${ONE}`);
      expect(own).toEqual([[2]]);
      await world.runAs(layout);
      expect((await world.ask(`SELECT count(*) FROM cloudtrail_${ONE}`)).rows).toEqual([[2]]);
    });
  });

  test("Trino reads an account that lies under two roots on the same day", async () => {
    const world = await startTrinoWorld(servers, [
      ...LOGS,
      makeLog({ account: ONE, day: "2026-10-19", root: ORGANIZATION }),
    ]);
    await world.runAs("tables");
    const { rows } = await world.ask(`SELECT eventname FROM cloudtrail_${ONE} WHERE day = '19' ORDER BY 1`);
    expect(rows.flat()).toEqual([
      `AWSLogs/${ONE}/CloudTrail/us-east-1/2026/10/19/`,
      `${ORGANIZATION}${ONE}/CloudTrail/us-east-1/2026/10/19/`,
    ]);
    expect((await world.ask("SELECT count(*) FROM cloudtrail")).rows).toEqual([[4]]);
  });
}
