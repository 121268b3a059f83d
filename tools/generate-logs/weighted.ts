import type { Random } from "./prng.ts";

/** Draws items by whole-number weights, in constant time. */
export function weighted<T>(items: readonly (readonly [item: T, weight: number])[]): (random: Random) => T {
  const lots = items.flatMap(([item, weight]) => Array.from({ length: weight }, () => item));
  const [first] = lots;
  if (first === undefined) throw new Error("nothing to draw from");
  return (random) => lots[random.below(lots.length)] ?? first;
}
