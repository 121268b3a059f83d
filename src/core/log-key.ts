import type { Day } from "./day.ts";
import { dayFromParts, splitDay } from "./day.ts";

/**
 * What a folder below an account holds. Matched on the folder, never on the file's name: only CloudTrail's and Digest's
 * file names are documented.
 */
export const LOG_KINDS = [
  "CloudTrail",
  "CloudTrail-Insight",
  "CloudTrail-NetworkActivity",
  "CloudTrail-Aggregated",
  "CloudTrail-Digest",
] as const;

export type LogKind = (typeof LOG_KINDS)[number];

/** The parsed path of one log file: `<root><account>/<kind>/<region>/<YYYY>/<MM>/<DD>/<file>`. */
export interface LogKey {
  /** What stands before the account, with its slash: `[prefix/]AWSLogs/[o-id/]`. */
  readonly root: string;
  /** Twelve digits. */
  readonly account: string;
  readonly kind: LogKind;
  readonly region: string;
  /** The day of delivery, not of the events. */
  readonly day: Day;
  readonly file: string;
}

/** Twelve digits. */
export function isAccount(name: string): boolean {
  return /^\d{12}$/.test(name);
}

/** `o-` and 10 to 32 of a-z0-9 (AWS Organizations API, Organization.Id). */
export function isOrganization(name: string): boolean {
  return /^o-[a-z0-9]{10,32}$/.test(name);
}

/** Open-ended on purpose: AWS announces Regions, and new families of them, all the time. */
export function isRegion(name: string): boolean {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name);
}

export function isLogKind(name: string): name is LogKind {
  return (LOG_KINDS as readonly string[]).includes(name);
}

/** A gzipped JSON file that is not hidden: names that begin with "." or "_" are skipped, as Athena skips them. */
export function isLogFile(name: string): boolean {
  return name.endsWith(".json.gz") && !/^[._]/.test(name) && !name.includes("/");
}

/** Whether `root` ends as the place of account folders must: `AWSLogs/`, or `AWSLogs/` and an organization id. */
function isRoot(root: string): boolean {
  const parts = root.split("/");
  if (parts.pop() !== "" || parts.includes("")) return false;
  const last = parts.pop() ?? "";
  return last === "AWSLogs" || (isOrganization(last) && parts.pop() === "AWSLogs");
}

/** Reads a key with forward slashes; undefined for whatever is not a CloudTrail log file. */
export function parseLogKey(key: string): LogKey | undefined {
  const parts = key.split("/");
  const [account, kind, region, year, month, dayOfMonth, file] = parts.slice(-7);
  const rootParts = parts.slice(0, -7);
  if (account === undefined || kind === undefined || region === undefined || file === undefined)
    return undefined;
  const root = `${rootParts.join("/")}/`;
  const day = dayFromParts(year ?? "", month ?? "", dayOfMonth ?? "");
  const fits = isRoot(root) && isAccount(account) && isLogKind(kind) && isRegion(region) && isLogFile(file);
  return fits && day !== undefined ? { root, account, kind, region, day, file } : undefined;
}

/** The inverse of parseLogKey. */
export function printLogKey(key: LogKey): string {
  return `${printPartitionPrefix(key)}${key.file}`;
}

/** Where a partition's files lie, with the final slash: `<root><account>/<kind>/<region>/<YYYY>/<MM>/<DD>/`. */
export function printPartitionPrefix({ root, account, kind, region, day }: Omit<LogKey, "file">): string {
  return `${root}${account}/${kind}/${region}/${splitDay(day).join("/")}/`;
}

/** The minute of delivery in a documented file name, "20261122T1405Z"; undefined where the name is another. */
export function parseStamp(file: string): string | undefined {
  return /_(\d{8}T\d{4}Z)_[A-Za-z0-9]{16}\.json\.gz$/.exec(file)?.[1];
}
