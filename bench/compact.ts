import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { benchQuestions, findNeedles, openDatabases } from "./compact/ask.ts";
import { hasJq } from "./compact/contenders.ts";
import { readLogSet } from "./compact/log-set.ts";
import { benchMemory } from "./compact/memory.ts";
import { listQuestions } from "./compact/questions.ts";
import { printScans } from "./compact/scan.ts";
import { benchWhole } from "./compact/whole.ts";
import { LARGE_FILES, prepareLogs, TINY_FILES } from "./data.ts";
import type { Row } from "./report.ts";
import { printMachine, printRows } from "./report.ts";

/**
 * Times `compact` as a whole process against what others take over the same logs, and questions over the lake against the same
 * over the logs; counts what Athena would scan of either; and measures memory. Prints Markdown. With --check, a promise that is missed
 * makes it fail, one of time where it is missed by half; with --write, the section in bench/RESULTS.md is written anew; with --full, logs are among it that take
 * minutes to make.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    check: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);

const scratch = await mkdtemp(join(tmpdir(), "bench-"));
try {
  const { text, rows } = await bench();
  console.log(text);
  if (values.write) await writeSection(text);
  const broken = rows.filter(({ kept }) => kept === false);
  for (const { what, measured, promise } of broken)
    console.error(`not kept: ${what}: ${measured}, and ${promise} is promised`);
  const failed = broken.filter(({ timesPromised = Infinity }) => timesPromised > 1.5);
  if (values.check && failed.length > 0) process.exitCode = 1;
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function bench(): Promise<{ readonly text: string; readonly rows: readonly Row[] }> {
  const jq = hasJq({ required: values.check });
  const large = await readLogSet(await prepareLogs(LARGE_FILES));
  const tiny = await readLogSet(await prepareLogs(TINY_FILES));
  const wholes = {
    large: await benchWhole(large, {
      title: "Large",
      rounds,
      jq,
      scratch: await makeFolder("large"),
      mostOfFloor: 5,
      bare: true,
    }),
    tiny: await benchWhole(tiny, {
      title: "Tiny",
      rounds,
      jq,
      scratch: await makeFolder("tiny"),
      mostOfFloor: 7,
      bare: false,
    }),
  };
  const { place, lake } = wholes.large;
  const files = { logs: join(scratch, "logs.duckdb"), lake: place.database };
  const databases = await openDatabases(large.folder, files);
  const questions = listQuestions(await findNeedles(databases));
  const answers = await benchQuestions(databases, questions);
  const scans = await printScans(questions, { logs: large, lake });
  const memory = await benchMemory({ scratch, full: values.full });
  const times = [...wholes.large.rows, ...wholes.tiny.rows];
  return {
    text: printReport({ times, answers, scans, memory }),
    rows: [...times, ...answers, ...memory],
  };
}

interface Report {
  readonly times: readonly Row[];
  readonly answers: readonly Row[];
  readonly scans: string;
  readonly memory: readonly Row[];
}

function printReport({ times, answers, scans, memory }: Report): string {
  return [
    `${printMachine()}; \`npm run bench:compact\`. Medians of ${rounds} rounds after one that is not counted, contenders in turn, all files in the`,
    "system's cache; ratios are medians of the rounds' ratios. On a machine that is busy otherwise, time of processors tells more. MB are 1,000,000 bytes.",
    "",
    printRows(times),
    "",
    "DuckDB's own `COPY` is left out where files are tiny. With room for files of 16 MB it had not ended after two minutes; with room for 64 kB, which",
    "real logs exceed, it took three minutes and 16 GB of memory.",
    "",
    "### Questions, on DuckDB",
    "",
    "Each over the large logs, once as they are and once compacted, in one process that has the database open: `cloudtrail-partitioner query` without its start.",
    "",
    printRows(answers),
    "",
    "### Questions, on Athena",
    "",
    "Calculated, over the large logs. Of the logs, Athena scans the files of the partitions that are asked for, as stored. Of the lake, it scans their files'",
    "footers, and the columns that are named, as stored, in the row groups that can have what is asked for by their statistics; pages and dictionaries within",
    "them are not left out. $5 a TB, at least 10 MB a query, which is what it comes to with logs as few as these: the last column has the same shares of",
    "logs of 1 TB, gzipped.",
    "",
    scans,
    "",
    "### Memory",
    "",
    "The most that the process had, with `--memory` as it is by default.",
    "",
    printRows(memory),
  ].join("\n");
}

async function makeFolder(name: string): Promise<string> {
  return mkdtemp(join(scratch, `${name}-`));
}

async function writeSection(text: string): Promise<void> {
  const file = new URL("RESULTS.md", import.meta.url);
  const block = /(<!-- lake: written by npm run bench:compact -- --write -->\n).*?(\n<!-- end of lake -->)/s;
  const results = await readFile(file, "utf8");
  if (!block.test(results)) throw new Error("bench/RESULTS.md has no place for the lake's results");
  const replaced = results.replace(block, (_, begin: string, end: string) => `${begin}\n${text}\n${end}`);
  await writeFile(file, await format(replaced, { ...(await resolveConfig(file)), parser: "markdown" }));
}
