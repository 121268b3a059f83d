import { DuckDBInstance } from "@duckdb/node-api";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printJsonType, RECORD_COLUMNS } from "../src/core/columns.ts";
import { openPorts, query, run, parseDay, type Ports } from "../src/index.ts";
import { LARGE_FILES, prepareLogs, TINY_FILES } from "./data.ts";
import type { Row } from "./report.ts";
import { printMachine, printRows } from "./report.ts";
import { median, race, ratio, runProgram, runShell, timeNode, timeProgram } from "./timing.ts";

/**
 * Times the commands of the folder's main job against what a user would run instead, and prints a Markdown table.
 * With --strict, a promise that is not kept makes it fail.
 */
const ROUNDS = 5;

const ERRORS_BY_USER = `SELECT useridentity.arn, errorcode, count(*) AS count FROM cloudtrail
  WHERE year = '2026' AND month = '11' AND errorcode != ''
  GROUP BY errorcode, useridentity.arn ORDER BY count DESC LIMIT 50`;

const COUNT = "SELECT count(*) AS count FROM cloudtrail WHERE useridentity.arn LIKE '%alice%'";
const ONE_DAY = `${COUNT} AND region = 'us-east-1' AND account = '{account}' AND year = '2026' AND month = '11' AND day = '20'`;

const scratch = await mkdtemp(join(tmpdir(), "bench-"));
try {
  const rows = [...(await benchQueries()), ...(await benchRun()), ...benchHelp()];
  console.log(printReport(rows));
  if (process.argv.includes("--strict") && rows.some(({ kept }) => kept === false)) process.exitCode = 1;
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function benchQueries(): Promise<Row[]> {
  const logs = await prepareLogs(LARGE_FILES);
  const ports = await openPorts({ logs, engine: "duckdb", database: join(scratch, "large.duckdb") });
  const today = parseDay("2026-11-22");
  if (today === undefined) throw new Error("not a day");
  const { inventory } = await run(ports, { tablePrefix: "cloudtrail", today });
  const account = inventory.partitions[0]?.account ?? "";
  const glob = `${logs}/AWSLogs/*/CloudTrail/*/*/*/*/*.json.gz`;
  const timings = await race(
    {
      ours: () => ask(ports, ERRORS_BY_USER),
      narrow: () =>
        askDuckDb(readJson(glob, 'STRUCT("userIdentity" STRUCT(arn VARCHAR), "errorCode" VARCHAR)')),
      declared: () => askDuckDb(readJson(glob, printJsonType({ kind: "struct", fields: RECORD_COLUMNS }))),
      jq: () => runShell(jqPipeline(logs)),
      scan: () => ask(ports, COUNT),
      day: () => ask(ports, ONE_DAY.replace("{account}", account)),
    },
    ROUNDS,
  );
  const times = (name: keyof typeof timings): string => `${median(timings[name]).toFixed(2)} s`;
  const share = ratio(timings.ours, timings.jq);
  const declared = ratio(timings.ours, timings.declared);
  const narrow = ratio(timings.ours, timings.narrow);
  const day = ratio(timings.day, timings.scan);
  return [
    { what: "errors by user over 400,000 records in 2,000 files: `query`", measured: times("ours") },
    {
      what: "— hand-written `read_json`, all fields declared",
      measured: `${times("declared")}; ours takes ${declared.toFixed(2)} of it`,
      promise: "at most 1.3",
      kept: declared <= 1.3,
    },
    {
      what: "— hand-written `read_json`, only the two fields declared",
      promise: "at most 1.3",
      kept: narrow <= 1.3,
      measured: `${times("narrow")}; ours takes ${narrow.toFixed(2)} of it`,
    },
    {
      what: "— `zcat \\| jq \\| sort \\| uniq -c`",
      measured: `${times("jq")}; ours takes ${share.toFixed(2)} of it`,
      promise: "at most 0.25",
      kept: share <= 0.25,
    },
    { what: "one principal's events, all 80 Region-days", measured: times("scan") },
    {
      what: "— in one Region-day",
      measured: `${times("day")}, which is ${day.toFixed(2)} of it`,
      promise: "at most 0.2",
      kept: day <= 0.2,
    },
  ];
}

async function benchRun(): Promise<Row[]> {
  const large = await prepareLogs(LARGE_FILES);
  const tiny = await prepareLogs(TINY_FILES);
  const first = runProgram(
    ["run", "--logs", tiny, "--database", join(scratch, "tiny.duckdb"), "-q"],
    scratch,
  );
  const again = runProgram(
    ["run", "--logs", tiny, "--database", join(scratch, "tiny.duckdb"), "-q"],
    scratch,
  );
  const fewer = runProgram(
    ["run", "--logs", large, "--database", join(scratch, "few.duckdb"), "-q"],
    scratch,
  );
  const growth = first.megabytes - fewer.megabytes;
  return [
    {
      what: "`run` over 20,000 files, first time",
      measured: `${first.seconds.toFixed(2)} s`,
      promise: "under 10 s",
      kept: first.seconds < 10,
    },
    { what: "— again, with nothing to change", measured: `${again.seconds.toFixed(2)} s` },
    {
      what: "— memory, against 2,000 files",
      measured: `${first.megabytes.toFixed(0)} MB against ${fewer.megabytes.toFixed(0)} MB`,
      promise: "flat (within 50 MB)",
      kept: growth < 50,
    },
  ];
}

function benchHelp(): Row[] {
  const rounds = Array.from({ length: 10 }, () => ({
    help: timeProgram(["--help"], scratch) * 1000,
    node: timeNode() * 1000,
  }));
  const help = median(rounds.map((round) => round.help));
  const node = median(rounds.map((round) => round.node));
  return [
    {
      what: "`--help`, whole process",
      measured: `${help.toFixed(0)} ms, of which Node.js itself ${node.toFixed(0)} ms`,
      promise: "under 200 ms",
      kept: help < 200,
    },
  ];
}

async function ask(ports: Ports, sql: string): Promise<void> {
  const { rows } = await query(ports, { sql });
  for await (const batch of rows) if (batch.length === 0) throw new Error("no rows");
}

/** In a process that has DuckDB loaded already, as ours has. */
async function askDuckDb(sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const { currentRowCount } = await connection.runAndReadAll(sql);
  if (currentRowCount === 0) throw new Error("no rows");
  connection.closeSync();
  instance.closeSync();
}

function readJson(glob: string, record: string): string {
  return `SELECT userIdentity.arn, errorCode, count(*) AS count
    FROM (SELECT unnest(Records, max_depth := 2)
      FROM read_json('${glob}', columns = {Records: '${record}[]'}, maximum_object_size = 134217728))
    WHERE errorCode IS NOT NULL GROUP BY ALL ORDER BY count DESC LIMIT 50`;
}

function jqPipeline(logs: string): string {
  const program = ".Records[] | select(.errorCode) | [.errorCode, .userIdentity.arn] | @tsv";
  return `find '${logs}' -name '*.json.gz' -print0 | xargs -0 zcat | jq -r '${program}' | sort | uniq -c | sort -rn`;
}

function printReport(rows: readonly Row[]): string {
  return [
    `${printMachine()}; \`npm run bench\`.`,
    `Medians of ${ROUNDS} rounds, contenders in turn; ratios are medians of the rounds' ratios.`,
    "",
    printRows(rows),
  ].join("\n");
}
