import { cpus, totalmem } from "node:os";
import { runShell } from "./timing.ts";

/** A line of a published table. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** Where it is a promise. */
  readonly promise?: string;
  readonly kept?: boolean;
  /** How many times what was promised it takes: times swing on busy machines. By default it is not measured in time. */
  readonly timesPromised?: number;
}

/** A Markdown table. */
export function printRows(rows: readonly Row[]): string {
  return printTable(
    ["what", "measured", "promise", "kept"],
    rows.map(({ what, measured, promise = "", kept }) => [
      what,
      measured,
      promise,
      kept === undefined ? "" : kept ? "yes" : "**no**",
    ]),
  );
}

/** A Markdown table; bars in cells are not escaped. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** What the figures were measured on, and by which commit. */
export function printMachine(): string {
  const commit = runShell("git rev-parse --short HEAD").trim();
  const cpu = cpus();
  return `${cpu.length} cores (${cpu[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.versions.node}, commit ${commit}`;
}

/** "12,345" */
export function printCount(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
