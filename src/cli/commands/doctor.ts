import type { Check } from "../../actions/doctor.ts";
import { doctor } from "../../actions/doctor.ts";
import { openJob } from "../open-job.ts";
import type { CommonFlags } from "../options.ts";
import { printSafe, printSafeJson } from "../../core/safe-text.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, startProgress, writeData } from "../terminal.ts";

/** Checks everything that a run and a query need. */
export async function doctorCommand(flags: CommonFlags, terminal: Terminal): Promise<number> {
  const { onProgress, stop } = startProgress(terminal);
  const checks = await doctor(() => openJob(flags, { signal: terminal.signal, onProgress })).finally(stop);
  const text =
    flags.format === "json"
      ? printSafeJson(`${JSON.stringify(checks, undefined, 2)}\n`)
      : checks.map(printCheck).join("");
  await writeData(terminal, [text]);
  return checks.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
}

function printCheck({ name, ok, found, remedy }: Check): string {
  const line = `${ok ? "ok  " : "FAIL"} ${name}: ${printSafe(found)}\n`;
  return remedy === undefined ? line : `${line}     ${printSafe(remedy)}\n`;
}
