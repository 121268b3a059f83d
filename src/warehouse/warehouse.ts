import type { Catalog, LakeContent, SetAsideFile } from "../core/catalog.ts";
import type { Check } from "../core/check.ts";
import type { Day, DayRange } from "../core/day.ts";
import type { Surroundings } from "../core/partition-cover.ts";
import type { PartitionSet } from "../core/partition-set.ts";
import type { Plan, WriteCounts } from "../core/plan.ts";

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
  /** What was read and what that costs, where the engine bills by it. */
  readonly scan?: Scan | undefined;
}

/** What a query read. */
export interface Scan {
  readonly bytes: number;
  /** US dollars, at the price that the warehouse was told. */
  readonly dollars: number;
  /** Whether the answer is that of an earlier, equal query: nothing was read. */
  readonly reused: boolean;
}

/** The partitions of one table that a statement's predicates leave to be read. */
export interface SelectedTable {
  readonly name: string;
  /** URLs of folders, each with its final slash, and as often as the statement reads it. */
  readonly locations: readonly string[];
  /** Whether these are all; the engine may find out only when it reads. */
  readonly complete: boolean;
  /** All that the table has; undefined where that would take long to count, or where partitions are not in the catalog. */
  readonly partitions: number | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** With a share between 0 and 1, where one is known. */
  readonly onProgress?: ((share: number | undefined) => void) | undefined;
}

/** Partitions that one call wrote. */
export interface Written {
  readonly action: keyof WriteCounts;
  readonly partitions: number;
}

export interface ApplyOptions extends CallOptions {
  readonly onWritten?: ((written: Written) => void) | undefined;
  /** Asked before each step: once it says so, no further one is taken. By default there is time. */
  readonly isTimeUp?: (() => boolean) | undefined;
}

/** How far a plan was brought about. */
export type Applied =
  | { readonly kind: "done" }
  /** The catalog is no longer the one that was last read: the plan must be made anew. */
  | { readonly kind: "stale" }
  /** Time was up: so many partitions are left, and names answer as they did before. */
  | { readonly kind: "stopped"; readonly left: number };

export interface QueryOptions extends CallOptions {
  /** Called once for each batch of files that were found unreadable while the query ran. */
  readonly onSetAside?: ((files: readonly SetAsideFile[]) => void) | undefined;
}

/** Which catalog a warehouse is to define. */
export interface Content extends Surroundings {
  /** Tables are named `<prefix>_<account>`, the view over all of them `<prefix>`. */
  readonly tablePrefix: string;
  readonly partitions: PartitionSet;
  /** What is there, as it was read. */
  readonly actual: Catalog;
  /** What was looked at: all accounts and Regions or some, and from which day on; undefined for all days. */
  readonly scope: { readonly isWhole: boolean; readonly from: Day | undefined };
  readonly setAside: ReadonlyMap<string, SetAsideFile>;
  /** The lake that the view over all accounts reads on some days; undefined where there is none. */
  readonly lake?: (LakeContent & { readonly ranges: readonly DayRange[] }) | undefined;
}

export interface ReadOptions {
  readonly tablePrefix: string;
  readonly signal?: AbortSignal | undefined;
  /** With the number of partitions that have been read. */
  readonly onPartitions?: ((count: number) => void) | undefined;
}

export interface InspectOptions extends CallOptions {
  /** Also check what reading does not need: the gzip stream's checksum, and that there is something in it. */
  readonly thorough?: boolean | undefined;
  /** Verdicts of earlier: a file with the same size and time is not read again. By file. */
  readonly known?: ReadonlyMap<string, SetAsideFile> | undefined;
}

/** The half of a warehouse that keeps tables: all that a run needs. Must be closed. */
export interface TableWarehouse {
  /** For people: "DuckDB, cloudtrail.duckdb". */
  readonly title: string;
  /** API requests sent so far, by service and operation ("Glue GetTables"); empty where there is no API. */
  readonly requests: ReadonlyMap<string, number>;
  /** What it must know of the store: which days have logs, or which files there are, too. */
  readonly detail: "days" | "files";
  /**
   * Only what the tool made, beside the names of what it did not; empty where it has made nothing yet.
   * @param options.tablePrefix as in Content
   */
  readCatalog(options: ReadOptions): Promise<Catalog>;
  /** The catalog that the content calls for, in this warehouse's own definitions. Changes nothing. */
  defineCatalog(content: Content): Promise<Catalog>;
  /** Tries whether files can be read, and returns those that cannot, or not wholly. Files are absolute. */
  inspectLogs(files: AsyncIterable<string>, options?: InspectOptions): Promise<readonly SetAsideFile[]>;
  /**
   * Brings the plan about: all of it or nothing where the engine has transactions; else step by step, each of which leaves
   * a catalog that answers, and from which the next plan goes on.
   * @throws UserError where a name is taken by something that the tool did not make
   */
  applyPlan(plan: Plan, options?: ApplyOptions): Promise<Applied>;
  close(): void;
}

/** Where tables lie and SQL runs. */
export interface Warehouse extends TableWarehouse {
  /** Whether the caller may do what a run and a query need. Changes nothing. */
  checkAccess(options: ReadOptions): Promise<readonly Check[]>;
  /** @throws UserError for SQL that is wrong, or that is not a query */
  query(sql: string, options?: QueryOptions): Promise<QueryResult>;
  /** What a statement would read, found without reading it; undefined where reading costs nothing. */
  selectPartitions(sql: string, options?: CallOptions): Promise<readonly SelectedTable[] | undefined>;
  /** How many bytes a query may read before the engine stops it; undefined for any number. */
  readScanLimit(options?: CallOptions): Promise<number | undefined>;
  /** Writes the answer to a Parquet file. */
  exportParquet(
    sql: string,
    file: string,
    options?: QueryOptions,
  ): Promise<Omit<QueryResult, "columns" | "rows">>;
}
