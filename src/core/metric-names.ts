/** CloudWatch's namespace for what runs report. */
export const NAMESPACE = "CloudTrailPartitioner";

/** The dimension `service` that all our metrics have beside `FunctionName`. */
export const SERVICE = "cloudtrail-partitioner";

/** Every metric of a run; alarms watch some of them. */
export const METRICS = {
  /** Count: partitions that were missing in the catalog. */
  partitionsPlanned: "PartitionsPlanned",
  /** Count. */
  partitionsCreated: "PartitionsCreated",
  /** Count: those that Glue did not take, or that an error kept the run from. */
  partitionsFailed: "PartitionsFailed",
  /** Count: accounts with logs among the days that were looked at. */
  accounts: "Accounts",
  /** Count. */
  newAccounts: "NewAccounts",
  /** Count. */
  regions: "Regions",
  /** Hours, of CloudWatch's unit None: see coverageAge. Only of runs over all accounts and Regions, up to today. */
  coverageAge: "CoverageAgeHours",
  /** Milliseconds. */
  duration: "RunDuration",
} as const;
