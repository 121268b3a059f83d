import { folderAt } from "./folder-at.ts";
import type { ListPage, S3Entry, S3Page, S3Position } from "./s3-pages.ts";
import { pathOf } from "./s3-pages.ts";
import type { ListFoldersOptions, StoreEntry } from "./store.ts";
import { compareKeys } from "./store.ts";

/**
 * The folders `levels` below a prefix, with the infix as the delimiter: S3 then gives the 100,000 keys of a day,
 * `<day>/111122223333_CloudTrail_...`, as one group, and 1,000 days in one answer. This is right whatever the names are, since a
 * group is only ever taken for the folder that its text already names:
 * - a group or key with `levels` slashes lies in one folder, as all keys of a group begin alike;
 * - a group with fewer says nothing about the folders below it, and is listed on its own;
 * - a key with fewer is a file that lies higher up.
 * Keys come in order and those of one folder stand together, so a folder that is given twice is given twice in a row.
 */
export async function* listS3Folders(
  listPage: ListPage,
  prefix: string,
  { from = "", ...options }: ListFoldersOptions,
): AsyncGenerator<StoreEntry> {
  let last: string | undefined;
  for await (const entry of rollUp(listPage, { group: prefix, prefix, from, ...options })) {
    options.signal?.throwIfAborted();
    const path = entry.kind === "folder" ? entry.prefix : entry.key;
    if (path === last || compareKeys(path, from) < 0) continue;
    last = path;
    yield entry;
  }
}

interface RollUp extends ListFoldersOptions {
  /** What is listed: the prefix itself, or a group below it. */
  readonly group: string;
  readonly prefix: string;
  readonly from: string;
}

/**
 * Goes on behind the folder that a page ended in, since more of it tells nothing: a folder of 200,000 keys without the infix
 * costs one answer. Where that did not leave the folder behind, S3's own token does.
 */
async function* rollUp(listPage: ListPage, question: RollUp): AsyncGenerator<StoreEntry> {
  const { group, infix, signal } = question;
  let position = firstPosition(question);
  let behind: string | undefined;
  for (;;) {
    const page: S3Page = await listPage({ prefix: group, delimiter: infix, signal, ...position });
    for (const entry of page.entries) yield* placeEntry(listPage, entry, question);
    const before = behind;
    behind = endOfLastFolder(page, question);
    const { token } = page;
    if (token === undefined) return;
    position = behind === undefined || behind === before ? { token } : { startAfter: behind };
  }
}

async function* placeEntry(listPage: ListPage, entry: S3Entry, question: RollUp): AsyncGenerator<StoreEntry> {
  const path = pathOf(entry);
  const folder = folderAt(path, question);
  // Some tools make an empty key for a folder, the folder's name with its slash: it is no file, and nothing in the folder.
  if (entry.kind === "object" && path.endsWith("/") && (folder === undefined || folder === path)) return;
  if (folder !== undefined) yield { kind: "folder", prefix: folder };
  else if (entry.kind === "object") yield entry;
  else yield* rollUp(listPage, { ...question, group: path });
}

/** Whether S3 gives a group that StartAfter lies inside of is not documented, so it never lies inside one. */
function firstPosition({ group, from, infix }: RollUp): S3Position {
  const isBelow = from.startsWith(group) && from !== group;
  if (!isBelow || from.slice(group.length).includes(infix)) return {};
  // Without its slash: what is left out sorts before the folder, whatever the next key is.
  return { startAfter: from.slice(0, -1) };
}

/** The last of all characters: behind it sorts no key of a folder but one that begins with it. */
const LAST = "\u{10FFFF}";

/** Behind the folder in which a page ended; undefined where it ended higher up. */
function endOfLastFolder({ entries }: S3Page, question: RollUp): string | undefined {
  const last = entries.at(-1);
  const folder = last === undefined ? undefined : folderAt(pathOf(last), question);
  return folder === undefined ? undefined : `${folder}${LAST}`;
}
