import { onTestFinished } from "vitest";
import type { TestLog } from "../../../fixtures.contract.ts";
import { collect, day, makeLog } from "../../../fixtures.contract.ts";
import { run } from "../../../actions/run.ts";
import type { QueryOptions, ResultColumn, Scan, Value } from "../../warehouse.ts";
import type { AthenaOptions } from "../athena-options.ts";
import type { World } from "../world.contract.ts";
import { DATABASE, startWorld } from "../world.contract.ts";
import type { AthenaQueries } from "./athena-queries.ts";
import { openAthenaQueries } from "./athena-queries.ts";

/** A bucket of logs, the tables over it, and what asks them. */
export interface QueryWorld extends World {
  /** Makes the tables, as the command run does. */
  makeTables(options?: Partial<AthenaOptions>): Promise<void>;
  openQueries(options?: Partial<AthenaOptions>): AthenaQueries;
  /** Requests of all queries. */
  readonly requests: ReadonlyMap<string, number>;
  /** How many calls of that name the double got since the last clearCalls: "Athena GetQueryResults". */
  countCalls(name: string): number;
}

export async function startQueryWorld(...logs: readonly TestLog[]): Promise<QueryWorld> {
  const world = await startWorld();
  const requests = new Map<string, number>();
  world.put(logs.map(makeLog));
  return {
    ...world,
    requests,
    makeTables: async (options) => {
      const warehouse = world.openWarehouse(options);
      await run({ store: world.store, warehouse }, { tablePrefix: "cloudtrail", today: day("2026-11-22") });
    },
    openQueries: (options) => {
      const queries = openAthenaQueries(
        { aws: world.settings, database: DATABASE, output: "s3://trail-logs-results/", ...options },
        requests,
      );
      onTestFinished(() => queries.close());
      return queries;
    },
    countCalls: (name) => world.aws.calls.filter(({ call }) => call === name).length,
  };
}

export interface WholeAnswer {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Value[])[];
  readonly batches: number;
  readonly scan: Scan | undefined;
}

export async function askAll(
  queries: AthenaQueries,
  sql: string,
  options?: QueryOptions,
): Promise<WholeAnswer> {
  const { columns, rows, scan } = await queries.query(sql, options);
  const batches = await collect(rows);
  return { columns, rows: batches.flat(), batches: batches.length, scan };
}
