import type { CompactReport } from "../../actions/compact/compact.ts";
import { compact } from "../../actions/compact/compact.ts";
import { nameLake } from "../../config/lake-place.ts";
import type { Settings } from "../../config/settings.ts";
import type { SetAsideFile } from "../../core/catalog.ts";
import { printSafeJson } from "../../core/safe-text.ts";
import type { Job } from "../open-job.ts";
import { openCompactJob, refuseRegions } from "../open-job.ts";
import type { OpenCompactPorts } from "../../open-ports.ts";
import type { CommonFlags } from "../options.ts";
import type { LakeNames } from "../print/lake.ts";
import { isIncomplete, lakeToJson, printLake, printLakeOddities, printLakeWarnings } from "../print/lake.ts";
import { printRun, runToJson } from "../print/run.ts";
import { printSetAside } from "../print/set-aside.ts";
import { readSettings } from "../settings.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, startProgress, writeData, writeNote, writeWarnings } from "../terminal.ts";

export interface CompactFlags extends CommonFlags {
  readonly verifyLake?: boolean;
}

/** Closed days as Parquet, and the tables over them; or a check of what is there. */
export async function compactCommand(flags: CompactFlags, terminal: Terminal): Promise<number> {
  const settings = nameLake(await readSettings(flags));
  refuseRegions(flags, settings);
  if (flags.verifyLake !== true) return writeLake(flags, { settings, terminal });
  const { verifyLakeCommand } = await import("./verify-lake.ts");
  return verifyLakeCommand(flags, { settings, terminal });
}

/** What compact does, and run where there is a lake. */
export async function writeLake(
  flags: CommonFlags,
  {
    settings,
    terminal,
  }: { readonly settings: Settings & { readonly lake: string }; readonly terminal: Terminal },
): Promise<number> {
  const { onProgress, stop } = startProgress(terminal);
  const { signal } = terminal;
  const job = await openCompactJob(flags, { settings, signal, onProgress });
  const report = await compactJob(job, { terminal, stop }).finally(stop);
  await writeReport(report, { job, flags, terminal });
  const { setAside } = report.run.desired;
  return isIncomplete(report) || setAside.size > 0 ? EXIT.setAside : EXIT.done;
}

async function compactJob(
  { ports, options }: Job<OpenCompactPorts>,
  { terminal, stop }: { readonly terminal: Terminal; stop(): void },
): Promise<CompactReport> {
  try {
    return await compact(ports, { ...options, now: Date.now() });
  } catch (error) {
    if (terminal.signal.aborted) {
      stop();
      writeNote(
        terminal,
        "interrupted: account-days that were committed stay in the lake, and the next run goes on from there",
      );
    }
    throw error;
  } finally {
    await ports.compactor.close();
  }
}

interface Output {
  readonly job: Job<OpenCompactPorts>;
  readonly flags: CommonFlags;
  readonly terminal: Terminal;
}

async function writeReport(
  report: CompactReport,
  { job: { ports, settings }, flags, terminal }: Output,
): Promise<void> {
  const names: LakeNames = { url: ports.lake.url, view: settings.tablePrefix };
  if (flags.format === "json") {
    const json = { ...runToJson(report.run, ports), lake: lakeToJson(report, names) };
    await writeData(terminal, [printSafeJson(`${JSON.stringify(json, undefined, 2)}\n`)]);
  } else {
    await writeData(terminal, [printRun(report.run, ports), printLake(report, names)]);
    writeNote(
      terminal,
      `next: cloudtrail-partitioner query "SELECT account, sum(events) AS events, sum(set_aside) AS set_aside FROM ${names.view}_coverage GROUP BY 1 ORDER BY 1"`,
    );
  }
  writeWarnings(terminal, [
    ...printLakeOddities(report.run.inventory, report.aggregated),
    ...printSetAside(listSetAside(report, ports.store.url)),
    ...printLakeWarnings(report, names),
  ]);
}

/** Without those that the lake's list names already: each file is warned of once. */
function listSetAside({ run, setAside }: CompactReport, logs: string): SetAsideFile[] {
  const named = new Set(setAside.map(({ key }) => `${logs}/${key}`));
  return [...run.desired.setAside.values()].filter(
    ({ file, verdict }) => verdict !== "unreadable" || !named.has(file),
  );
}
