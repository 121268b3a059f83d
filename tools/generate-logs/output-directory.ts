import { readdir } from "node:fs/promises";
import { UserError } from "../../src/core/user-error.ts";

/**
 * Makes sure that nothing of the user's is overwritten: the directory is new or empty, or `force` is set.
 * @throws UserError
 */
export async function checkOutputDirectory(
  directory: string,
  { force }: { readonly force: boolean },
): Promise<void> {
  const names = await listNames(directory);
  if (names.length === 0 || force) return;
  throw new UserError(
    `--out "${directory}" is not empty: it holds "${names[0]}"${names.length > 1 ? " and more" : ""}`,
    {
      hint: "name a new or empty folder, or add --force to write into this one",
    },
  );
}

async function listNames(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return [];
    if (code !== "ENOTDIR") throw error;
    throw new UserError(`--out "${directory}" is a file`, {
      hint: "name a new or empty folder",
      cause: error,
    });
  }
}
