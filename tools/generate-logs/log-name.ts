import type { LogKey } from "../../src/core/log-key.ts";
import { printLogKey } from "../../src/core/log-key.ts";
import type { Random } from "./prng.ts";
import { printTime } from "./scene.ts";

/** Where a log file lies, when it was delivered there, and the numbers that make its name unique. */
export interface Delivery {
  readonly place: Omit<LogKey, "file">;
  /** Milliseconds; the name has minutes. */
  readonly stamp: number;
  readonly random: Random;
}

const ALPHANUMERICS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** The key that AWS would give the file. */
export function nameLogKey({ place, stamp, random }: Delivery): string {
  const minute = `${printTime(stamp).slice(0, 16).replace(/[-:]/g, "")}Z`;
  const suffix = random.text(16, ALPHANUMERICS);
  return printLogKey({
    ...place,
    file: `${place.account}_${place.kind}_${place.region}_${minute}_${suffix}.json.gz`,
  });
}
