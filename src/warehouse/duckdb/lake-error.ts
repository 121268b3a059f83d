import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { UserError } from "../../core/user-error.ts";
import { firstLine, messageOf } from "./error-text.ts";
import type { LakeState } from "./lake-books.ts";
import type { State } from "./state.ts";

/** A file of a lake that cannot be read, and DuckDB's error. */
export interface LakeFailure {
  readonly file: string;
  readonly cause: unknown;
}

/** Where the lake and the logs lie, as the database's books have it. */
type LakePlaces = Pick<State, "logs"> & { readonly lake: Pick<LakeState, "url"> };

/** Says whether the file is gone, may not be read or is broken, and what to do about it. */
export async function lakeError({ file, cause, ...places }: LakeFailure & LakePlaces): Promise<UserError> {
  const [found, hint] = await explain(file, cause, places);
  return new UserError(`the lake's file ${file} ${found}`, { hint, cause });
}

/** DuckDB calls a file missing that it may not see, too. */
async function explain(
  file: string,
  cause: unknown,
  { logs, lake: { url } }: LakePlaces,
): Promise<[found: string, hint: string]> {
  const from = logs === undefined ? "" : ` --logs ${quoteWord(logs)}`;
  const compact = `run: cloudtrail-partitioner compact${from} --lake`;
  const code = await tryAccess(file);
  if (code === "EACCES" || code === "EPERM")
    return ["cannot be read (permission denied)", "give yourself read access"];
  const anew = `${compact} ${quoteWord(url)}; it makes such files anew from the logs`;
  if (code === undefined) return [`cannot be read: ${firstLine(messageOf(cause))}`, anew];
  if ((await tryAccess(url)) === undefined) return ["is missing", anew];
  const hint = `put the folder ${url} back, or ${compact} <place>; it makes a lake anew from the logs`;
  return ["is missing, and so is the whole lake", hint];
}

/** @returns the code of the error where the path cannot be read */
async function tryAccess(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "unknown";
  }
}

/** For a shell, where it is not a plain word. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
