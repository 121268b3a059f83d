import type { AwsSettings } from "../../aws/clients.ts";
import type { Layout } from "./catalog/layout.ts";

/** Where the tables are to lie, and how queries are to run. */
export interface AthenaOptions {
  readonly aws: AwsSettings;
  /** The Glue database. */
  readonly database: string;
  /** Default "auto". */
  readonly layout?: Layout | undefined;
  /** "projected": Athena works partitions out from table properties, and none is registered. Default "registered". */
  readonly partitions?: "registered" | "projected" | undefined;
  /** Whether tables have a partition index that Athena asks. Default false. */
  readonly partitionIndex?: boolean | undefined;
  /** URL of the place of the logs; for people, and for the check of access. */
  readonly logs?: string | undefined;
  /** URL of the lake; for the check of access alone: which one tables are made of is a part of the content. */
  readonly lake?: string | undefined;
  /** Whether partitions are dropped when they are older; for the check of access. */
  readonly retentionDays?: number | undefined;
  /** Whether the caller pays for requests to the log bucket; likewise. */
  readonly requestPayer?: boolean | undefined;
  /** Default `primary`. */
  readonly workgroup?: string | undefined;
  /**
   * Where answers go: `s3://bucket/prefix/`, a bucket's name, or `default` for Athena's own
   * `aws-athena-query-results-<account>-<region>`; undefined for what the workgroup says, and `default` where it says nothing.
   */
  readonly output?: string | undefined;
  /** US dollars a TB scanned. */
  readonly dollarsPerTerabyte?: number | undefined;
}
