import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { TimeLeft } from "./time-left.ts";
import { watchTime } from "./time-left.ts";

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
});

/** As Lambda's context tells it. */
function start(total: number): TimeLeft {
  const end = Date.now() + total;
  return watchTime({ getRemainingTimeInMillis: () => end - Date.now() });
}

describe("watchTime", () => {
  test.each([
    ["a minute before the end of a quarter of an hour", 900_000, 840_000],
    ["a minute before the end of five", 300_000, 240_000],
    ["a fifth before the end of a minute", 60_000, 48_000],
    ["a fifth before the end of seconds", 10_000, 8_000],
  ])("says that time is up %s", (_, total, at) => {
    const time = start(total);
    vi.advanceTimersByTime(at - 1);
    expect(time.isTimeUp()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(time.isTimeUp()).toBe(true);
    expect(time.signal.aborted).toBe(false);
  });

  test.each([
    ["a quarter of a minute before the end", 900_000, 885_000],
    ["a second before the end of seconds", 10_000, 9_000],
  ])("aborts what is under way %s", (_, total, at) => {
    const { signal } = start(total);
    vi.advanceTimersByTime(at - 1);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toMatchObject({
      name: "UserError",
      hint: expect.stringMatching(/more time/) as string,
    });
  });

  test.each([
    ["nothing was told", undefined, "listing logs (0)"],
    ["a number was told", { step: "reading partitions", done: 3000 }, "reading partitions (3000)"],
    [
      "a share was told",
      { step: "writing the catalog", done: 40, total: 100 },
      "writing the catalog (40 of 100)",
    ],
  ])("says how far it came where %s", (_, progress, said) => {
    const { signal, onProgress } = start(900_000);
    if (progress !== undefined) onProgress(progress);
    vi.advanceTimersByTime(900_000);
    expect(signal.reason).toMatchObject({ message: `the function's 900 s were over while ${said}` });
  });

  test("aborts nothing once it is stopped, and lets the process end", () => {
    const { signal, stop } = start(900_000);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(900_000);
    expect(signal.aborted).toBe(false);
  });
});
