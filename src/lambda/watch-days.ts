import type { TimeLeft } from "./time-left.ts";

/** How much longer than the longest account-day so far the next one may take. */
const LONGER = 1.5;

/**
 * Tells before each account-day whether it, and those under way, would end in time. As much time is kept for what comes after them,
 * coverage and catalog, as was taken by what came before them, the listings of logs and lake. The first one is begun while there is
 * any time: each call gets further than the one before.
 * @param atOnce how many are under way at once; one processor works on them in turn
 * @returns a question for before each account-day: whether time is up
 */
export function watchDays({ untilUp }: Pick<TimeLeft, "untilUp">, atOnce: number): () => boolean {
  const atFirst = untilUp();
  let seen: { readonly kept: number; readonly longest: number; readonly last: number } | undefined;
  return () => {
    const now = untilUp();
    if (seen === undefined) {
      seen = { kept: atFirst - now, longest: 0, last: now };
      return now <= 0;
    }
    seen = { ...seen, longest: Math.max(seen.longest, seen.last - now), last: now };
    return now <= seen.kept + seen.longest * LONGER * atOnce;
  };
}
