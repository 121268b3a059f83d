import type { DuckDBConnection } from "@duckdb/node-api";
import type { SetAsideFile } from "../../core/catalog.ts";
import { quoteText } from "../../core/sql-text.ts";
import { UserError } from "../../core/user-error.ts";
import type { QueryOptions, QueryResult } from "../warehouse.ts";
import { isClosed } from "./closed-days.ts";
import { interruptible, openScratch } from "./database.ts";
import { firstLine, messageOf } from "./error-text.ts";
import { explainLakeFailure, findLakeFailure, isLakeFailure } from "./lake-failure.ts";
import { accountOf, tryLogs } from "./log-trial.ts";
import type { FileFilter } from "./read-files.ts";
import { planFileFilter } from "./read-files.ts";
import type { Session } from "./session.ts";
import { openSession } from "./session.ts";
import { recordSetAside } from "./set-aside.ts";
import { laySessionViews } from "./session-views.ts";
import type { State } from "./state.ts";
import { namedTables } from "./state.ts";
import type { Statement } from "./statement.ts";
import { explainQueryError, parseStatement } from "./statement.ts";

export interface AnswerOptions<Result> extends QueryOptions {
  readonly execute: (session: Session, statement: Statement) => Promise<Result>;
}

export interface Answer<Result> extends Pick<QueryResult, "setAside" | "unrecorded"> {
  /** Still open: to be closed by whoever reads the result. */
  readonly session: Session;
  readonly result: Result;
}

/** What earlier attempts at one query have brought to light. */
interface Findings {
  readonly files: ReadonlyMap<string, SetAsideFile>;
  /** Why the database could not be told; undefined where it was. */
  readonly unrecorded: string | undefined;
}

/**
 * Executes a query; where a file cannot be read, finds all such files among those that the query reads, sets them aside and
 * starts again.
 */
export async function answer<Result>(
  file: string,
  sql: string,
  options: AnswerOptions<Result>,
): Promise<Answer<Result>> {
  let findings: Findings = { files: new Map(), unrecorded: undefined };
  for (;;) {
    const session = await openSession(file, options.signal);
    let unreadable: readonly SetAsideFile[];
    try {
      const statement = await parseStatement(session.connection, sql);
      const attempt = await attemptOnce(session, statement, { ...options, findings });
      if (!("error" in attempt)) {
        const setAside = await listSetAside(session, statement, findings);
        return { session, result: attempt.result, setAside, unrecorded: findings.unrecorded };
      }
      unreadable = await findUnreadable(session, statement, {
        error: attempt.error,
        known: findings.files,
        ...options,
      });
    } catch (error) {
      await session.close();
      throw error;
    }
    await session.close();
    options.onSetAside?.(unreadable);
    findings = await noteFindings(file, {
      unreadable,
      findings,
      signal: options.signal,
    });
  }
}

interface AttemptOptions<Result> extends AnswerOptions<Result> {
  readonly findings: Findings;
}

async function attemptOnce<Result>(
  session: Session,
  statement: Statement,
  { signal, onProgress, ...options }: AttemptOptions<Result>,
): Promise<{ readonly result: Result } | { readonly error: unknown }> {
  const timer = setInterval(() => onProgress?.(readShare(session.connection)), 200);
  try {
    const execute = (): Promise<Result> => executeNarrowly(session, statement, options);
    return { result: await interruptible(session.connection, signal, execute) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof UserError) throw error;
    const { lake } = session.state;
    const ofLake = await explainLakeFailure(session.state, error);
    if (ofLake !== undefined) throw ofLake;
    if (!isReadFailure(error) && !(lake !== undefined && isLakeFailure(error)))
      throw explainQueryError(error);
    return { error };
  } finally {
    clearInterval(timer);
  }
}

/** With the columns that the statement mentions; with all of them where names are missing then. */
async function executeNarrowly<Result>(
  session: Session,
  statement: Statement,
  { execute, findings }: Pick<AttemptOptions<Result>, "execute" | "findings">,
): Promise<Result> {
  const unrecorded = findings.unrecorded === undefined ? new Map<string, SetAsideFile>() : findings.files;
  const narrow = await laySessionViews(session, statement, { unrecorded, narrow: true });
  try {
    return await execute(session, statement);
  } catch (error) {
    if (!narrow || !/^(Binder|Catalog) Error/.test(messageOf(error))) throw error;
    await laySessionViews(session, statement, { unrecorded, narrow: false });
    return execute(session, statement);
  }
}

function readShare(connection: DuckDBConnection): number | undefined {
  const { percentage } = connection.progress;
  return percentage >= 0 ? percentage / 100 : undefined;
}

/** Errors that a file can be the cause of, beside the query itself. */
function isReadFailure(error: unknown): boolean {
  return (
    /^(Invalid Input|IO|Permission) Error/.test(messageOf(error)) && !/No files found/.test(messageOf(error))
  );
}

interface Failure extends QueryOptions {
  readonly error: unknown;
  /** Set aside by an earlier attempt. */
  readonly known: ReadonlyMap<string, SetAsideFile>;
}

/** @throws UserError where no log is at fault, or only files that are set aside already */
async function findUnreadable(
  session: Session,
  statement: Statement,
  failure: Failure,
): Promise<readonly SetAsideFile[]> {
  const { error, signal } = failure;
  const fresh = isReadFailure(error) ? await findUnreadableLogs(session, statement, failure) : [];
  if (fresh.length > 0) return fresh;
  const ofLake = await findLakeFailure(session, statement, signal);
  if (ofLake !== undefined) throw ofLake;
  throw isReadFailure(error)
    ? new UserError(firstLine(messageOf(error)), { cause: error })
    : explainQueryError(error);
}

async function findUnreadableLogs(
  session: Session,
  statement: Statement,
  { known, signal, onProgress }: Failure,
): Promise<readonly SetAsideFile[]> {
  const chosen = await planFileFilter(session.connection, statement.sql, "READ_JSON");
  const files = readFiles(session, { statement, chosen });
  const scratch = await openScratch();
  try {
    const found = await interruptible(scratch.connection, signal, () =>
      tryLogs(scratch.connection, files, { signal, onProgress }),
    );
    return found.filter(({ file }) => !known.has(file) && !session.state.setAside.has(file));
  } finally {
    scratch.close();
  }
}

/** The files that a statement has to read, of the tables that it names. */
async function* readFiles(
  { connection, state }: Session,
  { statement, chosen }: { readonly statement: Statement; readonly chosen: FileFilter },
): AsyncGenerator<string> {
  const globs = namedTables(state, statement).flatMap(({ sources }) => sources);
  if (globs.length === 0) return;
  const files = await connection.stream(`SELECT file FROM glob([${globs.map(quoteText).join(", ")}])`);
  const all: string[] = [];
  const isOpen = openLogs(state, statement);
  for await (const rows of files.yieldRowsJs())
    all.push(...rows.map(([file]) => String(file)).filter((name) => isOpen(name)));
  for (let start = 0; start < all.length; start += 2000) yield* await chosen(all.slice(start, start + 2000));
}

/** Tells of which logs a statement may read: those of days that the view reads from a lake only where it names their table. */
function openLogs({ tables, lake }: State, { names }: Statement): (file: string) => boolean {
  const named = new Set(
    [...tables.values()].flatMap(({ name, account }) => (names.has(name.toLowerCase()) ? [account] : [])),
  );
  return (file) => !isClosed(file, lake?.ranges ?? []) || named.has(accountOf(file));
}

/** The files set aside among those that the statement has to read. */
async function listSetAside(
  session: Session,
  statement: Statement,
  findings: Findings,
): Promise<SetAsideFile[]> {
  const accounts = new Set(namedTables(session.state, statement).map(({ account }) => account));
  const known = new Map([...session.state.setAside, ...findings.files]);
  const isOpen = openLogs(session.state, statement);
  const candidates = [...known.values()].filter(({ account, file }) => accounts.has(account) && isOpen(file));
  if (candidates.length === 0) return [];
  const chosen = await planFileFilter(session.connection, statement.sql, "READ_JSON");
  const read = new Set(await chosen(candidates.map(({ file }) => file)));
  return candidates.filter(({ file }) => read.has(file));
}

interface Discovery {
  readonly unreadable: readonly SetAsideFile[];
  readonly findings: Findings;
  readonly signal: AbortSignal | undefined;
}

/** In the database where it can be written, so that no other client stumbles; else for this query only. */
async function noteFindings(file: string, { unreadable, findings, signal }: Discovery): Promise<Findings> {
  const files = new Map([...findings.files, ...unreadable.map((found) => [found.file, found] as const)]);
  try {
    await recordSetAside(file, [...files.values()], signal);
    return { files, unrecorded: undefined };
  } catch (error) {
    signal?.throwIfAborted();
    return { files, unrecorded: firstLine(messageOf(error)) };
  }
}
