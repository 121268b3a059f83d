import type { Column } from "../columns.ts";
import { RECORD_COLUMNS } from "../columns.ts";
import type { Dataset } from "./lake-day.ts";

/** Of Insight records alone: any JSON (CloudTrail record reference, "insightDetails"). */
const INSIGHT_DETAILS: Column = { name: "insightDetails", type: { kind: "string" } };

/** The record's columns in the Parquet files of a dataset; OTHER_COLUMNS follow them. */
export const DATASET_COLUMNS: Readonly<Record<Dataset, readonly Column[]>> = {
  data: RECORD_COLUMNS,
  insight: [...RECORD_COLUMNS, INSIGHT_DETAILS],
  "network-activity": RECORD_COLUMNS,
};

/** A JSON object of what has no column of its own, and the Region of the log's path: both text. */
export const OTHER_COLUMNS = ["otherfields", "region"] as const;

/** The partition columns of the lake's tables, in order; all text. */
export const LAKE_KEYS = ["account", "year", "month", "day"] as const;

/** What tables are called behind the prefix: `cloudtrail_lake`. */
export const DATASET_TABLES: Readonly<Record<Dataset, string>> = {
  data: "lake",
  insight: "insight",
  "network-activity": "network_activity",
};

export const COVERAGE_TABLE = "coverage";

/** Raised whenever DATASET_COLUMNS change: what was written before is written anew. A test holds it against the columns. */
export const LAKE_SCHEMA = 1;
