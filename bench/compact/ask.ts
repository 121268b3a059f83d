import { compactedThrough } from "../../src/core/lake/lake-ranges.ts";
import { openPorts, parseDay, query, run, type Ports } from "../../src/index.ts";
import type { Row } from "../report.ts";
import { median } from "../timing.ts";
import type { Needles, Question } from "./questions.ts";
import { NEEDLE_COLUMNS, printNeedleQuery } from "./questions.ts";

/** The same logs twice. */
export interface Databases {
  /** Without a lake: every question is answered from the logs. */
  readonly logs: Ports;
  /** The view reads the lake on every day. */
  readonly lake: Ports;
}

/** @throws Error where the view reads any log of the second */
export async function openDatabases(
  folder: string,
  files: { readonly logs: string; readonly lake: string },
): Promise<Databases> {
  const open = async (database: string): Promise<{ readonly ports: Ports; readonly through: string }> => {
    const ports = await openPorts({ logs: folder, engine: "duckdb", database });
    const today = parseDay("2026-11-22");
    if (today === undefined) throw new Error("not a day");
    const { ranges = [], inventory } = await run(ports, { tablePrefix: "cloudtrail", today });
    const isAll = inventory.partitions.every(({ day }) => day <= (compactedThrough(ranges) ?? ""));
    return { ports, through: isAll ? "lake" : "logs" };
  };
  const [logs, lake] = [await open(files.logs), await open(files.lake)];
  if (logs.through !== "logs" || lake.through !== "lake") throw new Error("the view reads something else");
  return { logs: logs.ports, lake: lake.ports };
}

export async function findNeedles({ lake }: Databases): Promise<Needles> {
  const find = async (column: string): Promise<string> => {
    const [row] = await ask(lake, printNeedleQuery(column));
    return String(row?.[0]);
  };
  return {
    accessKey: await find(NEEDLE_COLUMNS.accessKey),
    eventId: await find(NEEDLE_COLUMNS.eventId),
    address: await find(NEEDLE_COLUMNS.address),
    principal: await find(NEEDLE_COLUMNS.principal),
  };
}

/** Logs take long enough to be timed seldom. */
const ROUNDS = { logs: 2, lake: 5 } as const;

/** Times each question on both, in turn. */
export async function benchQuestions(databases: Databases, questions: readonly Question[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const question of questions) {
    const times = await timeQuestion(databases, question);
    const factor = median(times.logs) / median(times.lake);
    const { what, timesAsFast } = question;
    rows.push({
      what,
      measured: `${median(times.logs).toFixed(2)} s over the logs, ${median(times.lake).toFixed(3)} s over the lake: ${factor.toFixed(factor < 10 ? 1 : 0)} times as fast`,
      ...(timesAsFast && {
        promise: `at least ${timesAsFast}`,
        kept: factor >= timesAsFast,
        timesPromised: timesAsFast / factor,
      }),
    });
  }
  return rows;
}

async function timeQuestion(
  { logs, lake }: Databases,
  { what, sql }: Question,
): Promise<Readonly<Record<keyof Databases, readonly number[]>>> {
  const times = { logs: [] as number[], lake: [] as number[] };
  const expected = (await ask(lake, sql)).length;
  const time = async (name: keyof Databases, ports: Ports): Promise<void> => {
    const start = performance.now();
    const { length } = await ask(ports, sql);
    times[name].push((performance.now() - start) / 1000);
    if (length !== expected || length === 0)
      throw new Error(`${what}: ${length} rows of ${name}, and ${expected} of the lake`);
  };
  for (let round = 0; round < ROUNDS.logs; round++) {
    await time("logs", logs);
    for (let again = 0; again < ROUNDS.lake; again++) await time("lake", lake);
  }
  return times;
}

async function ask(ports: Ports, sql: string): Promise<(readonly unknown[])[]> {
  const { rows } = await query(ports, { sql });
  const all: (readonly unknown[])[] = [];
  for await (const batch of rows) all.push(...batch);
  return all;
}
