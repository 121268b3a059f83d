import type { KindSummary, WriteSummary } from "./write-logs.ts";

/** A line in all, and one for each kind of file that was written. */
export function printSummary(summary: WriteSummary): string {
  const kinds = Object.entries(summary.byKind).filter(([, { files }]) => files > 0);
  const lines = kinds.map(([kind, sum]) => `  ${kind.padEnd(9)}  ${printSum(sum)}\n`);
  return `${printSum(summary)}\n${lines.join("")}`;
}

function printSum({ files, records, bytes }: KindSummary): string {
  return `${printCount(files)} files, ${printCount(records)} records, ${printCount(bytes)} bytes`;
}

/** "1,234,567", whatever the machine's language. */
export function printCount(count: number): string {
  return count.toLocaleString("en-US");
}
