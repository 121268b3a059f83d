import type { Estimate } from "../../actions/estimate.ts";
import type { Scan } from "../../warehouse/warehouse.ts";
import { printBytes } from "../../core/byte-size.ts";
import { printCount, printNumber } from "./amounts.ts";
import { printSmallTable } from "./table.ts";

/** What a query would scan: a line for each table of which something is read, and the sum. */
export function printEstimate({ tables, objects, bytes, complete, dollars }: Estimate): string {
  const read = tables.filter(({ selected }) => selected > 0);
  const rows = read.map(({ name, selected, partitions }) => [
    name,
    printCount(selected),
    partitions === undefined ? "" : printCount(partitions),
  ]);
  const scan = `${printBytes(bytes)} in ${printNumber(objects, "file")}, for about ${printDollars(dollars)}`;
  const sum = complete
    ? `The query would scan up to ${scan}.`
    : `The query would scan at least ${scan}: not all could be listed.`;
  const unread = tables.length - read.length;
  const rest = unread === 0 ? "" : `${printNumber(unread, "table")} of which nothing is read\n`;
  return rows.length === 0
    ? `${rest}${sum}\n`
    : `${printSmallTable(["table", "partitions read", "of"], rows)}${rest}${sum}\n`;
}

export function estimateToJson({ tables, objects, bytes, complete, dollars }: Estimate): unknown {
  return {
    tables: tables.map(({ name, selected, partitions }) => ({
      name,
      selected,
      partitions: partitions ?? null,
    })),
    objects,
    bytes,
    complete,
    dollars,
  };
}

/** A note on what a query has read; undefined where that was nothing to speak of. */
export function printScan(scan: Scan | undefined): string | undefined {
  if (scan === undefined) return undefined;
  if (scan.reused) return "answered from an earlier result: nothing was scanned";
  if (scan.dollars === 0) return undefined;
  return `scanned ${printBytes(scan.bytes)}, about ${printDollars(scan.dollars)}`;
}

/** Two digits that say something, and cents at the least: "$0.000048", "$0.0061", "$1,234.50". */
export function printDollars(dollars: number): string {
  if (dollars === 0) return "$0";
  const digits = dollars >= 0.1 ? 2 : 1 - Math.floor(Math.log10(dollars));
  const [whole = "", cents = ""] = dollars.toFixed(digits).split(".");
  return `$${printCount(Number(whole))}.${cents}`;
}
