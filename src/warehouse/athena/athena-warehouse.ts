import type { Warehouse } from "../warehouse.ts";
import type { AthenaOptions } from "./athena-options.ts";
import { openGlueTables } from "./glue-tables.ts";
import { openAthenaQueries } from "./query/athena-queries.ts";

/** A warehouse of Glue tables, which Athena queries. */
export function openAthenaWarehouse(options: AthenaOptions): Warehouse {
  const tables = openGlueTables(options);
  const queries = openAthenaQueries(options, tables.requests);
  return {
    ...tables,
    ...queries,
    checkAccess: async ({ tablePrefix, signal }) => {
      const { checkAthenaAccess } = await import("./check-access.ts");
      return checkAthenaAccess({ ...options, tablePrefix }, { signal });
    },
    close: () => {
      queries.close();
      tables.close();
    },
  };
}
