import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutJobs } from "./cut-jobs.ts";

function cut(sizes: readonly number[]): number[][] {
  return cutJobs(
    sizes.map((size) => ({ size })),
    10,
  ).map((job) => job.map(({ size }) => size));
}

describe("cutJobs", () => {
  test.each([
    { sizes: [], jobs: [[]] },
    { sizes: [4, 6], jobs: [[4, 6]] },
    { sizes: [4, 7], jobs: [[4], [7]] },
    { sizes: [50], jobs: [[50]] },
    {
      sizes: [0, 50, 0, 1],
      jobs: [
        [0, 50],
        [0, 1],
      ],
    },
    { sizes: [1, 50, 1], jobs: [[1], [50], [1]] },
  ])("cuts $sizes", ({ sizes, jobs }) => {
    expect(cut(sizes)).toEqual(jobs);
  });

  test("keeps all files in order, and no job above the limit that has more than one file with bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (sizes) => {
        const jobs = cut(sizes);
        expect(jobs.flat()).toEqual(sizes);
        for (const job of jobs) {
          const sum = job.reduce((total, size) => total + size, 0);
          expect(sum <= 10 || job.filter((size) => size > 0).length === 1).toBe(true);
        }
      }),
    );
  });
});
