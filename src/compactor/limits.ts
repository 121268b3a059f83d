import { UserError } from "../core/user-error.ts";

const MIB = 1 << 20;

/** What decides how an account-day is cut: the same everywhere, since the bytes of its files depend on it. */
export interface Limits extends PartLimits {
  /** A job takes log files up to this sum of stored bytes, and at least one. */
  readonly jobStoredBytes: number;
}

export interface PartLimits {
  /** A Parquet file takes the texts of log files up to this sum, and at least one. */
  readonly partTextBytes: number;
  /** A Parquet file that has this many rows and elements of lists takes no further log file. */
  readonly partCells: number;
}

export const LIMITS: Limits = { jobStoredBytes: 16 * MIB, partTextBytes: 128 * MIB, partCells: 500_000 };

/** What the program takes, and what a thread takes at work. */
export const LEAST_MEMORY = 400_000_000;
export const THREAD_MEMORY = 320 * MIB;

/** How many threads that much memory is enough for, of as many as are wanted. */
export function countThreads(memory: number, wanted: number): number {
  if (memory < LEAST_MEMORY)
    throw new UserError(`--memory of ${printMegabytes(memory)} is too little to compact logs`, {
      hint: `give at least --memory ${Math.ceil(LEAST_MEMORY / 1e6)}MB`,
    });
  return Math.max(1, Math.min(wanted, Math.floor(memory / THREAD_MEMORY)));
}

function printMegabytes(bytes: number): string {
  return `${Math.floor(bytes / 1e6)} MB`;
}
