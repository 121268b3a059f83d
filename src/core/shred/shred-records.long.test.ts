import * as fc from "fast-check";
import { test } from "vitest";
import { changedTexts, checkText } from "./check-text.contract.ts";

test("Shredder reads or refuses any of thousands of changes of a text as JSON.parse would", () => {
  fc.assert(fc.property(changedTexts(), checkText), { numRuns: 5000 });
});
