import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { Progress } from "../actions/progress.ts";
import { startProgress } from "./terminal.ts";

interface Screen {
  readonly columns?: number;
  readonly isTTY?: boolean;
}

async function draw(progress: Progress, { columns = 80, isTTY = true }: Screen): Promise<string> {
  const stderr = Object.assign(new PassThrough(), { isTTY, columns });
  const terminal = { stdout: new PassThrough(), stderr, quiet: false, signal: new AbortController().signal };
  startProgress(terminal).onProgress(progress);
  stderr.end();
  return text(stderr);
}

const PROGRESS = { step: "compacting, MB", done: 1200, total: 2400, note: "18.2 MB/s, 3 min left" };

test("progress on a terminal is a step, its counts, and what else is known", async () => {
  expect(await draw(PROGRESS, {})).toBe("\r\u001b[Kcompacting, MB: 1,200 of 2,400, 18.2 MB/s, 3 min left");
  expect(await draw({ step: "listing logs", done: 3 }, {})).toBe("\r\u001b[Klisting logs: 3");
});

test("progress stays on one line of the terminal", async () => {
  expect(await draw(PROGRESS, { columns: 20 })).toBe("\r\u001b[Kcompacting, MB: 1,2");
});

test("progress is for terminals alone", async () => {
  expect(await draw(PROGRESS, { isTTY: false })).toBe("");
});
