import { UserError } from "../core/user-error.ts";

/** Whether there is nothing at a path. A link that leads to itself leads nowhere, too. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT", "ENOTDIR", "ELOOP");
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/** A refusal of the file system as the user's affair; any other error as it is. */
export function unreadable(what: "file" | "folder", path: string, error: unknown): unknown {
  if (!hasCode(error, "EACCES", "EPERM")) return error;
  const hint =
    "it would be missing from every answer: give yourself read access, or run as a user who has it";
  return new UserError(`the ${what} ${path} cannot be read (permission denied)`, { hint, cause: error });
}
