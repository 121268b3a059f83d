import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { errorOf } from "../fixtures.contract.ts";
import { forEachConcurrently } from "./for-each-concurrently.ts";

/** Visits that end when they are told to. */
function makeVisits() {
  const open = new Map<number, () => void>();
  return {
    open,
    visit: (item: number) => new Promise<void>((resolve) => open.set(item, resolve)),
    end: async (item: number) => {
      open.get(item)?.();
      open.delete(item);
      await sleep(0);
    },
  };
}

/** Counts what was taken of it. */
function* countTo(end: number, taken: number[] = []): Generator<number> {
  for (let item = 1; item <= end; item++) {
    taken.push(item);
    yield item;
  }
}

describe("forEachConcurrently", () => {
  test.each([
    [0, 3],
    [1, 3],
    [3, 3],
    [100, 7],
    [100, 1],
  ])("visits each of %i items once, at most %i at a time", async (count, atOnce) => {
    const visited: number[] = [];
    let [now, most] = [0, 0];
    await forEachConcurrently(countTo(count), atOnce, async (item) => {
      most = Math.max(most, ++now);
      await sleep(item % 2);
      visited.push(item);
      now--;
    });
    expect(visited.toSorted((a, b) => a - b)).toEqual([...countTo(count)]);
    expect(most).toBe(Math.min(count, atOnce));
  });

  test("takes the next item only when there is room", async () => {
    const { visit, end } = makeVisits();
    const taken: number[] = [];
    const done = forEachConcurrently(countTo(4, taken), 2, visit);
    expect(taken).toEqual([1, 2]);
    await end(2);
    expect(taken).toEqual([1, 2, 3]);
    for (const item of [1, 3, 4]) await end(item);
    await done;
    expect(taken).toEqual([1, 2, 3, 4]);
  });

  test("begins nothing after a failure, awaits what is under way, and throws the first", async () => {
    const { visit, end } = makeVisits();
    const taken: number[] = [];
    const ended: number[] = [];
    const error = errorOf(
      forEachConcurrently(countTo(9, taken), 3, async (item) => {
        await visit(item);
        ended.push(item);
        if (item < 3) throw new Error(`failure of ${item}`);
      }),
    );
    await end(2);
    await end(1);
    expect(await Promise.race([error, Promise.resolve("still at it")])).toBe("still at it");
    await end(3);
    expect(await error).toMatchObject({ message: "failure of 2" });
    expect([taken, ended]).toEqual([
      [1, 2, 3],
      [2, 1, 3],
    ]);
  });

  test("awaits what is under way where the items themselves fail", async () => {
    const { visit, end } = makeVisits();
    const error = errorOf(
      forEachConcurrently(
        (function* () {
          yield 1;
          throw new Error("no more items");
        })(),
        2,
        visit,
      ),
    );
    await sleep(0);
    expect(await Promise.race([error, Promise.resolve("still at it")])).toBe("still at it");
    await end(1);
    expect(await error).toMatchObject({ message: "no more items" });
  });

  test("throws a failure that is undefined, too", async () => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- somebody else's code may
    await expect(forEachConcurrently([1], 1, () => Promise.reject(undefined))).rejects.toBeUndefined();
  });
});
