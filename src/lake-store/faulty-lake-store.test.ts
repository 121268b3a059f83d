import { describe, expect, test } from "vitest";
import { collect, errorOf } from "../fixtures.contract.ts";
import { faultyLakeStore } from "./faulty-lake-store.contract.ts";
import type { LakeStore } from "./lake-store.ts";
import { openMemoryLakeStore } from "./memory-lake-store.ts";

const X = Buffer.from("x");

const CALLS: readonly ((lake: LakeStore) => Promise<unknown>)[] = [
  (lake) => lake.write("a", [X]),
  (lake) => lake.create("b", X),
  (lake) => lake.remove(["c", "d"]),
];

describe("faultyLakeStore", () => {
  test.each([1, 2, 3])(
    "fails at the call %d, before it or after it took effect, and goes on",
    async (failAt) => {
      for (const kind of ["before", "after"] as const) {
        const files = new Map([["c", X]]);
        const lake = faultyLakeStore(openMemoryLakeStore(files), { failAt, kind });
        const outcomes = [];
        for (const call of CALLS) outcomes.push(await call(lake).then(() => "done", String));
        expect(outcomes.map((outcome) => outcome !== "done")).toEqual([1, 2, 3].map((one) => one === failAt));
        expect(outcomes[failAt - 1]).toMatch(/^Error: fault/);
        const missed = kind === "before" ? failAt : 0;
        expect([files.has("a"), files.has("b"), !files.has("c")]).toEqual(
          [1, 2, 3].map((one) => one !== missed),
        );
        expect(lake.calls).toEqual(["write a", "create b", "remove c d"]);
        expect(lake.hasFailed).toBe(true);
      }
    },
  );

  test("fails at reads where reads are counted", async () => {
    const lake = faultyLakeStore(openMemoryLakeStore(new Map([["a", X]])), {
      failAt: 2,
      kind: "after",
      calls: "reading",
    });
    await lake.write("b", [X]);
    expect(await lake.read("a")).toEqual(X);
    expect(String(await errorOf(collect(lake.listFiles(""))))).toContain("fault at call 2: listFiles");
    expect(await collect(lake.listFiles(""))).toHaveLength(2);
    expect(lake.calls).toEqual(["read a", "listFiles ", "listFiles "]);
  });

  test("does nothing more once it is dead", async () => {
    const files = new Map<string, Uint8Array>();
    const lake = faultyLakeStore(openMemoryLakeStore(files), { failAt: 1, kind: "after", isDeadThen: true });
    for (const call of CALLS) expect(String(await errorOf(call(lake)))).toContain("fault");
    expect(String(await errorOf(lake.read("a")))).toContain("fault");
    expect([...files.keys()]).toEqual(["a"]);
  });
});
