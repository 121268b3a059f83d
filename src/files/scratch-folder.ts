import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainFileError } from "./write-whole.ts";

/** A folder for passing files. Must be removed. */
export interface ScratchFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** @throws UserError where the machine's folder for temporary files cannot be written */
export async function openScratchFolder(): Promise<ScratchFolder> {
  const place = tmpdir();
  const path = await mkdtemp(join(place, "cloudtrail-partitioner-")).catch((error: unknown) => {
    throw explainFileError(
      error,
      `the folder for temporary files, ${place}, cannot be written`,
      "set TMPDIR to a folder that can",
    );
  });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
