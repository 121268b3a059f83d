import type { Table as GlueTable } from "@aws-sdk/client-glue";
import { countRequests, makeClientConfig } from "../../aws/clients.ts";
import { GlueClient } from "@aws-sdk/client-glue";
import type { Plan } from "../../core/plan.ts";
import { UserError } from "../../core/user-error.ts";
import { readVersion } from "../../version.ts";
import type { CallOptions, Warehouse } from "../warehouse.ts";
import type { AthenaOptions } from "./athena-options.ts";
import { applyChanges } from "./catalog/apply-plan.ts";
import { defineCatalog } from "./catalog/define-catalog.ts";
import type { GlueAddress } from "./catalog/glue-reader.ts";
import { readCatalog } from "./catalog/read-catalog.ts";
import { StaleCatalog } from "./catalog/stale-catalog.ts";
import { openAthenaQueries } from "./query/athena-queries.ts";

/**
 * A warehouse of Glue tables, which Athena queries. Catalogs are read and written through Glue's API alone, without a query
 * and without reading a log.
 */
export function openAthenaWarehouse(options: AthenaOptions): Warehouse {
  const { database, aws, layout = "auto", partitions = "registered", partitionIndex = false } = options;
  const requests = new Map<string, number>();
  const client = new GlueClient(makeClientConfig(aws));
  countRequests(client, requests);
  const catalogOptions = { database, layout, projected: partitions === "projected", partitionIndex };
  const addressFor = (signal: AbortSignal | undefined): GlueAddress => ({ client, database, signal });
  const queries = openAthenaQueries(options, requests);
  let entries: ReadonlyMap<string, GlueTable> = new Map();
  let generation = 0;
  return {
    title: `Athena, the Glue database ${database}`,
    requests,
    detail: "days",
    async readCatalog({ signal, ...what }) {
      const { projected } = catalogOptions;
      const read = await readCatalog(addressFor(signal), { ...what, projected });
      entries = read.entries;
      return { ...read.catalog, version: ++generation };
    },
    defineCatalog: async (content) => defineCatalog(content, catalogOptions),
    async inspectLogs(files) {
      for await (const file of files) {
        throw new UserError(`Athena reads the log files by itself, and ${file} was not looked at`, {
          hint: "leave --check out; on a copy of the logs, --engine duckdb checks them",
        });
      }
      return [];
    },
    async applyPlan({ changes, version }: Plan, { signal, onProgress }: CallOptions = {}) {
      if (version !== generation) return false;
      signal?.throwIfAborted();
      const total = countPartitions(changes);
      let done = 0;
      try {
        await applyChanges(changes, {
          address: addressFor(signal),
          entries,
          version: readVersion(),
          onPartitions: (count) => onProgress?.((done += count) / Math.max(total, 1)),
        });
      } catch (error) {
        if (error instanceof StaleCatalog) return false;
        throw error;
      }
      return true;
    },
    checkAccess: async ({ tablePrefix, signal }) => {
      const { checkAthenaAccess } = await import("./check-access.ts");
      return checkAthenaAccess({ ...options, tablePrefix }, { signal });
    },
    ...queries,
    close: () => {
      queries.close();
      client.destroy();
    },
  };
}

function countPartitions(changes: Plan["changes"]): number {
  return changes.reduce((sum, change) => {
    if ("partitions" in change) return sum + change.partitions.size;
    return change.kind === "create-table" || change.kind === "turn-into-table"
      ? sum + change.table.partitions.size
      : sum;
  }, 0);
}
