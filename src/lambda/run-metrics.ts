import type { MetricUnit } from "@aws-lambda-powertools/metrics/types";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { METRICS, NAMESPACE, SERVICE } from "../core/metric-names.ts";
import type { RunSummary } from "./run-tally.ts";

export interface Emission {
  readonly functionName: string;
  readonly milliseconds: number;
}

/** Writes a run's metrics to the log in CloudWatch's embedded metric format; what is not known is left out. */
export function emitMetrics(
  { partitions, ...seen }: RunSummary,
  { functionName, milliseconds }: Emission,
): void {
  const defaultDimensions = { FunctionName: functionName };
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: SERVICE, defaultDimensions });
  const add = (name: string, value: number | undefined, unit: MetricUnit = "Count"): void => {
    if (value !== undefined) metrics.addMetric(name, unit, value);
  };
  if (seen.accounts !== undefined) {
    add(METRICS.partitionsPlanned, partitions.planned);
    add(METRICS.partitionsCreated, partitions.created);
    add(METRICS.partitionsFailed, partitions.failed);
  }
  add(METRICS.accounts, seen.accounts);
  add(METRICS.newAccounts, seen.newAccounts);
  add(METRICS.regions, seen.regions);
  add(METRICS.coverageAge, seen.coverageAgeHours, "None");
  add(METRICS.duration, milliseconds, "Milliseconds");
  add(METRICS.accountDaysCompacted, seen.lake?.accountDays.compacted);
  add(METRICS.accountDaysLeft, seen.lake?.accountDays.notBegun);
  add(METRICS.eventsCompacted, seen.lake?.records);
  add(METRICS.objectsSetAside, seen.lake?.setAside);
  metrics.publishStoredMetrics();
}
