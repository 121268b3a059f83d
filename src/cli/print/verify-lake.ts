import type { VerifyReport } from "../../actions/compact/verify-lake.ts";
import { printBytes } from "../../core/byte-size.ts";
import { printSafe } from "../../core/safe-text.ts";
import { printNumber } from "./amounts.ts";
import { printDayName, printSums } from "./lake.ts";

const SHOWN = 20;

/** What was checked, its sums, and a line for each problem. */
export function printVerifyReport({ checks, ...report }: VerifyReport, url: string): string {
  const { accountDays, files, bytes, objects, gone } = report;
  const faulty = checks.slice(0, SHOWN);
  const more = checks.length - faulty.length;
  const lines = [
    ...faulty.flatMap((check) => check.problems.map((problem) => `${printDayName(check)}: ${problem}`)),
    ...(more === 0 ? [] : [`and ${printNumber(more, "account-day")} more; --format json has all`]),
    `Lake ${url}: ${printNumber(accountDays, "account-day")}, ${printNumber(files, "Parquet file")} (${printBytes(bytes)}), ` +
      `and ${printNumber(objects, "object")} of the logs read again`,
    ...(gone === 0 ? [] : [`${printNumber(gone, "object")} gone from the logs: the lake keeps the events`]),
    printSums(report.total),
    checks.length === 0 ? "No problems" : `${printNumber(checks.length, "account-day")} with problems`,
  ];
  return lines.map((line) => `${printSafe(line)}\n`).join("");
}

/** The report as JSON. */
export function verifyReportToJson(report: VerifyReport, url: string): object {
  return { url, ...report };
}
