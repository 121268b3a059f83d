// Imported before a program, it writes to standard error what the process took, as it ends: the most memory, in bytes, and the time of
// processors, in microseconds.
import { existsSync, readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const STATUS = "/proc/self/status";

if (isMainThread) process.on("exit", writeCost);

function writeCost() {
  const { user, system } = process.cpuUsage();
  process.stderr.write(`\npeakMemory=${readPeak()} processors=${user + system}\n`);
}

/** On Linux, maxRSS begins with what the parent had when it started the process; VmHWM does not. */
function readPeak() {
  const [, kibibytes] = existsSync(STATUS)
    ? (/VmHWM:\s+(\d+) kB/.exec(readFileSync(STATUS, "utf8")) ?? [])
    : [];
  return Number(kibibytes ?? process.resourceUsage().maxRSS) * 1024;
}
