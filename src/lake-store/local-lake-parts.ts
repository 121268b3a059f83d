import { randomBytes } from "node:crypto";
import { link, mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../core/user-error.ts";
import { explainFileError } from "../files/write-whole.ts";
import { hasCode, isMissing } from "../store/local-errors.ts";

/** Not even the largest file takes so long to be written. */
const LEFTOVER_MS = 3_600_000;

const PART_NAME = /^\.cloudtrail-partitioner-[0-9a-f]{16}\.part$/;

/** Another writer may remove a folder that it has emptied at the very moment when a file is to be put into it. */
const TRIES = 10;

/** A file that is to be put into a lake. */
export interface Part {
  readonly key: string;
  readonly pieces: readonly Uint8Array[];
  readonly signal: AbortSignal | undefined;
}

/** Gives what was written its name; false where that is another's. */
export type Place = (part: string, path: string) => Promise<boolean>;

/**
 * Writes a file under a passing name, at the top of the lake so that all that was ever left over lies in one place, and then
 * gives it its own.
 * @throws UserError where the lake cannot be written
 */
export async function putPart(root: string, { key, pieces, signal }: Part, place: Place): Promise<boolean> {
  const path = join(root, key);
  const part = join(root, `.cloudtrail-partitioner-${randomBytes(8).toString("hex")}.part`);
  try {
    signal?.throwIfAborted();
    await mkdir(root, { recursive: true });
    await writeThrough(part, pieces, signal);
    signal?.throwIfAborted();
    const isPlaced = await placeInFolder(path, () => place(part, path));
    await syncFolder(dirname(path));
    return isPlaced;
  } catch (error) {
    signal?.throwIfAborted();
    throw explainWriteError(error, path);
  } finally {
    await removePart(part);
  }
}

/** None is there where it has its own name by now, or could not be made. */
async function removePart(part: string): Promise<void> {
  try {
    await unlink(part);
  } catch (error) {
    if (!isMissing(error)) throw explainFileError(error, `${part} cannot be deleted`);
  }
}

async function writeThrough(
  part: string,
  pieces: readonly Uint8Array[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const file = await open(part, "wx");
  try {
    for (const piece of pieces) await file.writeFile(piece, { signal });
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function placeInFolder(path: string, place: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(dirname(path), { recursive: true });
      return await place();
    } catch (error) {
      if (!hasCode(error, "ENOENT") || attempt === TRIES) throw error;
    }
  }
}

/** Replaces what has the name. */
export async function placeOver(part: string, path: string): Promise<boolean> {
  await rename(part, path);
  return true;
}

/** Only where nothing has the name: of several links of one name, the file system makes one. */
export async function placeNew(part: string, path: string): Promise<boolean> {
  try {
    await link(part, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw explainLinkError(error, path);
  }
}

/** Linux says EPERM where a file system knows no hard links. */
export function explainLinkError(error: unknown, path: string): unknown {
  if (!hasCode(error, "EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK")) return error;
  return new UserError(
    `${path} cannot be written: its file system has no hard links, which keep two runs from writing the same account-day`,
    { hint: "choose a lake on a disk of this machine (ext4, XFS, APFS, NTFS), or on S3", cause: error },
  );
}

function explainWriteError(error: unknown, path: string): unknown {
  const what = `${path} cannot be written`;
  if (hasCode(error, "EXDEV")) {
    return new UserError(`${what}: it lies on another file system than the lake's own folder`, {
      hint: "a lake lies on one file system: move it as a whole, and leave a link to it if need be",
      cause: error,
    });
  }
  if (hasCode(error, "EEXIST")) {
    return new UserError(`${what}: a file is there where a folder should be`, {
      hint: "name another folder for the lake",
      cause: error,
    });
  }
  return explainFileError(
    error,
    what,
    "make room or give yourself write access, or name another folder for the lake",
  );
}

/** So that the name, too, outlives a power cut. Some file systems cannot, and another writer may have removed the folder. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder);
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!hasCode(error, "EINVAL", "ENOTSUP", "EOPNOTSUPP", "EBADF", "EISDIR", "EPERM", "EACCES", "ENOENT"))
      throw error;
  }
}

/** Removes what runs that were killed have left at the top of the lake. What may not be removed stays: it is in nobody's way. */
export async function removeLeftovers(root: string): Promise<void> {
  try {
    for (const name of await readdir(root)) {
      if (!PART_NAME.test(name)) continue;
      const { mtimeMs } = await stat(join(root, name));
      if (Date.now() - mtimeMs > LEFTOVER_MS) await removePart(join(root, name));
    }
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "EPERM", "EROFS")) throw error;
  }
}
