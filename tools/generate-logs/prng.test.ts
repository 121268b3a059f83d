import { expect, test } from "vitest";
import { Random } from "./prng.ts";

function draw(random: Random, count: number): readonly number[] {
  return Array.from({ length: count }, () => random.next());
}

test("equal seeds give equal numbers", () => {
  expect(draw(new Random(1, 2, 3), 100)).toEqual(draw(new Random(1, 2, 3), 100));
});

test("the numbers of a seed never change", () => {
  expect(draw(new Random(1), 4)).toMatchInlineSnapshot(`
    [
      441792574,
      614447336,
      1644328534,
      3387734806,
    ]
  `);
});

test.each([
  [2, 2, 3],
  [1, 3, 3],
  [1, 2, 4],
])("the seeds %i, %i, %i give numbers of their own", (...seeds) => {
  expect(draw(new Random(...seeds), 4)).not.toEqual(draw(new Random(1, 2, 3), 4));
});

test("fractions fill the range from 0 to 1 evenly", () => {
  const random = new Random(5);
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let count = 0; count < 100_000; count++) {
    const tenth = Math.floor(random.fraction() * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) expect(count / 10_000).toBeCloseTo(1, 1);
});

test("a guid is a version 4 UUID, and no two are equal", () => {
  const random = new Random(6);
  const guids = Array.from({ length: 10_000 }, () => random.guid());
  const wrong = guids.filter(
    (guid) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(guid),
  );
  expect(wrong).toEqual([]);
  expect(new Set(guids).size).toBe(10_000);
});

test("hex gives as many digits as asked for", () => {
  expect(new Random(7).hex(17)).toMatch(/^[0-9a-f]{17}$/);
});
