import { COVERAGE_TABLE, DATASET_TABLES } from "../../../core/lake/lake-columns.ts";
import type { Dataset } from "../../../core/lake/lake-day.ts";
import { isAccount } from "../../../core/log-key.ts";

/** The table of all accounts in the unified layout, and of those that lie under two roots. */
export function sharedTableName(prefix: string): string {
  return `${prefix}_raw`;
}

/** The lake's table of a dataset: `cloudtrail_lake`. */
export function datasetTableName(prefix: string, dataset: Dataset): string {
  return `${prefix}_${DATASET_TABLES[dataset]}`;
}

/** The table of what the lake's manifests say of each Region and day. */
export function coverageTableName(prefix: string): string {
  return `${prefix}_${COVERAGE_TABLE}`;
}

/** What a name of ours stands for; undefined for any other name. */
export type NameRole =
  | { readonly kind: "all" | "shared" | "coverage" }
  | { readonly kind: "account"; readonly account: string }
  | { readonly kind: "dataset"; readonly dataset: Dataset };

export function parseName(name: string, prefix: string): NameRole | undefined {
  if (name === prefix) return { kind: "all" };
  if (name === sharedTableName(prefix)) return { kind: "shared" };
  if (name === coverageTableName(prefix)) return { kind: "coverage" };
  const dataset = DATASET_NAMES.find((each) => name === datasetTableName(prefix, each));
  if (dataset !== undefined) return { kind: "dataset", dataset };
  const account = name.startsWith(`${prefix}_`) ? name.slice(prefix.length + 1) : "";
  return isAccount(account) ? { kind: "account", account } : undefined;
}

const DATASET_NAMES = Object.keys(DATASET_TABLES) as Dataset[];
