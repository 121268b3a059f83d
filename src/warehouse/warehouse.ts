import type { Catalog, SetAsideFile, TableContent } from "../core/catalog.ts";
import type { Surroundings } from "../core/partition-cover.ts";
import type { Plan } from "../core/plan.ts";

/** A value as JSON has it: integers beyond 2^53 and decimals are text. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

export interface ResultColumn {
  readonly name: string;
  /** In the warehouse's own spelling. */
  readonly type: string;
}

/**
 * The answer to a query. Rows come in batches, in the query's order, and can be read once; until they are, or are returned
 * (as leaving a loop does), the answer keeps its connection.
 */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: AsyncIterable<readonly (readonly Value[])[]>;
  /** Files among those that the query had to read which are left out, or read with NULLs. */
  readonly setAside: readonly SetAsideFile[];
  /** Why files that this query found unreadable could not be noted in the catalog; undefined where they were. */
  readonly unrecorded: string | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** With a share between 0 and 1, where one is known. */
  readonly onProgress?: ((share: number | undefined) => void) | undefined;
}

export interface QueryOptions extends CallOptions {
  /** Called once for each batch of files that were found unreadable while the query ran. */
  readonly onSetAside?: ((files: readonly SetAsideFile[]) => void) | undefined;
}

/** Which catalog a warehouse is to define. */
export interface Content extends Surroundings {
  readonly viewName: string;
  readonly tables: readonly TableContent[];
  readonly setAside: ReadonlyMap<string, SetAsideFile>;
}

export interface InspectOptions extends CallOptions {
  /** Also check what reading does not need: the gzip stream's checksum, and that there is something in it. */
  readonly thorough?: boolean | undefined;
  /** Verdicts of earlier: a file with the same size and time is not read again. By file. */
  readonly known?: ReadonlyMap<string, SetAsideFile> | undefined;
}

/** Where tables lie and SQL runs. */
export interface Warehouse {
  /** For people: "DuckDB, cloudtrail.duckdb". */
  readonly title: string;
  /** Only what the tool made; empty where it has made nothing yet. */
  readCatalog(options?: CallOptions): Promise<Catalog>;
  /** The catalog that the content calls for, in this warehouse's own definitions. Changes nothing. */
  defineCatalog(content: Content): Promise<Catalog>;
  /** Tries whether files can be read, and returns those that cannot, or not wholly. Files are absolute. */
  inspectLogs(files: AsyncIterable<string>, options?: InspectOptions): Promise<readonly SetAsideFile[]>;
  /**
   * Brings the plan about, all of it or nothing.
   * @returns false, with nothing changed, where the catalog is no longer the one that was last read
   * @throws UserError where a name is taken by something that the tool did not make
   */
  applyPlan(plan: Plan, options?: CallOptions): Promise<boolean>;
  /** @throws UserError for SQL that is wrong, or that is not a query */
  query(sql: string, options?: QueryOptions): Promise<QueryResult>;
  /** Writes the answer to a Parquet file. */
  exportParquet(
    sql: string,
    file: string,
    options?: QueryOptions,
  ): Promise<Pick<QueryResult, "setAside" | "unrecorded">>;
  close(): void;
}
