import { expect, test } from "vitest";
import { apportion, isChosen } from "./apportion.ts";

test.each([
  [0, [1, 1], [0, 0]],
  [1, [1, 1, 1], [0, 1, 0]],
  [3, [1, 1, 1], [1, 1, 1]],
  [10, [3, 1], [7, 3]],
  [4, [100, 1, 1], [2, 1, 1]],
])("%i is split by the weights %j as %j", (total, weights, parts) => {
  expect(apportion(total, weights)).toEqual(parts);
});

test.each([1, 7, 99, 12_345])("the parts of %i add up to it", (total) => {
  const parts = apportion(total, [0.3, 2, 0.7, 1.1, 5]);
  expect(parts.reduce((a, b) => a + b)).toBe(total);
});

test.each([
  [0, 0],
  [0.005, 5],
  [0.1, 100],
  [0.5, 500],
  [1, 1000],
])("a share of %d chooses %i files of a thousand", (share, count) => {
  const chosen = Array.from({ length: 1000 }, (_, file) => file).filter((file) => isChosen(file, share));
  expect(chosen).toHaveLength(count);
});
