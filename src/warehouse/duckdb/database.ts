import type { DuckDBConnection } from "@duckdb/node-api";
import { DuckDBInstance } from "@duckdb/node-api";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../core/user-error.ts";

export type Access = "READ_ONLY" | "READ_WRITE";

/** An open database file. Must be closed. */
export interface Database {
  readonly connection: DuckDBConnection;
  close(): void;
}

/** In all: another run, or a query that records what it found, is done within seconds. */
export const LOCK_WAIT_MS = 10_000;
const LOCK_RETRY_MS = 100;

/** DuckDB's file lock does not hold between two handles of one process, so those are kept apart here. */
const openHere = new Map<string, { readers: number; writer: boolean }>();

/**
 * Opens a DuckDB file, and waits for as long as another process, or another handle of this one, has it open in a way that
 * excludes us.
 * @param file absolute
 * @throws UserError where the wait is over, naming the process
 */
export async function openDatabase(
  file: string,
  access: Access,
  {
    waitMs = LOCK_WAIT_MS,
    signal,
  }: { readonly waitMs?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<Database> {
  if (!existsSync(dirname(file))) {
    throw new UserError(`there is no folder ${dirname(file)} for the database ${file}`, {
      hint: "make the folder, or name another file with --database",
    });
  }
  const deadline = Date.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    const opened = await tryOpen(file, access);
    if (!(opened instanceof Error)) return opened;
    if (Date.now() >= deadline) throw lockedError(file, opened);
    await sleep(LOCK_RETRY_MS, undefined, { signal });
  }
}

/** @returns the error where the file is locked; throws any other */
async function tryOpen(file: string, access: Access): Promise<Database | Error> {
  if (!mayOpenHere(file, access)) return new Error("it is open elsewhere in this process");
  try {
    const instance = await DuckDBInstance.create(file, { access_mode: access });
    return await connect(instance, () => releaseHere(file, access));
  } catch (error) {
    releaseHere(file, access);
    const message = error instanceof Error ? error.message : String(error);
    if (/set lock on file|Conflicting lock/i.test(message)) return new Error(message, { cause: error });
    throw notADatabase(file, message, error);
  }
}

/** A database in memory, for work that needs DuckDB but no file. Must be closed. */
export async function openScratch(): Promise<Database> {
  return connect(await DuckDBInstance.create(":memory:"), () => {});
}

async function connect(instance: DuckDBInstance, onClose: () => void): Promise<Database> {
  const connection = await instance.connect();
  // Nothing that the tool does may download anything.
  await connection.run("SET autoinstall_known_extensions = false");
  await connection.run("SET TimeZone = 'UTC'");
  let open = true;
  return {
    connection,
    close: () => {
      if (!open) return;
      open = false;
      connection.closeSync();
      instance.closeSync();
      onClose();
    },
  };
}

/** DuckDB forgets an interruption that comes between two statements. */
const INTERRUPT_AGAIN_MS = 50;

/**
 * Does work on a connection that ends soon after the signal is given.
 * @throws the signal's reason
 */
export async function interruptible<Result>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const timer = setInterval(() => {
    if (signal?.aborted === true) connection.interrupt();
  }, INTERRUPT_AGAIN_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    signal?.throwIfAborted();
  }
}

function mayOpenHere(file: string, access: Access): boolean {
  const here = openHere.get(file) ?? { readers: 0, writer: false };
  if (here.writer || (access === "READ_WRITE" && here.readers > 0)) return false;
  openHere.set(
    file,
    access === "READ_WRITE" ? { ...here, writer: true } : { ...here, readers: here.readers + 1 },
  );
  return true;
}

function releaseHere(file: string, access: Access): void {
  const here = openHere.get(file);
  if (here === undefined) return;
  if (access === "READ_WRITE") here.writer = false;
  else here.readers--;
  if (!here.writer && here.readers === 0) openHere.delete(file);
}

function lockedError(file: string, cause: Error): UserError {
  const holder = /held in (.*?)\. See/s.exec(cause.message)?.[1];
  return new UserError(
    `the database ${file} is open in another program${holder === undefined ? "" : `: ${holder}`}`,
    {
      hint: "close it there, or open it there read-only (duckdb -readonly), then try again",
      cause,
    },
  );
}

function notADatabase(file: string, message: string, cause: unknown): UserError {
  return new UserError(`${file} cannot be opened as a DuckDB database: ${message.trim().split("\n")[0]}`, {
    hint: "name another file with --database; run makes it anew",
    cause,
  });
}
