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
  /** Count, as are the next three: only where there is a lake. */
  accountDaysCompacted: "AccountDaysCompacted",
  /** Those that are due, and that time was too short for. */
  accountDaysLeft: "AccountDaysLeft",
  /** In the lake, that is without duplicates. */
  eventsCompacted: "EventsCompacted",
  /** Log files that could not be read: none of their events is in the lake. */
  objectsSetAside: "ObjectsSetAside",
} as const;
