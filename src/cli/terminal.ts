import { once } from "node:events";
import type { Writable } from "node:stream";
import type { OnProgress } from "../actions/progress.ts";
import { printCount } from "./print/amounts.ts";

/** Exit codes, as `--help` lists them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  changesDue: 2,
  setAside: 3,
  bug: 70,
  interrupted: 130,
} as const;

/** Where a command writes, and how it learns that it is to stop. */
export interface Terminal {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly quiet: boolean;
  readonly signal: AbortSignal;
}

/** Writes data, and waits where the reader is slower. */
export async function writeData(
  { stdout, signal }: Terminal,
  chunks: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    if (!stdout.write(chunk)) await once(stdout, "drain", { signal });
  }
}

/** A note to people; `--quiet` drops it. */
export function writeNote({ stderr, quiet }: Terminal, line: string): void {
  if (!quiet) stderr.write(`${line}\n`);
}

/** What nobody may miss, `--quiet` or not. */
export function writeWarnings({ stderr }: Terminal, lines: readonly string[]): void {
  for (const line of lines) stderr.write(`warning: ${line}\n`);
}

/** Columns of the terminal; undefined where the output goes elsewhere, and nothing need be cut. */
export function widthOf({ stdout }: Terminal): number | undefined {
  return stdout.isTTY === true ? stdout.columns || 80 : undefined;
}

const REDRAW_MS = 200;

/** A line on stderr that is drawn over and over, on a terminal only. `stop` wipes it. */
export function startProgress({ stderr, quiet }: Terminal): {
  readonly onProgress: OnProgress;
  stop(): void;
} {
  const shown = stderr.isTTY === true && !quiet;
  let last = 0;
  let current = "";
  return {
    onProgress: ({ step, done, total, note }) => {
      if (!shown || (step === current && Date.now() - last < REDRAW_MS)) return;
      last = Date.now();
      current = step;
      const share = total === undefined ? printCount(done) : `${printCount(done)} of ${printCount(total)}`;
      const line = note === undefined ? `${step}: ${share}` : `${step}: ${share}, ${note}`;
      // A line that wraps could not be drawn over.
      stderr.write(`\r\u001b[K${line.slice(0, (stderr.columns || 80) - 1)}`);
    },
    stop: () => {
      if (shown && last > 0) stderr.write("\r\u001b[K");
    },
  };
}
