import type { QueryOptions, QueryResult, Warehouse } from "../warehouse/warehouse.ts";
import type { BoundOptions } from "./bound-scan.ts";
import { boundScan } from "./bound-scan.ts";
import type { EstimatePorts } from "./estimate.ts";

export interface RunQueryOptions extends QueryOptions, BoundOptions {}

/**
 * Runs one query over the tables and the view. Files that cannot be read are left out, noted in the catalog, and listed in
 * the result.
 * @throws UserError with nothing run where it is not certain that the query scans no more than `maxScan`
 */
export async function query(
  ports: EstimatePorts,
  { sql, maxScan, dollarsPerTerabyte, ...options }: RunQueryOptions,
): Promise<QueryResult> {
  await boundScan(ports, { sql, maxScan, dollarsPerTerabyte, ...options });
  return ports.warehouse.query(sql, options);
}

/** The same, with the answer in a Parquet file. */
export async function exportParquet(
  ports: EstimatePorts,
  { sql, file, maxScan, dollarsPerTerabyte, ...options }: RunQueryOptions & { readonly file: string },
): ReturnType<Warehouse["exportParquet"]> {
  await boundScan(ports, { sql, maxScan, dollarsPerTerabyte, ...options });
  return ports.warehouse.exportParquet(sql, file, options);
}
