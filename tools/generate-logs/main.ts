import { CommanderError } from "commander";
import { UserError } from "../../src/core/user-error.ts";
import { parseCommandLine } from "./command-line.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { generateLogs, writeLogs } from "./generate-logs.ts";
import { checkOutputDirectory } from "./output-directory.ts";
import { printCount, printSummary } from "./print-summary.ts";

const PROGRESS_STEP = 200;

async function main(): Promise<void> {
  const { out, force, list, options } = parseCommandLine(process.argv.slice(2));
  const files = generateLogs(options);
  await checkOutputDirectory(out, { force });
  let written = 0;
  const summary = await writeLogs(out, files, (file) => {
    written++;
    if (list) printFile(file);
    if (process.stderr.isTTY && written % PROGRESS_STEP === 0) {
      process.stderr.write(`\r${printCount(written)} files`);
    }
  });
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  process.stderr.write(printSummary(summary));
}

function printFile({ key, bytes, records, kind, note }: GeneratedFile): void {
  process.stdout.write(`${JSON.stringify({ key, bytes: bytes.length, records, kind, note })}\n`);
}

/** Says what went wrong, and returns the exit code: 1 for what the user can put right, 2 for wrong usage. */
function reportError(error: unknown): number {
  // Commander has printed its own message, or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`error: ${error.message}\n${error.hint === undefined ? "" : `hint: ${error.hint}\n`}`);
  return 1;
}

try {
  await main();
} catch (error) {
  process.exitCode = reportError(error);
}
