import { describe, expect, test } from "vitest";
import { SourceChanged } from "../core/source-changed.ts";
import { UserError } from "../core/user-error.ts";
import { explainMemory, packFailure, unpackFailure } from "./failure.ts";

const MEMORY = 1e9;

describe("A failure", () => {
  test.each([
    new SourceChanged("some key"),
    new UserError("no", { hint: "yes" }),
    new UserError("no"),
    new TypeError("a bug"),
  ])("is the same on the other side of a thread: %s", (error) => {
    const arrived = unpackFailure(structuredClone(packFailure(error)), MEMORY);
    expect(arrived).toEqual(error);
    expect((arrived as Error).constructor).toBe(error.constructor);
  });

  test.each([
    Object.assign(new Error("terminated"), { code: "ERR_WORKER_OUT_OF_MEMORY" }),
    new RangeError("Array buffer allocation failed"),
  ])("names the memory where that is what it is about: %s", (error) => {
    expect(explainMemory(error, MEMORY)).toEqual(
      new UserError("a thread that compacts logs ran out of memory (--memory is 1000 MB)", {
        hint: "free some of the machine's memory, or give a smaller --memory: then fewer threads work at once",
        cause: error,
      }),
    );
  });

  test("that is of something else stays as it is", () => {
    const error = new RangeError("Invalid array length");
    expect(explainMemory(error, MEMORY)).toBe(error);
  });
});
