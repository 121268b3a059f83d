import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Layout } from "../warehouse/athena/catalog/layout.ts";

/** Which logs the function keeps tables of, and how. Texts may be tokens; numbers and lists may not. */
export interface TableProps {
  /** The bucket that CloudTrail writes to, or its name; it is read from, and never changed. */
  readonly logBucket: string | Pick<IBucket, "bucketName" | "encryptionKey">;

  /**
   * What stands before `AWSLogs/` in the bucket; a token must be empty or end in a slash, and hold none of `*`, `?`, `$`.
   * @default - nothing
   */
  readonly logPrefix?: string | undefined;

  /**
   * The account that owns the log bucket, where it is not the stack's: then the policy that the bucket needs is an output.
   * @default - the stack's account
   */
  readonly logBucketAccount?: string | undefined;

  /**
   * The Glue database, which is made where it is missing.
   * @default "default"
   */
  readonly database?: string | undefined;

  /**
   * Tables are called `<prefix>_<account>`, the view over them `<prefix>`.
   * @default "cloudtrail"
   */
  readonly tablePrefix?: string | undefined;

  /**
   * How many days back from today a run looks at.
   * @default 90
   */
  readonly partitionDays?: number | undefined;

  /**
   * A table for each account, or one table for all with a view for each.
   * @default "auto" - a table for each, up to 100 accounts
   */
  readonly layout?: Layout | undefined;

  /**
   * Whether Glue holds a list of the partitions, or a pattern that Athena works them out from.
   * @default "registered"
   */
  readonly partitions?: "registered" | "projected" | undefined;

  /**
   * Whether tables get an index that Athena asks for partitions.
   * @default false
   */
  readonly partitionIndex?: boolean | undefined;

  /**
   * Partitions of days longer ago are taken out of the catalog; the logs stay.
   * @default - never
   */
  readonly retentionDays?: number | undefined;

  /**
   * Ids of the accounts to make tables of.
   * @default - all that have logs
   */
  readonly accounts?: readonly string[] | undefined;

  /**
   * Names of the Regions to make partitions of.
   * @default - all that have logs
   */
  readonly regions?: readonly string[] | undefined;

  /**
   * Whether the stack's account pays for requests to the log bucket.
   * @default false
   */
  readonly requestPayer?: boolean | undefined;
}
