import { readdir, readFile } from "node:fs/promises";
import type { Zippable } from "fflate";
import { zipSync } from "fflate";

/** Readable for all, as Lambda wants its code; without them, zip leaves it to whoever unpacks. */
const UNIX_FILE = { os: 3, attrs: 0o100644 << 16 };

/** The files of a folder as a zip: the same bytes for the same files, whenever and wherever. */
export async function zipFolder(folder: URL): Promise<Uint8Array> {
  const files: Zippable = {};
  for (const name of (await readdir(folder)).toSorted()) {
    files[name] = [await readFile(new URL(name, folder)), UNIX_FILE];
  }
  // Zip has local times without a zone, and fflate takes them from the date as it reads here.
  return zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) });
}
