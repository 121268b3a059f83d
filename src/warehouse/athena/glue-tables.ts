import type { Table as GlueTable } from "@aws-sdk/client-glue";
import { GlueClient } from "@aws-sdk/client-glue";
import { countRequests, makeClientConfig } from "../../aws/clients.ts";
import type { LakeTable } from "../../core/catalog.ts";
import type { Plan } from "../../core/plan.ts";
import { countWrites } from "../../core/plan.ts";
import { UserError } from "../../core/user-error.ts";
import { readVersion } from "../../version.ts";
import type { ApplyOptions, TableWarehouse } from "../warehouse.ts";
import type { AthenaOptions } from "./athena-options.ts";
import { applyChanges } from "./catalog/apply-plan.ts";
import { defineCatalog } from "./catalog/define-catalog.ts";
import type { GlueAddress } from "./catalog/glue-reader.ts";
import { readCatalog } from "./catalog/read-catalog.ts";
import { StaleCatalog } from "./catalog/stale-catalog.ts";

/**
 * The tables of a Glue database, for Athena. Catalogs are read and written through Glue's API alone, without a query and
 * without reading a log.
 */
export function openGlueTables(
  options: AthenaOptions,
): TableWarehouse & { readonly requests: Map<string, number> } {
  const { database, aws, layout = "auto", partitions = "registered", partitionIndex = false } = options;
  const requests = new Map<string, number>();
  const client = new GlueClient(makeClientConfig(aws));
  countRequests(client, requests);
  const catalogOptions = { database, layout, projected: partitions === "projected", partitionIndex };
  const addressFor = (signal: AbortSignal | undefined): GlueAddress => ({ client, database, signal });
  let entries: ReadonlyMap<string, GlueTable> = new Map();
  let lakeTables: ReadonlyMap<string, LakeTable> = new Map();
  let generation = 0;
  return {
    title: `Athena, the Glue database ${database}`,
    requests,
    detail: "days",
    async readCatalog({ signal, ...what }) {
      const { projected } = catalogOptions;
      const read = await readCatalog(addressFor(signal), { ...what, projected });
      entries = read.entries;
      lakeTables = read.catalog.lakeTables ?? new Map<string, LakeTable>();
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
    async applyPlan(plan: Plan, { signal, onProgress, onWritten, isTimeUp }: ApplyOptions = {}) {
      if (plan.version !== generation) return { kind: "stale" };
      signal?.throwIfAborted();
      const planned = countWrites(plan);
      const total = Math.max(planned.create + planned.update + planned.delete, 1);
      let done = 0;
      try {
        const { isStopped, left } = await applyChanges(plan.changes, {
          address: addressFor(signal),
          entries,
          lakeTables,
          version: readVersion(),
          isTimeUp: isTimeUp ?? (() => false),
          onWritten: (written) => {
            onProgress?.((done += written.partitions) / total);
            onWritten?.(written);
          },
        });
        return isStopped ? { kind: "stopped", left } : { kind: "done" };
      } catch (error) {
        if (error instanceof StaleCatalog) return { kind: "stale" };
        throw error;
      }
    },
    close: () => client.destroy(),
  };
}
