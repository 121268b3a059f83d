import { run } from "../../actions/run.ts";
import { openJob } from "../open-job.ts";
import type { CommonFlags } from "../options.ts";
import { printOddities } from "../print/inventory.ts";
import { printForgottenLake, printRun, runToJson } from "../print/run.ts";
import { printSafeJson } from "../../core/safe-text.ts";
import { printSetAside } from "../print/set-aside.ts";
import { readSettings } from "../settings.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, startProgress, writeData, writeNote, writeWarnings } from "../terminal.ts";

/** The main job: tables, partitions and the view; where there is a lake, closed days too. */
export async function runCommand(flags: CommonFlags, terminal: Terminal): Promise<number> {
  const settings = await readSettings(flags);
  if (settings.lake !== undefined) {
    const { writeLake } = await import("./compact.ts");
    return writeLake(flags, { settings: { ...settings, lake: settings.lake }, terminal });
  }
  const { onProgress, stop } = startProgress(terminal);
  const { ports, options } = await openJob(flags, { settings, signal: terminal.signal, onProgress });
  const report = await run(ports, options).finally(stop);
  if (flags.format === "json") {
    const json = JSON.stringify(runToJson(report, ports), undefined, 2);
    await writeData(terminal, [printSafeJson(`${json}\n`)]);
  } else {
    await writeData(terminal, [printRun(report, ports)]);
    const view = settings.tablePrefix;
    writeNote(
      terminal,
      `next: cloudtrail-partitioner query "SELECT eventname, count(*) AS count FROM ${view} GROUP BY 1 ORDER BY 2 DESC LIMIT 10"`,
    );
  }
  for (const note of printForgottenLake(report, settings.tablePrefix)) writeNote(terminal, note);
  writeWarnings(terminal, [
    ...printOddities(report.inventory),
    ...printSetAside([...report.desired.setAside.values()]),
  ]);
  return report.desired.setAside.size > 0 ? EXIT.setAside : EXIT.done;
}
