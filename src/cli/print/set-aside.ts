import type { SetAsideFile } from "../../core/catalog.ts";
import { printNumber } from "./amounts.ts";
import { printSafe } from "../../core/safe-text.ts";

const SHOWN = 20;

/** Warnings about files that an answer is without, or that it has read with NULLs. */
export function printSetAside(files: readonly SetAsideFile[]): string[] {
  const lines = files.slice(0, SHOWN).map(({ file, verdict, reason }) => {
    const effect = verdict === "unreadable" ? "left out" : "read with NULL for values of a wrong shape";
    return `${effect}: ${printSafe(file)}: ${printSafe(reason)}`;
  });
  const more = files.length - lines.length;
  return more > 0
    ? [
        ...lines,
        `and ${printNumber(more, "file")} more; SELECT * FROM cloudtrail_partitioner.set_aside lists all`,
      ]
    : lines;
}
