import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Who has more folders here than this is not in a folder of logs. */
const FOLDERS_SEEN = 200;

/**
 * Folders at hand that hold AWSLogs/: the given one itself, as ".", and those right in it, as "./name". What cannot be read
 * is passed over. Lists two levels.
 */
export async function findLogFolders(folder: string): Promise<string[]> {
  const here = await listFolders(folder);
  const found = here.includes("AWSLogs") ? ["."] : [];
  const others = here.filter((name) => name !== "AWSLogs" && name !== "node_modules").slice(0, FOLDERS_SEEN);
  for (const name of others) {
    const inside = await listFolders(join(folder, name));
    if (inside.includes("AWSLogs") || (name === "logs" && inside.length > 0)) found.push(`./${name}`);
  }
  return found;
}

/** Names of the folders in a folder, links to folders among them; hidden ones are left out. */
async function listFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .toSorted();
}
