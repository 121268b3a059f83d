import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { addDays } from "../src/core/day.ts";
import type { Calls } from "./organization.ts";
import { readDay, startOrganization } from "./organization.ts";
import type { Known, PlanCost } from "./plan-job.ts";
import { median } from "./timing.ts";

/**
 * Plans catalogs of organizations of up to 1,000 accounts, and counts the API calls of a first run and of a night, with what
 * they cost. Prints Markdown tables. With --strict, a promise that is not kept makes it fail.
 */
interface Row {
  readonly what: string;
  readonly measured: string;
  readonly promise?: string;
  readonly kept?: boolean;
}

const ROUNDS = 3;
/** US dollars, us-east-1, from the price lists of S3 (LIST requests) and Glue (Data Catalog requests), November 2026. */
const PRICE = { list: 0.005 / 1000, glue: 1 / 1_000_000 };
/** Lists of the bucket, of AWSLogs/ and of the organization's folder. */
const ROOT_LISTS = 3;
const ACCOUNTS = 100;
const REGIONS = 17;
const DAYS = 90;

const today = readDay("2026-11-22");
const rows = [...benchPlanning(), ...(await benchCalls())];
console.log(printReport(rows));
if (process.argv.includes("--strict") && rows.some(({ kept }) => kept === false)) process.exitCode = 1;

function benchPlanning(): Row[] {
  const [ten, hundred, empty] = [10, 100, 1000].map((accounts) => planRepeatedly(accounts, "nothing"));
  const full = planRepeatedly(1000, "all");
  const nightly = planRepeatedly(1000, "all but two days");
  if (ten === undefined || hundred === undefined || empty === undefined)
    throw new Error("nothing was measured");
  const growth = empty.seconds / hundred.seconds;
  return [
    printPlanning("1,000 accounts, 17 Regions, 91 days, against an empty catalog", empty, 10),
    printPlanning("— against a full catalog", full, 10),
    printPlanning("— two new days, after the catalog was read", nightly, 3),
    {
      what: "— Glue calls to write the first plan",
      measured: count(empty.batches),
      promise: "15,470, the fewest",
      kept: empty.batches === Math.ceil(empty.partitions / 100),
    },
    printPlanning("100 accounts, empty catalog", hundred),
    printPlanning("10 accounts, empty catalog", ten),
    {
      what: "1,000 accounts against 100",
      measured: `${growth.toFixed(1)} times as long`,
      promise: "linear (at most 13)",
      kept: growth <= 13,
    },
  ];
}

function printPlanning(what: string, cost: PlanCost, atMost?: number): Row {
  const { seconds, megabytes, planned, partitions } = cost;
  const measured = `${seconds.toFixed(2)} s, ${Math.round(megabytes)} MB; ${count(planned)} of ${count(partitions)} partitions to write`;
  if (atMost === undefined) return { what, measured };
  const kept = seconds <= atMost && megabytes <= 1000;
  return { what, measured, promise: `${atMost} s, 1,000 MB`, kept };
}

function planRepeatedly(accounts: number, known: Known): PlanCost {
  const costs = Array.from({ length: ROUNDS }, () => planOnce(accounts, known));
  const [first] = costs;
  if (first === undefined) throw new Error("nothing was measured");
  return {
    ...first,
    seconds: median(costs.map(({ seconds }) => seconds)),
    megabytes: Math.max(...costs.map(({ megabytes }) => megabytes)),
  };
}

/** In a process of its own. */
function planOnce(accounts: number, known: Known): PlanCost {
  const job = fileURLToPath(new URL("plan-job.ts", import.meta.url));
  const args = ["--import", "tsx", job, String(accounts), known];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`planning ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as PlanCost;
}

/** A first run, a run with nothing to do, and a night later, on a double of AWS in this process. */
async function benchCalls(): Promise<Row[]> {
  const organization = await startOrganization({ accounts: ACCOUNTS, regions: REGIONS });
  try {
    for (let age = 0; age < DAYS; age++) organization.putDay(addDays(today, -age));
    const first = await organization.run(today, DAYS);
    const again = await organization.run(today, DAYS);
    organization.putDay(addDays(today, 1));
    const night = await organization.run(addDays(today, 1), DAYS);
    return [
      printCalls(`first run, ${ACCOUNTS} accounts, ${REGIONS} Regions, ${DAYS} days`, first),
      printCalls("— again, with nothing to change", again),
      printCalls("— a night later", night),
      printCalculated("first run of 1,000 accounts, calculated", first.calls),
      printCalculated("— a night later", night.calls),
    ];
  } finally {
    await organization.close();
  }
}

function printCalls(
  what: string,
  { calls, seconds }: { readonly calls: Calls; readonly seconds: number },
): Row {
  const dollars = calls.list * PRICE.list + calls.glue * PRICE.glue;
  return {
    what,
    measured: `${count(calls.list)} S3 LIST, ${count(calls.glue)} Glue calls: $${dollars.toFixed(4)}; ${seconds.toFixed(1)} s on a double of AWS in the same process`,
  };
}

/** Ten times the accounts: a LIST for each, one for each of its Regions, and a batch for each 100 partitions. */
function printCalculated(what: string, { list, glue }: Calls): Row {
  const calls = { list: (list - ROOT_LISTS) * 10 + ROOT_LISTS, glue: glue * 10 };
  const dollars = calls.list * PRICE.list + calls.glue * PRICE.glue;
  return {
    what,
    measured: `${count(calls.list)} S3 LIST, ${count(calls.glue)} Glue calls: $${dollars.toFixed(3)}`,
  };
}

function printReport(all: readonly Row[]): string {
  const lines = all.map(({ what, measured, promise = "", kept }) => {
    return `| ${what} | ${measured} | ${promise} | ${kept === undefined ? "" : kept ? "yes" : "NO"} |`;
  });
  const machine = `${cpus().length} cores (${cpus()[0]?.model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.versions.node}`;
  return [
    `${machine}; \`npm run bench:plan\`. Medians of ${ROUNDS} processes; memory is the most of them.`,
    "",
    "| what | measured | promise | kept |",
    "| --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
