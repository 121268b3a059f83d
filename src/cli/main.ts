import { CommanderError } from "commander";
import { setMaxListeners } from "node:events";
import { UserError } from "../core/user-error.ts";
import { printSafeLines } from "../core/safe-text.ts";
import { makeProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";
import { EXIT } from "./terminal.ts";

/** Runs the command line and leaves the exit code in the process. */
export async function runMain(argv: readonly string[]): Promise<void> {
  const interruption = new AbortController();
  // Many requests at a time listen to it; each stops when it is done.
  setMaxListeners(0, interruption.signal);
  process.on("SIGINT", () => {
    // The first lets the work end in good order; whoever asks twice does not want to wait for that.
    if (interruption.signal.aborted) process.exit(EXIT.interrupted);
    interruption.abort();
  });
  process.once("SIGTERM", () => interruption.abort());
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    interruption.abort(error);
  });
  // Nobody is left to be told.
  process.stderr.on("error", () => {});
  process.exitCode = await runProgram(argv, interruption.signal);
  await Promise.all([process.stdout, process.stderr].map(flush));
  // A request that waits for its next try would keep the process for a minute after its end was told.
  process.exit();
}

/** Until what was written has gone out, or nobody takes it any more. */
function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}

async function runProgram(argv: readonly string[], signal: AbortSignal): Promise<number> {
  let code: number = EXIT.done;
  const program = makeProgram(async (quiet, command) => {
    const terminal: Terminal = { stdout: process.stdout, stderr: process.stderr, quiet, signal };
    code = await command(terminal);
  });
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    return report(error, { signal, verbose: argv.includes("--verbose") });
  }
}

function report(
  error: unknown,
  { signal, verbose }: { readonly signal: AbortSignal; readonly verbose: boolean },
): number {
  if (signal.aborted) return reportInterruption(signal.reason);
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof UserError) {
    process.stderr.write(`error: ${printSafeLines(error.message)}\n`);
    if (error.hint !== undefined) process.stderr.write(`hint: ${printSafeLines(error.hint)}\n`);
    if (verbose) process.stderr.write(`${error.stack}\n`);
    return EXIT.failed;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error: this is a bug of cloudtrail-partitioner: ${printSafeLines(detail)}\n`);
  process.stderr.write("hint: please report it, with the command and what it says here\n");
  return EXIT.bug;
}

/** @param reason an error of standard output, or the abortion that Ctrl-C brings */
function reportInterruption(reason: unknown): number {
  if (!(reason instanceof Error && "code" in reason && typeof reason.code === "string"))
    return EXIT.interrupted;
  // The reader has seen enough, as `head` does.
  if (reason.code === "EPIPE") return EXIT.done;
  process.stderr.write(`error: standard output cannot be written: ${reason.message}\n`);
  return EXIT.failed;
}
