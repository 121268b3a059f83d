/** A log file as it was listed. */
export interface Source {
  /** Below the store. */
  readonly key: string;
  readonly region: string;
  /** As stored, that is gzipped. */
  readonly size: number;
  /** Differs where the file was changed: S3's ETag, or the time of the last change in milliseconds since 1970. */
  readonly tag: string;
}

/** What became of a log file. */
export interface SourceOutcome extends Source {
  /** Of the gunzipped text, hexadecimal, as in CloudTrail's digest files; undefined where it cannot be gunzipped. */
  readonly sha256: string | undefined;
  /** In the file; undefined where it is set aside. */
  readonly events: number | undefined;
  /** Of those, how many have an earlier one with the same identity. */
  readonly duplicates: number;
  /** Why none of its events is in the lake; undefined where they are. */
  readonly setAside: string | undefined;
  /** The number of the Parquet file that has its records; undefined where it is set aside. */
  readonly part: number | undefined;
  /** Whether it came after the account-day was written for the first time. */
  readonly late: boolean;
}

/** A line of the list. */
export function printSource(source: SourceOutcome): string {
  return `${JSON.stringify(source)}\n`;
}

/** @throws SyntaxError for what is no list that printSource wrote */
export function parseSources(text: string): SourceOutcome[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ ...UNKNOWN, ...(JSON.parse(line) as SourceOutcome) }));
}

/** JSON has no undefined: such members are not there. */
const UNKNOWN = { sha256: undefined, events: undefined, setAside: undefined, part: undefined } as const;

/** What tells one state of an account-day's objects from another. */
export function printFingerprinted(sources: readonly Source[]): string {
  return sources.map(({ key, size, tag }) => `${JSON.stringify([key, size, tag])}\n`).join("");
}
