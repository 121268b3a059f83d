import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeText } from "./text.ts";
import { Values } from "./values.ts";

function add(values: Values, text: string): number {
  const { bytes, view } = makeText(Buffer.from(text));
  return values.add({ bytes, view }, 0, bytes.length);
}

function read(values: Values, id: number): string {
  return Buffer.from(values.bytesOf(id)).toString();
}

describe("Values", () => {
  test("hold equal texts once, and give each back", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 40 })), (texts) => {
        const values = new Values();
        const ids = texts.map((text) => add(values, text));
        expect(ids.map((id) => read(values, id))).toEqual(texts);
        expect(values.count).toBe(new Set(texts).size);
      }),
    );
  });

  test("stop looking where hardly any repeats, and keep all of them", () => {
    const values = new Values();
    const texts = Array.from({ length: 5000 }, (_, index) => `text ${index}`);
    const ids = texts.map((text) => add(values, text));
    expect(values.repeating).toBe(false);
    expect(ids.map((id) => read(values, id))).toEqual(texts);
  });

  test("are not slowed down by values that collide", () => {
    const values = new Values();
    // Alike in length, ends and middle, which is all that is hashed.
    for (let round = 0; round < 2; round++)
      for (let index = 0; index < 5000; index++)
        add(values, `${"a".repeat(10)}${String(index).padStart(10, "0")}${"b".repeat(80)}`);
    expect(values.repeating).toBe(false);
  });

  test("become what they were when marked", () => {
    const text = fc.oneof(fc.string({ maxLength: 3 }), fc.string({ maxLength: 40 }));
    fc.assert(
      fc.property(fc.array(text), fc.nat(1500), fc.array(text), (before, many, after) => {
        const [cut, never] = [new Values(), new Values()];
        for (const values of [cut, never]) for (const one of before) add(values, one);
        cut.mark();
        for (let index = 0; index < many; index++) add(cut, `new ${index}`);
        cut.cut();
        const ids = [cut, never].map((values) => after.map((one) => add(values, one)));
        expect(ids[0]).toEqual(ids[1]);
        expect([cut.count, cut.repeating]).toEqual([never.count, never.repeating]);
      }),
      { numRuns: 20 },
    );
  });

  test("order ids by the bytes of their texts", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), fc.uint8Array({ maxLength: 6 }), (a, b) => {
        const values = new Values();
        const [first, second] = [a, b].map((bytes) => values.append(bytes, 0, bytes.length));
        expect(Math.sign(values.compare(first ?? 0, second ?? 0))).toBe(Buffer.compare(a, b));
      }),
    );
  });
});
