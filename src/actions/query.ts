import type { QueryOptions, QueryResult, Warehouse } from "../warehouse/warehouse.ts";

/**
 * Runs one query over the tables and the view. Files that cannot be read are left out, noted in the catalog, and listed in
 * the result.
 */
export function query(
  { warehouse }: { readonly warehouse: Warehouse },
  { sql, ...options }: QueryOptions & { readonly sql: string },
): Promise<QueryResult> {
  return warehouse.query(sql, options);
}

/** The same, with the answer in a Parquet file. */
export function exportParquet(
  { warehouse }: { readonly warehouse: Warehouse },
  { sql, file, ...options }: QueryOptions & { readonly sql: string; readonly file: string },
): Promise<Pick<QueryResult, "setAside" | "unrecorded">> {
  return warehouse.exportParquet(sql, file, options);
}
