import { describe, expect, test } from "vitest";
import { watchDays } from "./watch-days.ts";

/**
 * What is answered before each account-day.
 * @param left seconds until time is up: at the start, then before each account-day
 */
function ask(atOnce: number, left: readonly number[]): boolean[] {
  let asked = 0;
  const isTimeUp = watchDays({ untilUp: () => (left[asked++] ?? 0) * 1000 }, atOnce);
  return left.slice(1).map(() => isTimeUp());
}

describe("watchDays", () => {
  test.each<[string, readonly number[], readonly boolean[]]>([
    ["begins the first while there is any time, however long listing took", [840, 1], [false]],
    ["begins none where there is no time", [840, 0], [true]],
    ["goes on while there is time", [840, 838, 830, 820], [false, false, false]],
    ["keeps as much time for the end as listing took", [840, 800, 45, 40], [false, true, true]],
    [
      "keeps as much again as the longest took, and half of that",
      [440, 440, 340, 240, 150],
      [false, false, false, true],
    ],
    ["begins one that would end just in time", [440, 440, 340, 240, 151], [false, false, false, false]],
    ["does not begin another one once it has said no", [840, 840, 500, 499, 498], [false, true, true, true]],
  ])("%s", (_, left, expected) => {
    expect(ask(1, left)).toEqual(expected);
  });

  test("keeps that much for each that is under way at once", () => {
    const left = [840, 840, 840, 740, 640, 540, 440, 340, 240];
    expect(ask(2, left)).toEqual([...left.slice(2).map(() => false), true]);
    expect(ask(1, left)).not.toContain(true);
  });
});
