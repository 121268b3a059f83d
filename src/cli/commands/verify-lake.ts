import { verifyLake } from "../../actions/compact/verify-lake.ts";
import { decideScope } from "../../config/plan-options.ts";
import type { Settings } from "../../config/settings.ts";
import { dayFromTime } from "../../core/day.ts";
import { printSafeJson } from "../../core/safe-text.ts";
import { openLake, openStore } from "../../open-ports.ts";
import type { CommonFlags } from "../options.ts";
import { printRemedies, printVerifyReport, verifyReportToJson } from "../print/verify-lake.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, startProgress, writeData, writeNote } from "../terminal.ts";

/** Checks a lake against its books and the logs: all of it, unless days or accounts are named. */
export async function verifyLakeCommand(
  flags: CommonFlags,
  {
    settings,
    terminal,
  }: { readonly settings: Settings & { readonly lake: string }; readonly terminal: Terminal },
): Promise<number> {
  const { store, within } = await openStore(settings);
  const lake = await openLake(settings);
  const scope = decideScope(flags, {
    settings: { ...settings, partitionDays: undefined },
    today: dayFromTime(Date.now()),
    within,
  });
  const { onProgress, stop } = startProgress(terminal);
  const options = { ...scope, signal: terminal.signal, onProgress };
  const report = await verifyLake({ store, lake }, options).finally(stop);
  const text =
    flags.format === "json"
      ? printSafeJson(`${JSON.stringify(verifyReportToJson(report, lake.url), undefined, 2)}\n`)
      : printVerifyReport(report, lake.url);
  await writeData(terminal, [text]);
  if (report.checks.length === 0) return EXIT.done;
  for (const remedy of printRemedies(report)) writeNote(terminal, remedy);
  return EXIT.failed;
}
