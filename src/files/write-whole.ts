import { rename, rm, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../core/user-error.ts";

/** What the file system says of places that the user can choose otherwise. */
const USER_CODES = [
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOSPC",
  "EDQUOT",
  "ENAMETOOLONG",
];

/**
 * Writes a file under another name and renames it: a file that is there, is whole.
 * @param write writes the file at the path that it is given
 * @throws UserError where the place cannot be written, or lies among the logs
 */
export async function writeWhole(file: string, write: (path: string) => Promise<void>): Promise<void> {
  if (resolve(file).split("/").includes("AWSLogs")) {
    throw new UserError(`${file} lies among the logs, and nothing is ever written there`, {
      hint: "name another place",
    });
  }
  const part = `${file}.part`;
  try {
    const known = await stat(file).catch(() => undefined);
    if (known?.isFile() === false)
      throw new UserError(`${file} is there and is not a file`, { hint: "name a file" });
    // Before the work: what cannot be kept is not to be made, or paid for.
    await writeFile(part, "");
    await write(part);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw explainFileError(error, `${file} cannot be written`);
  }
}

/** A failure of the file system as the user's affair, where it is that; any other error as it is. */
export function explainFileError(error: unknown, what: string, hint?: string): unknown {
  const isUsers = error instanceof Error && "code" in error && USER_CODES.includes(String(error.code));
  return isUsers
    ? new UserError(`${what}: ${error.message}`, { ...(hint === undefined ? {} : { hint }), cause: error })
    : error;
}
