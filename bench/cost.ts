import { readFile, writeFile } from "node:fs/promises";
import { format, resolveConfig } from "prettier";
import { addDays } from "../src/core/day.ts";
import type { Calls } from "./organization.ts";
import { readDay, startOrganization } from "./organization.ts";

/**
 * What the nightly deployment costs a month, for 1, 100 and 1,000 accounts: a Markdown table. Requests are counted on a
 * double of AWS; the rest follows from them and from the prices below. With --write the table in docs/deploy.md is written anew, with
 * --check it must be that one.
 */

/** US dollars in us-east-1, from the services' price pages, November 2026; free tiers are left out, but for Glue's storage. */
const PRICE = {
  list: 0.005 / 1000,
  glueRequest: 1 / 1_000_000,
  glueObject: 1 / 100_000,
  glueObjectsFree: 1_000_000,
  lambdaGbSecond: 0.0000133334,
  metric: 0.3,
  alarm: 0.1,
  logGb: 0.5,
} as const;

/** Of the function: see the construct. */
const MEMORY_GB = 1769 / 1024;
const METRICS = 8;
/** CloudWatch bills a metric for the hours in which it was sent: one a night. */
const METERED = 1 / 24;
const ALARMS = 6;
/** What a run logs: a line of counts, the metrics, and Lambda's own lines. */
const LOG_BYTES_A_RUN = 4096;

/** Assumed, generously: AWS's answers take this long, and so many are under way at once. */
const SECONDS = { list: 0.2, glue: 0.2, start: 2 } as const;
const AT_ONCE = { list: 64, glue: 10 } as const;

const REGIONS = 17;
const NIGHTS = 30;
const WINDOW = 90;
const DAYS_KEPT = 365;
const SIZES = [1, 100, 1000] as const;

const today = readDay("2026-11-22");

interface Cost {
  readonly accounts: number;
  readonly requests: Calls;
  readonly seconds: number;
  readonly dollars: Readonly<Record<"s3" | "glue" | "storage" | "lambda" | "cloudwatch", number>>;
}

const table = printTable(await calculateCosts());
const DOC = new URL("../docs/deploy.md", import.meta.url);
const BLOCK = /(<!-- costs: written by npm run bench:cost -- --write -->\n).*?(\n<!-- end of costs -->)/s;
const doc = await readFile(DOC, "utf8");
if (!BLOCK.test(doc)) throw new Error("docs/deploy.md has no place for the table of costs");
const replaced = doc.replace(BLOCK, (_, begin: string, end: string) => `${begin}\n${table}\n${end}`);
const renewed = await format(replaced, { ...(await resolveConfig(DOC)), parser: "markdown" });
console.log(table);
if (process.argv.includes("--write")) await writeFile(DOC, renewed);
if (process.argv.includes("--check") && renewed !== doc) {
  console.error("docs/deploy.md has other costs: npm run bench:cost -- --write");
  process.exitCode = 1;
}

/** Two sizes are counted; requests grow with the accounts in a straight line. */
async function calculateCosts(): Promise<Cost[]> {
  const [one, many] = [await countNight(1), await countNight(21)];
  return SIZES.map((accounts) => {
    const list = extrapolate(accounts, one.list, many.list);
    const partitions = accounts * REGIONS * DAYS_KEPT;
    // Beside what was counted, the catalog of a year is read, 1,000 partitions a request.
    const glue = extrapolate(accounts, one.glue, many.glue) + Math.ceil(partitions / 1000);
    return calculateCost(accounts, { list, glue }, partitions);
  });
}

function extrapolate(accounts: number, one: number, many: number): number {
  return Math.round(one + ((many - one) / 20) * (accounts - 1));
}

function calculateCost(accounts: number, requests: Calls, partitions: number): Cost {
  const seconds =
    SECONDS.start +
    (requests.list * SECONDS.list) / AT_ONCE.list +
    (requests.glue * SECONDS.glue) / AT_ONCE.glue;
  return {
    accounts,
    requests,
    seconds,
    dollars: {
      s3: NIGHTS * requests.list * PRICE.list,
      glue: NIGHTS * requests.glue * PRICE.glueRequest,
      storage: Math.max(0, partitions - PRICE.glueObjectsFree) * PRICE.glueObject,
      lambda: NIGHTS * seconds * MEMORY_GB * PRICE.lambdaGbSecond,
      cloudwatch:
        METRICS * PRICE.metric * METERED +
        ALARMS * PRICE.alarm +
        ((NIGHTS * LOG_BYTES_A_RUN) / 1e9) * PRICE.logGb,
    },
  };
}

/** Calls of a night with one new day in each Region of each account. */
async function countNight(accounts: number): Promise<Calls> {
  const organization = await startOrganization({ accounts, regions: REGIONS });
  try {
    organization.putDay(addDays(today, -1));
    await organization.run(addDays(today, -1), WINDOW);
    organization.putDay(today);
    return (await organization.run(today, WINDOW)).calls;
  } finally {
    await organization.close();
  }
}

function printTable(costs: readonly Cost[]): string {
  const rows: readonly (readonly [string, (cost: Cost) => string])[] = [
    ["S3 LIST requests a night", ({ requests }) => count(requests.list)],
    ["Glue requests a night", ({ requests }) => count(requests.glue)],
    ["seconds a night, about", ({ seconds }) => count(Math.ceil(seconds))],
    ["S3 requests", ({ dollars }) => money(dollars.s3)],
    ["Glue requests", ({ dollars }) => money(dollars.glue)],
    ["Glue storage after a year", ({ dollars }) => money(dollars.storage)],
    ["Lambda", ({ dollars }) => money(dollars.lambda)],
    ["metrics, alarms, logs", ({ dollars }) => money(dollars.cloudwatch)],
    [
      "**a month**",
      ({ dollars }) => `**${money(Object.values(dollars).reduce((sum, each) => sum + each, 0))}**`,
    ],
  ];
  const head = costs.map(({ accounts }) => `${count(accounts)} account${accounts === 1 ? "" : "s"}`);
  return [
    ["", ...head],
    ["---", ...head.map(() => "---:")],
    ...rows.map(([what, print]) => [what, ...costs.map(print)]),
  ]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function money(dollars: number): string {
  return `$${dollars.toFixed(2)}`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
