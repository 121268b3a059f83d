import { dirname } from "node:path";
import { quoteText } from "../../core/sql-text.ts";
import { openScratchFolder } from "../../files/scratch-folder.ts";
import type { Database } from "./database.ts";
import { openDatabase } from "./database.ts";
import type { State } from "./state.ts";
import { readState } from "./state.ts";
import { escapeGlob, unescapeGlob } from "./glob-text.ts";
import type { LakeState } from "./lake-books.ts";

/** A connection on which the user's SQL may run: it reads the catalog's files and nothing else. Must be closed. */
export interface Session extends Pick<Database, "connection"> {
  readonly state: State;
  /** A folder for what DuckDB has no memory for, and for results; removed when the session is closed. */
  readonly scratch: string;
  close(): Promise<void>;
}

export async function openSession(file: string, signal: AbortSignal | undefined): Promise<Session> {
  const { connection, close } = await openDatabase(file, "READ_ONLY", { signal });
  const scratch = await openScratchFolder().catch((error: unknown) => {
    close();
    throw error;
  });
  const closeAll = async (): Promise<void> => {
    close();
    await scratch.remove();
  };
  try {
    const state = await readState(connection);
    for (const setting of sandbox(state, scratch.path)) await connection.run(`SET ${setting}`);
    return { connection, state, scratch: scratch.path, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The order matters: what is allowed first, then nothing else, then no more changes. */
function sandbox(state: State, scratch: string): string[] {
  // DuckDB compares a glob's own text with these, and a file's path: with brackets in it the two differ.
  const globbed = [
    ...new Set([...state.tables.values()].flatMap(({ sources }) => sources.map(accountFolder))),
  ];
  const folders = new Set([...globbed, ...globbed.map(unescapeGlob), ...lakeFolders(state.lake)]);
  return [
    `temp_directory = ${quoteText(scratch)}`,
    "autoload_known_extensions = false",
    "allow_community_extensions = false",
    `allowed_directories = [${[...folders, `${scratch}/`].map(quoteText).join(", ")}]`,
    "enable_external_access = false",
    "lock_configuration = true",
  ];
}

/**
 * Where the files lie that the lake's tables name. Not one folder a version: DuckDB compares each file with each of these, and
 * with thousands that takes seconds.
 */
function lakeFolders(lake: LakeState | undefined): string[] {
  if (lake === undefined) return [];
  const { url, days, coverage } = lake;
  const datasets = new Set(days.map(({ dataset }) => `${url}/${dataset}/`));
  const folders = [...datasets, ...(coverage === undefined ? [] : [`${dirname(`${url}/${coverage}`)}/`])];
  return [...folders, ...folders.map(escapeGlob)];
}

/** The account's CloudTrail folder, where a glob begins, with its escapes. */
function accountFolder(glob: string): string {
  const end = glob.indexOf("/CloudTrail/", glob.lastIndexOf("/AWSLogs/")) + "/CloudTrail/".length;
  return glob.slice(0, end);
}
