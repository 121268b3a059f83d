import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { collect, errorOf } from "../fixtures.contract.ts";
import { openMemoryStore } from "../store/memory-store.ts";
import { walkLogs } from "./walk-logs.ts";
import type { Branch } from "./walk-tree.ts";
import { walkTree } from "./walk-tree.ts";

type Step = string | Branch<string>;

function branch(walk: () => AsyncGenerator<Step>): Branch<string> {
  return { kind: "branch", walk };
}

/** A trunk of `width` branches of as many branches of as many leaves. */
async function* grow(width: number, path = "", levels = 3): AsyncGenerator<Step> {
  for (let each = 0; each < width; each++) {
    if (levels === 1) yield `${path}${each}`;
    else yield branch(() => grow(width, `${path}${each}`, levels - 1));
  }
}

async function* breakOff(): AsyncGenerator<Step> {
  yield "leaf";
  throw new Error("broken trunk");
}

describe("walkTree", () => {
  test.each([1, 2, 8, 1000])("gives every leaf once with up to %i branches at a time", async (atOnce) => {
    const leaves = await collect(walkTree(() => grow(7), atOnce));
    const digits = ["0", "1", "2", "3", "4", "5", "6"];
    const all = digits.flatMap((a) => digits.flatMap((b) => digits.map((c) => `${a}${b}${c}`)));
    expect(leaves.toSorted()).toEqual(all);
  });

  test("gives nothing for a trunk without anything", async () => {
    expect(await collect(walkTree(() => grow(0), 3))).toEqual([]);
  });

  test.each([1, 3, 10])("walks as many branches at once as it may, and no more: %i", async (atOnce) => {
    let [now, most] = [0, 0];
    const leaf = async function* (): AsyncGenerator<Step> {
      most = Math.max(most, ++now);
      await sleep(2);
      yield "leaf";
      now--;
    };
    const trunk = async function* (): AsyncGenerator<Step> {
      for (let each = 0; each < 40; each++) yield branch(leaf);
    };
    expect(await collect(walkTree(trunk, atOnce))).toHaveLength(40);
    expect(most).toBe(atOnce);
  });

  test("walks the newest branch first, so that few wait", async () => {
    const order: string[] = [];
    const named = (name: string, ...below: string[]): Branch<string> =>
      branch(async function* () {
        order.push(name);
        yield* below.map((each) => named(each));
      });
    const trunk = async function* (): AsyncGenerator<Step> {
      yield named("a", "a1", "a2");
      yield named("b", "b1", "b2");
    };
    await collect(walkTree(trunk, 1));
    expect(order).toEqual(["b", "b2", "b1", "a", "a2", "a1"]);
  });

  test("throws the error of a branch, and begins no other", async () => {
    let begun = 0;
    const trunk = async function* (): AsyncGenerator<Step> {
      for (let each = 0; each < 50; each++) {
        yield branch(async function* () {
          begun++;
          await sleep(1);
          if (each === 30) throw new Error("broken branch");
          yield "leaf";
        });
      }
    };
    expect(await errorOf(collect(walkTree(trunk, 2)))).toMatchObject({ message: "broken branch" });
    const then = begun;
    await sleep(20);
    expect(begun).toBe(then);
    expect(begun).toBeLessThan(50);
  });

  test("throws the error of the trunk", async () => {
    expect(await errorOf(collect(walkTree(breakOff, 3)))).toMatchObject({ message: "broken trunk" });
  });

  test("stops all branches when its reader leaves, and closes them", async () => {
    let [begun, closed] = [0, 0];
    const endless = async function* (): AsyncGenerator<Step> {
      begun++;
      try {
        for (;;) {
          yield "leaf";
          yield branch(endless);
          await sleep(0);
        }
      } finally {
        closed++;
      }
    };
    for await (const leaf of walkTree(endless, 5)) {
      expect(leaf).toBe("leaf");
      if (begun === 5) break;
    }
    await sleep(20);
    expect([begun, closed]).toEqual([5, 5]);
  });

  test("waits for its reader: a folder of a million files is not read ahead", async () => {
    let made = 0;
    const folder = async function* (): AsyncGenerator<Step> {
      for (; made < 1_000_000; made++) yield "file";
    };
    const trunk = async function* (): AsyncGenerator<Step> {
      for (let each = 0; each < 4; each++) yield branch(folder);
    };
    const walk = walkTree(trunk, 4);
    for (let read = 1; read <= 5000; read++) {
      await walk.next();
      if (read % 1000 !== 0) continue;
      await sleep(1);
      expect(made - read).toBeLessThan(3000);
    }
    await walk.return(undefined);
    const then = made;
    await sleep(5);
    expect(made).toBe(then);
  });
});

describe("walkLogs ends with its signal", () => {
  const keys = Array.from({ length: 300 }, (_, index) => {
    const account = String(index).padStart(12, "0");
    return `AWSLogs/${account}/CloudTrail/us-east-1/2026/11/22/a.json.gz`;
  });

  test.each(["days", "files"] as const)("in the midst of %s", async (detail) => {
    const store = openMemoryStore(new Map(keys.map((key) => [key, new Uint8Array(50)])));
    const stop = new AbortController();
    let listings = 0;
    const reading = (async () => {
      for await (const { kind } of walkLogs(store, { detail, signal: stop.signal })) {
        if (kind === "listing" && ++listings === 20) stop.abort();
      }
    })();
    expect(await errorOf(reading)).toMatchObject({ name: "AbortError" });
    expect(listings).toBeLessThan(300);
  });

  test("before it lists anything where it was given up before", async () => {
    const store = openMemoryStore(new Map([[keys[0]!, new Uint8Array(50)]]));
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { kind } of walkLogs(store, { signal: AbortSignal.abort() })) seen.push(kind);
    })();
    expect(await errorOf(reading)).toMatchObject({ name: "AbortError" });
    expect(seen).toEqual([]);
  });
});
