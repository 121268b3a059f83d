import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quoteText } from "../../core/sql-text.ts";
import type { Database } from "./database.ts";
import { openDatabase } from "./database.ts";
import type { State } from "./state.ts";
import { readState } from "./state.ts";

/** A connection on which the user's SQL may run: it reads the catalog's files and nothing else. Must be closed. */
export interface Session extends Pick<Database, "connection"> {
  readonly state: State;
  /** A folder for what DuckDB has no memory for, and for results; removed when the session is closed. */
  readonly scratch: string;
  close(): Promise<void>;
}

export async function openSession(file: string, signal: AbortSignal | undefined): Promise<Session> {
  const { connection, close } = await openDatabase(file, "READ_ONLY", { signal });
  const scratch = await mkdtemp(join(tmpdir(), "cloudtrail-partitioner-"));
  const closeAll = async (): Promise<void> => {
    close();
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    const state = await readState(connection);
    for (const setting of sandbox(state, scratch)) await connection.run(`SET ${setting}`);
    return { connection, state, scratch, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The order matters: what is allowed first, then nothing else, then no more changes. */
function sandbox(state: State, scratch: string): string[] {
  const folders = new Set([...state.tables.values()].flatMap(({ sources }) => sources.map(literalFolder)));
  return [
    `temp_directory = ${quoteText(scratch)}`,
    "autoload_known_extensions = false",
    "allow_community_extensions = false",
    `allowed_directories = [${[...folders, `${scratch}/`].map(quoteText).join(", ")}]`,
    "enable_external_access = false",
    "lock_configuration = true",
  ];
}

/** The account's CloudTrail folder: where a glob begins, without its escapes. */
function literalFolder(glob: string): string {
  const end = glob.indexOf("/CloudTrail/", glob.lastIndexOf("/AWSLogs/")) + "/CloudTrail/".length;
  return glob.slice(0, end).replaceAll(/\[([[*?])\]/g, "$1");
}
