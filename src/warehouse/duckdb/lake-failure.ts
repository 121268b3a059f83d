import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../../core/sql-text.ts";
import type { UserError } from "../../core/user-error.ts";
import { interruptible, openScratch } from "./database.ts";
import { firstLine, messageOf } from "./error-text.ts";
import { escapeGlob } from "./glob-text.ts";
import type { LakeState } from "./lake-books.ts";
import type { LakeFailure } from "./lake-error.ts";
import { lakeError } from "./lake-error.ts";
import { listFiles, printCoverageTable } from "./lake-sql.ts";
import { planFileFilter } from "./read-files.ts";
import type { Session } from "./session.ts";
import type { State } from "./state.ts";
import { namesView } from "./state.ts";
import type { Statement } from "./statement.ts";

/** Whether a file of a lake may be the cause of an error: most that come from inside of a Parquet file name no file. */
export function isLakeFailure(error: unknown): boolean {
  return isOfFile(error) && !/No files found/.test(messageOf(error));
}

function isOfFile(error: unknown): boolean {
  return /^(Invalid|Invalid Input|IO|Permission|Serialization|INTERNAL|FATAL) Error/.test(messageOf(error));
}

/** What to tell the user of an error that names a file of the lake; undefined for one that names none. */
export async function explainLakeFailure(
  { lake, logs }: Pick<State, "lake" | "logs">,
  error: unknown,
): Promise<UserError | undefined> {
  const message = firstLine(messageOf(error));
  if (lake === undefined || !isOfFile(error)) return undefined;
  const isNamed = (path: string): boolean =>
    [path, escapeGlob(path)].some((written) => message.includes(written));
  if (!isNamed(`${lake.url}/`)) return undefined;
  const file = [...lake.days.flatMap((day) => listFiles(lake.url, day)), ...listCoverage(lake)].find(isNamed);
  return file === undefined ? undefined : lakeError({ file, cause: error, lake, logs });
}

/** Reads the files of the lake that a failed statement had to read, until one fails too; then that is the user's error. */
export async function findLakeFailure(
  { connection, state }: Session,
  statement: Statement,
  signal: AbortSignal | undefined,
): Promise<UserError | undefined> {
  const { lake, logs } = state;
  if (lake === undefined) return undefined;
  const chosen = await planFileFilter(connection, statement.sql, "READ_PARQUET");
  const files = await chosen(listNamed(lake, { ...statement, viaView: namesView(state, statement) }));
  const coverage = [...lake.tables].some(
    ([name, part]) => part === "coverage" && statement.names.has(name.toLowerCase()),
  );
  const scratch = await openScratch();
  try {
    const work = (): Promise<LakeFailure | undefined> =>
      tryFiles(scratch.connection, [...files, ...(coverage ? listCoverage(lake) : [])], signal);
    const failure = await interruptible(scratch.connection, signal, work);
    return failure && (await lakeError({ ...failure, lake, logs }));
  } finally {
    scratch.close();
  }
}

interface Named extends Pick<Statement, "names"> {
  readonly viaView: boolean;
}

/** The Parquet files of the tables that a statement names; where it names none, as a view of the user's own does, all. */
function listNamed(lake: LakeState, { names, viaView }: Named): string[] {
  const parts = new Set<string>(
    [...lake.tables].flatMap(([name, part]) => (names.has(name.toLowerCase()) ? [part] : [])),
  );
  if (viaView) parts.add("data");
  return lake.days
    .filter(({ dataset }) => parts.size === 0 || parts.has(dataset))
    .flatMap((day) => listFiles(lake.url, day));
}

function listCoverage({ url, coverage }: LakeState): string[] {
  return coverage === undefined ? [] : [`${url}/${coverage}`];
}

const FILES_A_TRIAL = 50;

/** Many at a time, and each alone where that fails. */
async function tryFiles(
  connection: DuckDBConnection,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<LakeFailure | undefined> {
  for (let start = 0; start < files.length; start += FILES_A_TRIAL) {
    const batch = files.slice(start, start + FILES_A_TRIAL);
    if ((await tryRead(connection, batch)) === undefined) continue;
    for (const file of batch) {
      signal?.throwIfAborted();
      const cause = await tryRead(connection, [file]);
      if (cause !== undefined) return { file, cause };
    }
  }
  return undefined;
}

/** @returns DuckDB's error where not every value of the files can be read */
async function tryRead(connection: DuckDBConnection, files: readonly string[]): Promise<unknown> {
  const parquet = files
    .filter((file) => file.endsWith(".parquet"))
    .map((file) => quoteText(escapeGlob(file)));
  try {
    if (parquet.length > 0)
      await connection.run(`SELECT bit_xor(hash(file)) FROM read_parquet([${parquet.join(", ")}]) AS file`);
    for (const file of files.filter((each) => !each.endsWith(".parquet")))
      await connection.run(`SELECT bit_xor(hash(file)) FROM (${printCoverageTable(file)}) AS file`);
    return undefined;
  } catch (error) {
    return error;
  }
}
