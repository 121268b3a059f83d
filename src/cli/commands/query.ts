import { createReadStream, createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { addAbortSignal } from "node:stream";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import type { EstimateOptions, EstimatePorts } from "../../actions/estimate.ts";
import { estimate } from "../../actions/estimate.ts";
import type { RunQueryOptions } from "../../actions/query.ts";
import { exportParquet, query } from "../../actions/query.ts";
import type { Settings } from "../../config/settings.ts";
import { parseBytes } from "../../core/byte-size.ts";
import { UserError } from "../../core/user-error.ts";
import { openScratchFolder } from "../../files/scratch-folder.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { openPorts, openStore, openWarehouse } from "../../open-ports.ts";
import type { Store } from "../../store/store.ts";
import type { QueryOptions, QueryResult } from "../../warehouse/warehouse.ts";
import type { CommonFlags } from "../options.ts";
import { printNumber } from "../print/amounts.ts";
import { estimateToJson, printEstimate, printScan } from "../print/estimate.ts";
import type { RowFormat } from "../print/rows.ts";
import { printRows } from "../print/rows.ts";
import { printSafeJson, printSafeLines } from "../../core/safe-text.ts";
import { printSetAside } from "../print/set-aside.ts";
import { readSettings } from "../settings.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, startProgress, widthOf, writeData, writeNote, writeWarnings } from "../terminal.ts";

export interface QueryFlags extends CommonFlags {
  readonly file?: string;
  readonly output?: string;
  readonly estimate?: boolean;
  readonly maxScan?: string;
}

/** Runs one SQL query and prints its answer; or says what it would scan. */
export async function queryCommand(
  sql: string | undefined,
  flags: QueryFlags,
  terminal: Terminal,
): Promise<number> {
  const statement = await readStatement(sql, flags.file, terminal.signal);
  const settings = await readSettings(flags);
  const maxScan = decideMaxScan(flags, settings);
  const needsEstimate = flags.estimate === true || maxScan !== undefined;
  const ports = await openQueryPorts(settings, needsEstimate);
  const { onProgress, stop } = startProgress(terminal);
  const { dollarsPerTerabyte } = settings;
  const bounds = { sql: statement, maxScan, dollarsPerTerabyte, signal: terminal.signal };
  try {
    if (flags.estimate === true) {
      return await writeEstimate(ports, { ...bounds, flags, terminal, onProgress, stop });
    }
    const options = { ...bounds, ...makeHooks(terminal, { onProgress, stop }) };
    return await writeAnswer({ ports, flags, terminal, options, stop });
  } finally {
    stop();
    ports.warehouse.close();
  }
}

function decideMaxScan({ maxScan: flag }: QueryFlags, { maxScan }: Settings): number | undefined {
  const option = flag === undefined ? "max_scan" : "--max-scan";
  return maxScan === undefined ? undefined : parseBytes(maxScan, option);
}

/** Only an estimate looks at the logs themselves, and only where reading them is billed. */
async function openQueryPorts(settings: Settings, needsEstimate: boolean): Promise<EstimatePorts> {
  const needsStore = needsEstimate && settings.engine === "athena" && settings.logs !== undefined;
  if (!needsStore) return { warehouse: await openWarehouse(settings) };
  const { aws } = settings;
  const openBucket = async (url: string): Promise<Store> => (await openStore({ logs: url, aws })).store;
  return { ...(await openPorts(settings)), openBucket };
}

function makeHooks(
  terminal: Terminal,
  { onProgress, stop }: ReturnType<typeof startProgress>,
): Pick<QueryOptions, "onProgress" | "onSetAside"> {
  const start = Date.now();
  return {
    onProgress: (share) =>
      onProgress(
        share === undefined
          ? { step: "reading logs, seconds", done: Math.round((Date.now() - start) / 1000) }
          : { step: "reading logs, percent", done: Math.round(share * 100), total: 100 },
      ),
    onSetAside: (files) => {
      stop();
      writeNote(terminal, `met ${printNumber(files.length, "faulty file")}; the query starts again`);
    },
  };
}

interface EstimateCall extends Omit<EstimateOptions, "onProgress">, ReturnType<typeof startProgress> {
  readonly flags: QueryFlags;
  readonly terminal: Terminal;
}

async function writeEstimate(
  ports: EstimatePorts,
  { flags, terminal, onProgress, stop, ...options }: EstimateCall,
): Promise<number> {
  const { format = "table" } = flags;
  if (format === "csv" || format === "parquet") {
    throw new UserError(`an estimate has no ${format} form`, { hint: "choose --format table or json" });
  }
  let lists = 0;
  const onList = (): void => onProgress({ step: "listing logs", done: lists++ });
  const found = await estimate(ports, { ...options, onProgress: onList });
  stop();
  const json = JSON.stringify(estimateToJson(found), undefined, format === "json" ? 2 : undefined);
  await writeData(terminal, [format === "table" ? printEstimate(found) : printSafeJson(`${json}\n`)]);
  return EXIT.done;
}

async function writeAnswer(call: Call): Promise<number> {
  const { flags, terminal } = call;
  const write = flags.format === "parquet" ? writeParquet : writeRows;
  const { setAside, unrecorded, scan } = await write(call);
  writeWarnings(terminal, [
    ...printSetAside(setAside),
    ...(unrecorded === undefined
      ? []
      : [
          `this could not be noted in the database, and other clients will fail on these files: ${unrecorded}`,
        ]),
  ]);
  const note = printScan(scan);
  if (note !== undefined) writeNote(terminal, note);
  return setAside.length > 0 ? EXIT.setAside : EXIT.done;
}

interface Call {
  readonly ports: EstimatePorts;
  readonly flags: QueryFlags;
  readonly terminal: Terminal;
  readonly options: RunQueryOptions;
  readonly stop: () => void;
}

type Outcome = Omit<QueryResult, "columns" | "rows">;

async function writeRows({ ports, flags, terminal, options, stop }: Call): Promise<Outcome> {
  const format = (flags.format ?? "table") as RowFormat;
  const { output } = flags;
  if (output === undefined) {
    const result = await query(ports, options);
    stop();
    const chunks = printRows(result, { format, width: widthOf(terminal) });
    await writeData(terminal, terminal.stdout.isTTY === true ? safely(chunks) : chunks);
    return result;
  }
  let result: Outcome | undefined;
  // The place is looked at first: a query whose answer cannot be kept is not to be paid for.
  await writeWhole(output, async (path) => {
    const answer = await query(ports, options);
    stop();
    result = answer;
    const chunks = printRows(answer, { format, width: undefined });
    await pipeline(chunks, createWriteStream(path), { signal: terminal.signal });
  });
  return result ?? { setAside: [], unrecorded: undefined };
}

/** Whatever the format: what a terminal would act on does not reach it. */
async function* safely(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const chunk of chunks) yield printSafeLines(chunk);
}

async function writeParquet({ ports, flags, terminal, options, stop }: Call): Promise<Outcome> {
  const { output } = flags;
  if (output !== undefined) return exportParquet(ports, { ...options, file: output });
  if (terminal.stdout.isTTY === true) {
    throw new UserError("Parquet is no form for a terminal", {
      hint: "name a file with --output, or send the output to one",
    });
  }
  const scratch = await openScratchFolder();
  try {
    const file = join(scratch.path, "result.parquet");
    const outcome = await exportParquet(ports, { ...options, file });
    stop();
    await pipeline(createReadStream(file), terminal.stdout, { end: false, signal: terminal.signal });
    return outcome;
  } finally {
    await scratch.remove();
  }
}

async function readStatement(
  sql: string | undefined,
  file: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (sql !== undefined && file !== undefined)
    throw new UserError("there are two queries: one as an argument, one in --file");
  const statement = await readSource(sql, file, signal);
  if (statement.trim() === "")
    throw new UserError("the query is empty", { hint: 'e.g. cloudtrail-partitioner query "SHOW TABLES"' });
  return statement;
}

async function readSource(
  sql: string | undefined,
  file: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (file !== undefined && file !== "-") {
    return readFile(file, "utf8").catch((error: unknown) => {
      throw new UserError(`the query file ${file} cannot be read: ${String(error)}`, { cause: error });
    });
  }
  if (sql !== undefined && sql !== "-") return sql;
  if (sql === undefined && file === undefined && process.stdin.isTTY) return "";
  return text(addAbortSignal(signal, process.stdin));
}
