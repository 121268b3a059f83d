import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Row } from "../report.ts";
import { printCount } from "../report.ts";
import type { ProcessCost, Timings } from "../timing.ts";
import { median, race, ratio } from "../timing.ts";
import { runBare, runFloor, runJq } from "./contenders.ts";
import type { Lake, Place } from "./lake.ts";
import { readLake, runCompact } from "./lake.ts";
import type { LogSet } from "./log-set.ts";

export interface WholeOptions {
  readonly title: string;
  readonly rounds: number;
  /** A folder for what is made. */
  readonly scratch: string;
  /** How many times as long as the floor is allowed. */
  readonly mostOfFloor: number;
  readonly jq: boolean;
  /** Whether DuckDB can do it at all. */
  readonly bare: boolean;
}

export interface WholeResult {
  readonly rows: readonly Row[];
  /** The last one that was made. */
  readonly place: Place;
  readonly lake: Lake;
}

/** Megabytes that any compaction may take. */
export const MOST_MEMORY = 1000;

const MOST_OF_BARE = 1.6;
const MOST_OF_LOGS = 0.7;

/** Times `compact` as a whole process, against what others take over the same logs. */
export async function benchWhole(logs: LogSet, options: WholeOptions): Promise<WholeResult> {
  const { rounds, scratch, jq } = options;
  const parquet = join(scratch, "bare.parquet");
  const costs = { floor: [] as number[], bare: [] as ProcessCost[], compact: [] as ProcessCost[] };
  const makePlace = (): Place => {
    const name = join(scratch, `compact-${costs.compact.length}`);
    return { lake: name, database: `${name}.duckdb` };
  };
  let place = makePlace();
  const timings = await race(
    {
      floor: () => costs.floor.push(runFloor(logs)),
      bare: () => (options.bare ? costs.bare.push(runBare(logs, parquet)) : 0),
      compact: () => costs.compact.push(runCompact(logs, (place = makePlace()))),
    },
    rounds,
  );
  const lake = await readLake(place.lake, logs);
  const measured = { logs, lake, timings, costs };
  const rows = [
    ...printFloor(measured, options),
    ...(options.bare ? printBare(measured, (await stat(parquet)).size) : []),
    ...(jq ? [printJq((await race({ jq: () => runJq(logs) }, 1)).jq)] : []),
    ...printCompact(measured, options),
  ];
  return { rows, place, lake };
}

interface Measured {
  readonly logs: LogSet;
  readonly lake: Lake;
  readonly timings: Timings<"floor" | "bare" | "compact">;
  /** Those of the round that is not counted too. */
  readonly costs: Readonly<Record<"bare" | "compact", readonly ProcessCost[]>> & {
    /** Seconds of processors. */
    readonly floor: readonly number[];
  };
}

function printFloor({ logs, lake, timings }: Measured, { title }: WholeOptions): Row[] {
  const { events } = lake.counts;
  const size = `${printCount(events)} records in ${printCount(logs.files.length)} files, ${megabytes(logs.bytes)} gzipped, ${megabytes(logs.rawBytes)} raw`;
  return [
    { what: `**${title}**: ${size}`, measured: "" },
    {
      what: "the floor: `zcat` of all files, a process a processor, thrown away",
      measured: seconds(timings.floor),
    },
  ];
}

function printBare({ timings, costs, logs }: Measured, bytes: number): Row[] {
  return [
    {
      what: "DuckDB's own `COPY` to one Parquet file: unsorted, duplicates and all, no undeclared fields",
      measured: `${seconds(timings.bare)}, ${most(costs.bare)} of memory; ${megabytes(bytes)}, ${(bytes / logs.bytes).toFixed(2)} of the gzipped logs`,
    },
  ];
}

function printJq(times: readonly number[]): Row {
  return { what: "`zcat \\| jq -c '.Records[]'`, thrown away (once)", measured: seconds(times) };
}

function printCompact(measured: Measured, options: WholeOptions): Row[] {
  const { logs, lake, timings, costs } = measured;
  const { events } = lake.counts;
  const time = median(timings.compact);
  const floor = ratio(timings.compact, timings.floor);
  const processors = ratio(listProcessorSeconds(costs.compact), costs.floor);
  const share = lake.bytes / logs.bytes;
  const memory = Math.max(...costs.compact.map((cost) => cost.megabytes));
  const rates = `${printCount(events / time)} events/s, ${megabytes(logs.bytes / time)}/s gzipped, ${megabytes(logs.rawBytes / time)}/s raw`;
  return [
    {
      what: "`compact`, the whole process, with a fresh lake and database",
      measured: `**${seconds(timings.compact)}**: ${rates}`,
    },
    {
      what: "— against the floor",
      measured: `${floor.toFixed(2)} times as long`,
      promise: `at most ${options.mostOfFloor} (aim: 2)`,
      kept: floor <= options.mostOfFloor,
      timesPromised: Math.min(floor, processors) / options.mostOfFloor,
    },
    {
      what: "— against the floor, in time of processors",
      measured: `${processors.toFixed(2)} times as much`,
    },
    ...(options.bare ? printAgainstBare(measured) : []),
    {
      what: "— the lake, all its files",
      measured: `${megabytes(lake.bytes)}, ${share.toFixed(2)} of the gzipped logs; ${printCount(lake.bytes / events)} bytes an event`,
      promise: `at most ${MOST_OF_LOGS}`,
      kept: share <= MOST_OF_LOGS,
    },
    {
      what: "— memory, the most of it",
      measured: most(costs.compact),
      promise: `below ${printCount(MOST_MEMORY)} MB`,
      kept: memory < MOST_MEMORY,
    },
  ];
}

function printAgainstBare({ timings, costs }: Measured): Row[] {
  const bare = ratio(timings.compact, timings.bare);
  const processors = ratio(listProcessorSeconds(costs.compact), listProcessorSeconds(costs.bare));
  return [
    {
      what: "— against DuckDB's own `COPY`",
      measured: `${bare.toFixed(2)} times as long`,
      promise: `at most ${MOST_OF_BARE} (aim: below 1)`,
      kept: bare <= MOST_OF_BARE,
      timesPromised: bare / MOST_OF_BARE,
    },
    {
      what: "— against DuckDB's own `COPY`, in time of processors",
      measured: `${processors.toFixed(2)} times as much`,
    },
  ];
}

function listProcessorSeconds(costs: readonly ProcessCost[]): number[] {
  return costs.map(({ processorSeconds }) => processorSeconds);
}

function seconds(times: readonly number[]): string {
  return `${median(times).toFixed(2)} s`;
}

function most(costs: readonly ProcessCost[]): string {
  return `${printCount(Math.max(...costs.map((cost) => cost.megabytes)))} MB`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
