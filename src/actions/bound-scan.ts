import { printBytes } from "../core/byte-size.ts";
import { UserError } from "../core/user-error.ts";
import type { CallOptions } from "../warehouse/warehouse.ts";
import type { Estimate, EstimateOptions, EstimatePorts } from "./estimate.ts";
import { estimateScan } from "./estimate.ts";

export interface BoundOptions extends Pick<EstimateOptions, "sql" | "dollarsPerTerabyte"> {
  /** Bytes; undefined for any number. */
  readonly maxScan?: number | undefined;
}

/** Bytes: the least that a workgroup's cut-off can be. */
const LEAST_CUTOFF = 10_000_000;

/**
 * Sees to it that a query scans no more than `maxScan` bytes: the engine's own limit does, or an estimate shows that it
 * cannot. Where reading costs nothing, there is nothing to bound.
 * @throws UserError where neither holds
 */
export async function boundScan(
  ports: EstimatePorts,
  { maxScan, signal, onProgress, ...options }: BoundOptions & CallOptions,
): Promise<void> {
  if (maxScan === undefined) return;
  const limit = await ports.warehouse.readScanLimit({ signal });
  if (limit !== undefined && limit <= maxScan) return;
  const estimate = await estimateScan(ports, {
    ...options,
    signal,
    onProgress: () => onProgress?.(undefined),
  });
  if (estimate === undefined || (estimate.complete && estimate.bytes <= maxScan)) return;
  throw new UserError(
    `the query was not run: ${printEstimate(estimate)}, and --max-scan is ${printBytes(maxScan)}; ${printLimit(limit)}`,
    { hint: printRemedies(ports, { maxScan, estimate }) },
  );
}

function printEstimate({ bytes, objects, complete, tables }: Estimate): string {
  const partitions = tables.reduce((sum, { selected }) => sum + selected, 0);
  const where = `in ${printNumber(objects, "file")} of ${printNumber(partitions, "partition")}`;
  if (complete) return `it would scan up to ${printBytes(bytes)} ${where}`;
  return `it would scan ${printBytes(bytes)} ${where}, or more: not all could be listed`;
}

function printNumber(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function printLimit(limit: number | undefined): string {
  return limit === undefined
    ? "the workgroup has no limit that is known"
    : `the workgroup's own limit is ${printBytes(limit)}`;
}

function printRemedies(
  { store, openBucket }: EstimatePorts,
  { maxScan, estimate }: { readonly maxScan: number; readonly estimate: Estimate },
): string {
  return [
    ...(store === undefined && openBucket === undefined
      ? ["name the logs with --logs, so that they can be listed"]
      : []),
    ...(estimate.complete ? [] : ["leave fewer days to list"]),
    "narrow region, year, month and day in the query",
    maxScan < LEAST_CUTOFF
      ? "a workgroup's own limit holds from --max-scan 10MB on"
      : `or name a workgroup that stops queries itself with --workgroup: aws athena create-work-group --name limited --configuration BytesScannedCutoffPerQuery=${maxScan},EnforceWorkGroupConfiguration=false`,
  ].join("; ");
}
