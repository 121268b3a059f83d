import type { DayRange } from "../core/day.ts";

/** Which logs a question is about; what is left out is open. */
export interface Scope {
  readonly range?: DayRange | undefined;
  /** Twelve digits each. */
  readonly accounts?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  /** Only what lies below this prefix of the store, or above it: "AWSLogs/111122223333/" for one account. */
  readonly within?: string | undefined;
}

/** Whether a folder can hold something below `within`. */
export function isWithin(prefix: string, { within = "" }: Scope): boolean {
  return prefix.startsWith(within) || within.startsWith(prefix);
}
