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

const REMEDIES: readonly (readonly [problem: RegExp, remedy: string])[] = [
  [
    /has other bytes than were written$/,
    "delete the files named above, then run compact: it writes these account-days anew from the logs",
  ],
  [
    /is gone from the lake$|its objects is gone|cannot be read$|no manifest$/,
    "where files are gone or have another size, or there is no manifest: compact writes these account-days anew",
  ],
];

/** What to do about the problems: a line for each kind of them that there is something to do about. */
export function printRemedies({ checks }: Pick<VerifyReport, "checks">): string[] {
  const problems = checks.flatMap((check) => check.problems);
  return REMEDIES.flatMap(([kind, remedy]) =>
    problems.some((problem) => kind.test(problem)) ? [remedy] : [],
  );
}

/** The report as JSON. */
export function verifyReportToJson(report: VerifyReport, url: string): object {
  return { url, ...report };
}
