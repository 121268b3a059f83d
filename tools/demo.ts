import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateLogs, writeLogs } from "./generate-logs/generate-logs.ts";

const HOME = fileURLToPath(new URL("..", import.meta.url));
const LOGS = join("demo", "logs");
const DATABASE = join("demo", "cloudtrail.duckdb");

const ERRORS_BY_USER = `SELECT useridentity.arn, errorcode, count(*) AS count FROM cloudtrail
  WHERE year = '2026' AND month = '11' AND errorcode != ''
  GROUP BY errorcode, useridentity.arn ORDER BY count DESC LIMIT 10`;

const ONE_DAY = `SELECT account, region, count(*) AS events, count(DISTINCT eventname) AS names FROM cloudtrail
  WHERE year = '2026' AND month = '11' AND day = '22' GROUP BY account, region ORDER BY events DESC LIMIT 5`;

process.chdir(HOME);
await makeLogs();
show("discover", "--logs", LOGS);
show("run", "--logs", LOGS, "--database", DATABASE, "--quiet");
show("query", "--database", DATABASE, "SHOW TABLES");
show("query", "--database", DATABASE, ONE_DAY);
show("query", "--database", DATABASE, ERRORS_BY_USER);
console.log(`
The tables are in the database file ${join(HOME, DATABASE)}: any DuckDB client opens it.
The logs that they read are in ${join(HOME, LOGS)}. Both can be deleted at any time.

Next, with logs of your own (the folder that holds AWSLogs/):
  $ node bin/cloudtrail-partitioner.js run --logs <folder>
  $ node bin/cloudtrail-partitioner.js query "SELECT * FROM cloudtrail LIMIT 5"`);

async function makeLogs(): Promise<void> {
  rmSync(LOGS, { recursive: true, force: true });
  rmSync(DATABASE, { force: true });
  const options = { accounts: 3, days: 10, layout: "organization", duplicates: 0.01, empty: 0.02 } as const;
  const summary = await writeLogs(LOGS, generateLogs(options));
  console.log(`Made sample logs in ${LOGS}: ${summary.files} files with ${summary.records} events.`);
}

/** Shows a command, runs it, and stops the demo where it fails. */
function show(...args: string[]): void {
  console.log(
    `\n$ cloudtrail-partitioner ${args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(" ")}`,
  );
  const { status } = spawnSync(process.execPath, ["bin/cloudtrail-partitioner.js", ...args], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1); // oxlint-disable-line no-process-exit
}
