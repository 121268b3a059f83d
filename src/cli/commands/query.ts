import { createReadStream, createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { addAbortSignal } from "node:stream";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { exportParquet, query } from "../../actions/query.ts";
import type { SetAsideFile } from "../../core/catalog.ts";
import { UserError } from "../../core/user-error.ts";
import { openScratchFolder } from "../../files/scratch-folder.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { openWarehouse } from "../../open-ports.ts";
import type { QueryOptions, Warehouse } from "../../warehouse/warehouse.ts";
import type { CommonFlags } from "../options.ts";
import { printNumber } from "../print/amounts.ts";
import type { RowFormat } from "../print/rows.ts";
import { printRows } from "../print/rows.ts";
import { printSafeLines } from "../print/safe-text.ts";
import { printSetAside } from "../print/set-aside.ts";
import { readSettings } from "../settings.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, startProgress, widthOf, writeData, writeNote, writeWarnings } from "../terminal.ts";

export interface QueryFlags extends CommonFlags {
  readonly file?: string;
  readonly output?: string;
}

/** Runs one SQL query and prints its answer. */
export async function queryCommand(
  sql: string | undefined,
  flags: QueryFlags,
  terminal: Terminal,
): Promise<number> {
  const statement = await readStatement(sql, flags.file, terminal.signal);
  const warehouse = await openWarehouse(await readSettings(flags));
  const { onProgress, stop } = startProgress(terminal);
  const options: QueryOptions = {
    signal: terminal.signal,
    onProgress: (share) =>
      onProgress(
        share === undefined
          ? { step: "reading logs", done: 0 }
          : { step: "reading logs, percent", done: Math.round(share * 100), total: 100 },
      ),
    onSetAside: (files) => {
      stop();
      writeNote(terminal, `met ${printNumber(files.length, "faulty file")}; the query starts again`);
    },
  };
  try {
    const write = flags.format === "parquet" ? writeParquet : writeRows;
    const { setAside, unrecorded } = await write(statement, { warehouse, flags, terminal, options, stop });
    writeWarnings(terminal, [
      ...printSetAside(setAside),
      ...(unrecorded === undefined
        ? []
        : [
            `this could not be noted in the database, and other clients will fail on these files: ${unrecorded}`,
          ]),
    ]);
    return setAside.length > 0 ? EXIT.setAside : EXIT.done;
  } finally {
    stop();
    warehouse.close();
  }
}

interface Call {
  readonly warehouse: Warehouse;
  readonly flags: QueryFlags;
  readonly terminal: Terminal;
  readonly options: QueryOptions;
  readonly stop: () => void;
}

interface Outcome {
  readonly setAside: readonly SetAsideFile[];
  readonly unrecorded: string | undefined;
}

async function writeRows(sql: string, { warehouse, flags, terminal, options, stop }: Call): Promise<Outcome> {
  const result = await query({ warehouse }, { sql, ...options });
  stop();
  const format = (flags.format ?? "table") as RowFormat;
  const toScreen = flags.output === undefined && terminal.stdout.isTTY === true;
  const chunks = printRows(result, {
    format,
    width: flags.output === undefined ? widthOf(terminal) : undefined,
  });
  if (flags.output === undefined) await writeData(terminal, toScreen ? safely(chunks) : chunks);
  else
    await writeWhole(flags.output, (path) =>
      pipeline(chunks, createWriteStream(path), { signal: terminal.signal }),
    );
  return result;
}

/** Whatever the format: what a terminal would act on does not reach it. */
async function* safely(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const chunk of chunks) yield printSafeLines(chunk);
}

async function writeParquet(
  sql: string,
  { warehouse, flags, terminal, options, stop }: Call,
): Promise<Outcome> {
  const { output } = flags;
  if (output !== undefined) return exportParquet({ warehouse }, { sql, file: output, ...options });
  if (terminal.stdout.isTTY === true) {
    throw new UserError("Parquet is no form for a terminal", {
      hint: "name a file with --output, or send the output to one",
    });
  }
  const scratch = await openScratchFolder();
  try {
    const file = join(scratch.path, "result.parquet");
    const outcome = await exportParquet({ warehouse }, { sql, file, ...options });
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
